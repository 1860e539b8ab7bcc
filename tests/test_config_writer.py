"""A file of the operator's is replaced whole, or it is left as it is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import pytest

from watcher.config.rulefiles import read_rules
from watcher.config.writer import Changed, patch, replace

NOBODY = 65534


def test_the_content_is_replaced_and_the_rights_stay(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"a: 1\n")
    path.chmod(0o640)
    replace(path, b"a: 1\n", b"a: 2\n")
    assert path.read_bytes() == b"a: 2\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["rules.yaml"]


def test_a_new_file_gets_its_folders_and_the_usual_rights(tmp_path: Path) -> None:
    path = tmp_path / "tests" / "a" / "b.txt"
    mask = os.umask(0o027)
    try:
        replace(path, None, b"text\n")
    finally:
        os.umask(mask)
    assert path.read_bytes() == b"text\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"somebody was quicker\n")
    for before in (b"a: 1\n", None):
        with pytest.raises(Changed, match="nothing was written"):
            replace(path, before, b"a: 2\n")
    assert path.read_bytes() == b"somebody was quicker\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "rules.yaml", tmp_path / "link.yaml"
    target.write_bytes(b"a: 1\n")
    link.symlink_to(target)
    replace(link, b"a: 1\n", b"a: 2\n")
    assert link.is_symlink()
    assert target.read_bytes() == b"a: 2\n"


def test_what_is_being_written_is_no_rule_file(tmp_path: Path) -> None:
    (tmp_path / ".rules.yaml.abc.tmp").write_bytes(b"half")
    (tmp_path / "rules.yaml").write_bytes(b"rules: []\n")
    assert [Path(path).name for path in read_rules([str(tmp_path)])] == ["rules.yaml"]


def test_a_place_that_takes_no_writing_is_said_and_nothing_is_left() -> None:
    ask = (
        "import os, sys\n"
        "from watcher.config.writer import ReadOnly, replace\n"
        f"os.geteuid() or os.setuid({NOBODY})\n"
        "try:\n"
        "    replace(sys.argv[1], b'a: 1\\n', b'a: 2\\n')\n"
        "except ReadOnly as error:\n"
        "    print(error)\n"
    )
    with TemporaryDirectory() as place:  # where everybody may look, unlike in tmp_path
        folder = Path(place)
        path = folder / "rules.yaml"
        path.write_bytes(b"a: 1\n")
        folder.chmod(0o555)
        done = subprocess.run([sys.executable, "-c", ask, str(path)], capture_output=True, text=True, check=False)
        folder.chmod(0o755)
        assert done.stdout == f"{path} cannot be written: permission denied\n", done.stderr
        assert [path.read_bytes() for path in folder.iterdir()] == [b"a: 1\n"]


def test_a_disk_that_is_full_leaves_the_file_as_it_was_and_names_it(tmp_path: Path) -> None:
    ask = (
        "import resource, signal, sys\n"
        "from watcher.config.writer import replace\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n"
        "    replace(sys.argv[1], b'a: 1\\n', b'a' * 6000)\n"
        "except OSError as error:\n"
        "    print(error.filename, end='')\n"
    )
    path = tmp_path / "rules.yaml"
    path.write_bytes(b"a: 1\n")
    path.chmod(0o640)
    done = subprocess.run([sys.executable, "-B", "-c", ask, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout == str(path), done.stderr
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("rules.yaml", b"a: 1\n")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"a: 1\nb: 2\n", b"a: 1\nb: 3\n"), (None, b"a: 1\n"), (b"a\r\nb", b"a\r\nc"), (b"a\n", b"a\nb\xe2\x80\xa8c\n")],
)
def test_the_difference_is_a_patch_that_can_be_applied(tmp_path: Path, before: bytes | None, after: bytes) -> None:
    path = tmp_path / "rules.yaml"
    if before is not None:
        path.write_bytes(before)
    difference = patch("rules.yaml", before, after)
    program = [["patch", "-p0", "--binary"], ["git", "apply", "-p0"]][which("patch") is None]
    subprocess.run(program, input=difference.encode(), cwd=tmp_path, check=True)
    assert path.read_bytes() == after
