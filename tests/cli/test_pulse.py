"""The short way of `watcher healthcheck` says what the whole command says, or leaves it to that."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.stories.house import House
from watcher.cli import outcome
from watcher.cli.commands import called
from watcher.cli.pulse import data_of, felt
from watcher.config import load_config
from watcher.errors import ConfigError
from watcher.model import Heartbeat
from watcher.store import open_store

SHIPPED = Path(__file__).parents[2] / "config" / "watcher.yaml"
NOTHING: Mapping[str, str] = {}

DATA = (
    "data: var",
    "data:   ../var  # here",
    "data: 'var/x'",
    'data: "../var"',
    "data: /srv/a/../b",
    "data: va r",
    "data: var#x",
    "data: 12",
    "data: true",
    "data: .5",
    "data: ~",
    "data: v\u00e4r",
    "data: var\n  more",
    "data: var\n\n  more",
    "data: 'va\n  r'",
    "data: >-\n  var",
    "data: |\n  var",
    "data: &a var",
    "data: !!str var",
    "data:\n  var",
    "data:\tvar",
    "data: [var]",
    '"data": var',
    "'data' : var",
    '"d\\u0061ta": var',
    "? data\n: var",
    "data : var",
)
OTHERS = (
    "schema: watcher/1",
    "rules: [r]",
    "rules:\n  - r\n  - ../s # two",
    "rules:\n- r",
    "rules: [\nr,\n../s\n]",
    "operator: [console]",
    'operator: "console"',
    "operator: >-\n  console",
    "operator:\n  console",
    "operator: con\n  sole",
    "# data: elsewhere",
    "  # data: elsewhere",
    "",
    "   ",
    "keep:\n  items: 180d\n",
    "keep: {items: 1d}",
    "keep: {\ndata: elsewhere\n}",
    "delivery: {ladder: [\n1s\n]}",
    'fetch: {contact: "me\ndata: elsewhere\nnow"}',
    "fetch:\n  contact: 'me\n\ndata: elsewhere\nnow'",
    "fetch: {contact: me\n and you}",
    "feeds: [{url: http://a.example/x}]",
    "feeds:\n  - {url: http://a.example/x, tags: [\nb,\ndata\n]}",
    "channels:\n  - {name: console, url: 'console://'}",
)
ODD = ("---", "...", "data: elsewhere", "\tdata: elsewhere", "- data", "%YAML 1.2", "&a data: elsewhere")
NEEDED = {"rules": "rules: [r]", "feeds": "feeds: [{url: http://a.example/x}]"} | {
    "channels": "channels:\n  - {name: console, url: 'console://'}"
}


@st.composite
def configurations(draw: st.DrawFn) -> str:
    """Files of which many are right, with `data` spelled and surrounded in many ways."""
    parts = draw(st.lists(st.sampled_from(OTHERS), max_size=5, unique_by=lambda part: part.partition(":")[0]))
    parts += [part for key, part in NEEDED.items() if not any(one.startswith(f"{key}:") for one in parts)]
    parts += draw(st.sampled_from(((),) * 5 + tuple((odd,) for odd in ODD)))
    end = draw(st.sampled_from(("\n", "\n", "\n", "\r\n")))
    parts = draw(st.permutations(parts))
    parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(DATA[:5] * 5 + DATA)))
    return end.join(parts) + draw(st.sampled_from(("", end)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plain")
    for name in ("r", "s"):
        (made / "config" / name).mkdir(parents=True)
    (made / "s").mkdir()
    return made


def short(source: str) -> str | None:
    try:
        return data_of(source)
    except (LookupError, ValueError):
        return None


def agrees(folder: Path, source: str) -> None:
    """What the short way takes for the data's folder is what the watcher takes for it, where it takes the file."""
    config = folder / "config" / "watcher.yaml"
    config.write_bytes(source.encode())
    with suppress(ConfigError):
        settings = load_config(config, NOTHING, require_secrets=False)
        data = short(source)
        assert data is None or Path(os.path.normpath(config.parent / data)) == settings.data


