"""Another feed reader over the same feeds, run by the Python that has it: `_peer.py NAME FOLDER URL...`.

Prints the processor seconds of updating all feeds once, without loading the program and without adding the feeds. Each
is used as it comes: reader by `update_feeds`, one worker, also where it would wait an hour between two updates;
rss2email by `r2e run`, into a mail directory.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path


def reader(folder: Path, urls: list[str]) -> Callable[[], object]:
    make_reader = importlib.import_module("reader").make_reader
    made = make_reader(str(folder / "reader.db"))
    for url in urls:
        made.add_feed(url, exist_ok=True)
    return lambda: made.update_feeds(scheduled=False)


def rss2email(folder: Path, urls: list[str]) -> Callable[[], object]:
    run = importlib.import_module("rss2email.main").run
    config, mail = folder / "rss2email.cfg", folder / "mail"
    if not config.exists():
        own = ["to = a@b.example", "email-protocol = maildir", f"maildir-path = {mail}", "verbose = error"]
        feeds = [f"[feed.f{number}]\nurl = {url}\n" for number, url in enumerate(urls)]
        config.write_text("\n".join(["[DEFAULT]", *own, "", *feeds]))
        for part in ("cur", "new", "tmp"):
            (mail / "INBOX" / part).mkdir(parents=True)
    return lambda: run(["-c", str(config), "-d", str(folder / "rss2email.json"), "run"])


def spent() -> float:
    """Processor seconds of this process and of those that it has started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    name, folder, *urls = sys.argv[1:]
    update = {"reader": reader, "rss2email": rss2email}[name](Path(folder), urls)
    begun = spent()
    update()
    print(json.dumps(spent() - begun))
