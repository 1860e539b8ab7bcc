from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fetch.helpers import NOON, StandingClock, failure, fetching, get
from watcher.fetch.folder import FolderFetcher
from watcher.fetch.limits import Limits
from watcher.model import FetchRequest, File, Response

LONG_AGO = NOON - timedelta(hours=1)


def write(path: Path, body: bytes = b"Invented text.", at: datetime = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def files(response: Response) -> tuple[File, ...]:
    assert response.files is not None
    return response.files


def names(response: Response) -> list[str]:
    return [file.name for file in files(response)]


async def test_a_folder_is_a_feed_of_its_text_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c.html", "d.HTM", "sub/e.txt", "z.xml", "picture.jpg", "README"):
        write(tmp_path / name)
    response = await get(str(tmp_path))
    assert names(response) == ["a.md", "b.txt", "c.html", "d.HTM", "sub/e.txt"]
    assert (response.status, response.body, response.url) == (200, b"", tmp_path.as_uri())


async def test_a_file_comes_with_its_content_url_and_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a b.txt", "Tíkrit\n".encode())
    (file,) = files(await get(str(tmp_path)))
    assert file.body == "Tíkrit\n".encode()
    assert file.url == path.as_uri()
    assert file.url.endswith("/a%20b.txt")
    assert file.modified == LONG_AGO
    assert file.modified.tzinfo == UTC
    assert -(2**63) <= file.hash < 2**63


async def test_the_hash_is_of_name_and_content_alone(tmp_path: Path) -> None:
    for folder, name, body, at in (
        ("a", "x.txt", b"one", LONG_AGO),
        ("b", "x.txt", b"one", NOON - timedelta(days=3)),
        ("c", "y.txt", b"one", LONG_AGO),
        ("d", "x.txt", b"two", LONG_AGO),
    ):
        write(tmp_path / folder / name, body, at)
    hashes = [files(await get(str(tmp_path / folder)))[0].hash for folder in "abcd"]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


async def test_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "sub/.b.txt", "seen.txt"):
        write(tmp_path / name)
    assert names(await get(str(tmp_path))) == ["seen.txt"]


async def test_links_lead_nowhere_outside(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.txt", b"secret")
    inside = write(tmp_path / "feed" / "inside.txt")
    for name, target in (
        ("abs.txt", secret),
        ("rel.txt", Path("../outside/secret.txt")),
        ("ok.txt", inside),
        ("broken.txt", tmp_path / "feed" / "gone"),
        ("circle.txt", tmp_path / "feed" / "circle.txt"),
        ("folder", tmp_path / "outside"),
    ):
        (tmp_path / "feed" / name).symlink_to(target)
    response = await get(str(tmp_path / "feed"))
    assert names(response) == ["inside.txt", "ok.txt"]
    assert b"secret" not in [file.body for file in files(response)]


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "a.txt")
    assert names(await get(str(tmp_path))) == ["a.txt"]
    assert "neither a file nor a folder" in str(await failure(str(tmp_path / "pipe.txt")))


async def test_an_empty_folder_is_a_good_feed(tmp_path: Path) -> None:
    assert names(await get(str(tmp_path))) == []


# --- half-written files ---------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [-0.04, 0.04], ids=["just before", "just after"])
async def test_a_file_that_is_still_changing_is_left_for_the_next_poll(tmp_path: Path, offset: float) -> None:
    clock = StandingClock()
    write(tmp_path / "old.txt")
    write(tmp_path / "fresh.txt", b"half", at=NOON + timedelta(seconds=offset))
    async with fetching(clock) as fetcher:
        first = await fetcher.fetch(FetchRequest(url=str(tmp_path)))
        assert names(first) == ["old.txt"]
        clock.time += timedelta(seconds=10)
        second = await fetcher.fetch(FetchRequest(url=str(tmp_path), etag=first.etag))
    assert names(second) == ["fresh.txt", "old.txt"]


class MovingClock(StandingClock):
    """A second later each time it is asked."""

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


async def test_a_file_written_a_moment_ago_is_waited_for(tmp_path: Path) -> None:
    write(tmp_path / "fresh.txt", at=NOON + timedelta(seconds=1))
    async with fetching(MovingClock()) as fetcher:
        assert names(await fetcher.fetch(FetchRequest(url=str(tmp_path)))) == ["fresh.txt"]


async def test_a_file_dated_in_the_future_is_read(tmp_path: Path) -> None:
    write(tmp_path / "early.txt", at=NOON + timedelta(days=400))
    assert names(await get(str(tmp_path))) == ["early.txt"]