REST = "\n".join(NEEDED.values())


@settings(deadline=None)
@given(source=configurations())
@example(source=f'fetch: {{contact: "me\ndata: elsewhere\nnow"}}\n"d\\u0061ta": var\n{REST}')
@example(source=f"fetch:\n  contact: 'me\ndata: elsewhere\nnow'\n'data' : var\n{REST}")
@example(source=f"data: var\n  more\n{REST}")
@example(source=f"data: var\n\n \n  more\n{REST}")
@example(source=f"{REST}\ndata: var\n  more")
def test_data_of_a_configuration_is_never_misread(folder: Path, source: str) -> None:
    agrees(folder, source)


@settings(deadline=None)
@given(source=configurations(), at=st.floats(0, 1), sign=st.sampled_from("\n \t'\"[]{}#:|>-?&*!%@`,d\\\u2028\ufeff"))
def test_nor_with_any_sign_in_any_place(folder: Path, source: str, at: float, sign: str) -> None:
    place = int(at * len(source))
    agrees(folder, source[:place] + sign + source[place:])


@settings(deadline=None)
@given(data=st.sampled_from(("var", "../var", "/srv/w", "v\u00e4r", "a\\b", "", "true", 7, None)), twice=st.booleans())
def test_nor_in_json(folder: Path, data: object, twice: bool) -> None:  # noqa: FBT001
    whole = {"rules": ["r"], "data": data, "feeds": [{"url": "http://a.example/x"}]}
    source = json.dumps(whole | {"channels": [{"name": "console", "url": "console://"}]}, indent=1)
    agrees(folder, source.replace('"rules"', '"data": "elsewhere", "rules"') if twice else source)


@pytest.mark.parametrize("spelled", ["data: ../var", 'data: "../var" # here', "data: ../var\n\nrules: [a, b]"])
def test_plain_configurations_need_no_more(spelled: str) -> None:
    assert short(f"# Mine\n\nschema: watcher/1\noperator: [desk, 'x']\n\n{spelled}\nfeeds:\n") is None
    assert short(f"# Mine\n\nschema: watcher/1\noperator: [desk, x]\n\n{spelled}\nfeeds:\n") == "../var"
    assert short(SHIPPED.read_text()) == "../var"
    assert short(json.dumps({"rules": {"data": "x"}, "data": "../var"}, indent=2)) == "../var"


# --- what it says ---------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> House:
    house = House(tmp_path / "a 100%25 #house?")
    house.settings(feeds=[{"url": "http://127.0.0.1:9/feed"}])
    return house


def beat(house: House, seconds: float, *, stopped: bool) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=seconds)
    with closing(open_store(f"sqlite:///{house.root / 'var' / 'watcher.db'}")) as store:
        store.beat(Heartbeat(pid=4321, started_at=moment, beat_at=moment, stopped=stopped))


def both(capsys: pytest.CaptureFixture[str], *arguments: str) -> Iterator[tuple[int | None, str, str]]:
    """Exit code, stdout and stderr of each; the clock may strike between the two."""
    for way in (partial(felt, [*arguments], os.environ), partial(called, ["healthcheck", *arguments])):
        code, (out, err) = way(), capsys.readouterr()
        yield code, re.sub(r"\d+ s ago|now", "just now", out), err


@pytest.mark.parametrize(
    ("seconds", "stopped"),
    [(0.2, False), (20, False), (600, False), (-600.5, False), (90_000.5, True), (2, True)],
)
@pytest.mark.parametrize("more", [(), ("--json",), ("--debug", "--json", "--json")])
def test_both_ways_say_the_same(
    home: House, capsys: pytest.CaptureFixture[str], seconds: float, more: tuple[str, ...], *, stopped: bool
) -> None:
    beat(home, seconds, stopped=stopped)
    quick, whole = both(capsys, *more, "--config", str(home.config))
    assert quick == whole
    assert quick[0] == (1 if stopped or abs(seconds) > 30 else 0)
    assert "4321" in quick[1]


