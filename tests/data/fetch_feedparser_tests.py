"""Bring feedparser's own test documents, of the locked version, into .cache/feedparser/; nothing when they are there.

They come out of its source distribution, through pip as it is configured here, and are not kept in the repository.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "feedparser"


def locked_version() -> str:
    found = re.search(r"^feedparser==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise SystemExit("fetch_feedparser_tests: requirements.txt locks no feedparser; run `make lock`")
    return found[1]


def documents_of(version: str) -> Path:
    return CACHE / version / "tests"


def main() -> None:
    version = locked_version()
    if documents_of(version).is_dir():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as directory:
        fresh = Path(directory) / version
        unpack(download(version, Path(directory)), version, fresh)
        shutil.rmtree(CACHE / version, ignore_errors=True)
        fresh.rename(CACHE / version)
    count = sum(1 for _ in documents_of(version).rglob("*.xml"))
    print(f"feedparser {version}: {count:,} test documents in {documents_of(version).relative_to(ROOT)}")


def download(version: str, into: Path) -> Path:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps")
    command = (*pip, "--no-binary", "feedparser", "--dest", str(into), f"feedparser=={version}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    archive = into / f"feedparser-{version}.tar.gz"
    if done.returncode or not archive.is_file():
        why = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "pip brought no archive")
        raise SystemExit(f"fetch_feedparser_tests: cannot download the source of feedparser {version}: {why.strip()}")
    return archive


def unpack(archive: Path, version: str, into: Path) -> None:
    inside = f"feedparser-{version}/tests/"
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if member.name.startswith(inside)]
        tar.extractall(into.parent, members, filter="data")
    (into.parent / f"feedparser-{version}").rename(into)


if __name__ == "__main__":
    main()