async def test_a_file_that_grew_since_it_was_listed_is_left(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"short")
    write(tmp_path / "b.txt")
    fetcher = FolderFetcher(limits=Limits(settle=0), clock=StandingClock())
    listed = fetcher._list(tmp_path)
    write(tmp_path / "a.txt", b"longer than before")
    response = fetcher._read(tmp_path, listed)
    assert names(response) == ["b.txt"]
    assert names(await fetcher.fetch(FetchRequest(url=str(tmp_path), etag=response.etag))) == ["a.txt", "b.txt"]


async def test_a_file_that_went_since_it_was_listed_is_left(tmp_path: Path) -> None:
    gone = write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    fetcher = FolderFetcher(limits=Limits(settle=0), clock=StandingClock())
    listed = fetcher._list(tmp_path)
    gone.unlink()
    assert names(fetcher._read(tmp_path, listed)) == ["b.txt"]


# --- bounds and errors ----------------------------------------------------------------------------


async def test_a_file_over_the_limit_is_left_out_with_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "large.txt", b"x" * 101)
    write(tmp_path / "larger.txt", b"x" * 102)
    write(tmp_path / "small.txt", b"x" * 100)
    response = await get(str(tmp_path), file=100)
    assert names(response) == ["small.txt"]
    assert response.headers["warning"] == "large.txt and 1 more left out: larger than 0.09766 KiB"


async def test_a_folder_over_the_limit_is_an_error_and_no_part_of_it(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"{name}.txt", b"x" * 1024)
    error = await failure(str(tmp_path), folder=2048)
    assert error.kind == "too-large"
    assert str(error) == f"{tmp_path}: 3 KiB of text, the limit is 2 KiB; move old files away"


async def test_a_folder_of_too_many_files_is_not_walked_through(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f"{n}.dat").touch()
    error = await failure(str(tmp_path), folder_entries=10)
    assert error.kind == "too-large"
    assert "more than 10 files" in str(error)


async def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    error = await failure(str(tmp_path / "gone"))
    assert error.kind == "folder"
    assert str(error).startswith(f"{tmp_path / 'gone'}: no such file or directory")


@pytest.mark.parametrize("url", ["file://elsewhere/tmp", "file:///a%00b", "x\0y"])
async def test_a_path_that_cannot_be_is_an_error(url: str) -> None:
    assert (await failure(url)).kind == "folder"


# --- one file -------------------------------------------------------------------------------------


async def test_a_text_file_alone_is_a_folder_of_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    response = await get(str(path))
    assert names(response) == ["a.txt"]
    assert files(response)[0].url == path.as_uri() == response.url


async def test_a_saved_feed_is_a_document(tmp_path: Path) -> None:
    path = write(tmp_path / "saved.xml", b"<rss/>")
    response = await get(path.as_uri())
    assert (response.files, response.body) == (None, b"<rss/>")
    assert (await get(path.as_uri(), etag=response.etag)).not_modified


async def test_a_file_alone_over_the_limit_is_an_error(tmp_path: Path) -> None:
    error = await failure(str(write(tmp_path / "a.txt", b"x" * 2048)), file=1024)
    assert (error.kind, str(error)) == ("too-large", f"{tmp_path / 'a.txt'}: 2 KiB, the limit is 1 KiB")


async def test_a_file_alone_that_is_still_changing_is_an_error(tmp_path: Path) -> None:
    error = await failure(str(write(tmp_path / "a.txt", at=NOON)))
    assert (error.kind, str(error)) == ("folder", f"{tmp_path / 'a.txt'}: it is still being written")


async def test_a_relative_path_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "feed" / "a.txt")
    monkeypatch.chdir(tmp_path)
    assert names(await get("feed")) == ["a.txt"]
    assert names(await get("./feed/../feed")) == ["a.txt"]


async def test_a_file_url_is_unquoted(tmp_path: Path) -> None:
    write(tmp_path / "ä b" / "a.txt")
    assert names(await get((tmp_path / "ä b").as_uri())) == ["a.txt"]


async def test_a_name_that_is_no_utf8_is_read_all_the_same(tmp_path: Path) -> None:
    try:
        write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")))
    except OSError:  # this file system takes UTF-8 only: then there is nothing to read
        return
    (file,) = files(await get(str(tmp_path)))
    assert file.name == "caf\ufffd.txt"
    assert file.url.endswith("/caf%E9.txt")