def test_the_configuration_is_found_in_the_same_places(
    home: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(home, 3, stopped=False)
    monkeypatch.chdir(home.root)
    for arguments in ((), (f"--config={home.config}",), ("--config", "none", "--config", "config/watcher.yaml")):
        quick, whole = both(capsys, *arguments)
        assert quick == whole
        assert quick[0] == 0
    monkeypatch.setenv("WATCHER_CONFIG", str(home.config))
    monkeypatch.chdir(home.rules)
    assert [code for code, *_ in both(capsys)] == [0, 0]
    monkeypatch.setenv("WATCHER_CONFIG", "")
    assert [code for code, *_ in both(capsys)] == [None, 2]


def test_a_folder_named_from_the_root_is_not_looked_for_beside_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House(tmp_path / "house")
    house.settings(feeds=[{"url": "http://127.0.0.1:9/feed"}], data=str(house.root / "var"))
    beat(house, 3, stopped=False)
    beat(House(Path(f"{house.config.parent}/{house.root}")), 600, stopped=False)
    quick, whole = both(capsys, "--config", str(house.config))
    assert quick == whole
    assert quick[0] == 0


@pytest.mark.parametrize(
    "arguments", [("--help",), ("extra",), ("--config",), ("--config", ""), ("--config=",), ("--json=1",), ("--",)]
)
def test_other_command_lines_are_left_to_the_command(arguments: tuple[str, ...]) -> None:
    assert felt([*arguments], {}) is None


def test_what_it_cannot_read_is_left_to_the_command(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("healthcheck", "--config", str(home.config))
    assert outcome([*asked]) == 78
    assert "nothing stored yet" in capsys.readouterr().err
    beat(home, 3, stopped=False)
    database = home.root / "var" / "watcher.db"
    home.config.write_text("data: [")
    assert outcome([*asked]) == 78
    assert "watcher.yaml:1:8: error[E001]" in capsys.readouterr().err
    home.settings(feeds=[{"url": "http://127.0.0.1:9/feed"}])
    database.write_bytes(b"no database at all" * 100)
    assert outcome([*asked]) == 78
    assert "is not a SQLite database" in capsys.readouterr().err


def test_it_leaves_nothing_behind(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    beat(home, 3, stopped=False)
    before = sorted(path.name for path in (home.root / "var").iterdir())
    assert felt(["--config", str(home.config)], {}) == 0
    assert sorted(path.name for path in (home.root / "var").iterdir()) == before


def test_the_pulse_of_a_killed_daemon_is_read_from_its_log(home: House) -> None:
    """Nothing has moved the last beats into the database proper."""
    with home.daemon() as daemon:
        daemon.logs("watching 1 feed")
        sees(home, daemon.process.pid)
        daemon.stop(signal.SIGKILL)
    assert (home.root / "var" / "watcher.db-wal").exists()
    sees(home, daemon.process.pid)


def sees(home: House, pid: int) -> None:
    done = home.watcher("healthcheck")
    assert f": pid {pid}, last sign of life" in done.stdout, done.stderr


def test_a_hang_up_is_let_pass_before_anything_is_loaded() -> None:
    start = (
        "import signal, sys\n"
        "sys.modules['click'] = None\n"
        "from watcher.cli import main\n"
        "try:\n    main()\n"
        "except ImportError:\n    print(signal.getsignal(signal.SIGHUP).name)\n"
    )
    for arguments, handled in ((["run"], "SIG_IGN"), (["run", "--once"], "SIG_DFL"), (["status"], "SIG_DFL")):
        command = [sys.executable, "-c", start, *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
        assert done.stdout == f"{handled}\n", done.stderr
