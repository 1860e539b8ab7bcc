"""`watcher init [FOLDER]`: a first configuration that works: feeds, a place to tell, and a rule to start from."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import click

from watcher import opml
from watcher.cli.common import clean, note, row, say, wanted
from watcher.cli.progress import progress
from watcher.cli.starter import CONFIG, Starter, Target, has_password, lay_down, starter
from watcher.cli.subscriptions import Found, of_file, tell_left_out
from watcher.errors import UsageError
from watcher.sources import FeedEntry
from watcher.text.counted import counted

T = TypeVar("T")
_NAMES = {"https": "slack", "mailto": "mail", "mailtos": "mail"}
_FEEDS = "Which feeds? The path of an OPML file, the address of a feed, or nothing: then a\nfolder to put texts into."
_TELL = (
    "Where to tell you, besides the terminal? A Slack webhook\n"
    "(https://hooks.slack.com/services/...), a mail server\n"
    "(mailtos://NAME:PASSWORD@HOST?to=YOU), or nothing. It is a password: it does not\n"
    "show as you type."
)


@click.command("init")
@click.argument("place", type=click.Path(), default=".", metavar="[FOLDER]")
@click.option(
    "--opml", "subscriptions", type=click.Path(path_type=Path), metavar="FILE", help="Watch the feeds of FILE."
)
@click.option("--feed", "urls", multiple=True, metavar="URL", help="Watch this feed; may be given several times.")
@click.option("--slack", metavar="URL", help="Tell this Slack webhook, too.")
@click.option("--to", metavar="URL", help="Tell this channel, too: mailtos://..., or any Apprise address.")
@click.option("--yes", is_flag=True, help="Ask nothing: a folder to put articles into, alerts in the terminal.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on stdout, for programs.")
@click.option("--debug", is_flag=True, help="Say more, and show where an error came from.")
def command(
    place: str,
    subscriptions: Path | None,
    urls: Sequence[str],
    slack: str | None,
    to: str | None,
    *,
    yes: bool,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - main looks for it
) -> int:
    """Write a first configuration into FOLDER, or here.

    It has your feeds, where to tell you, and a rule to start from. On a terminal it asks for what no option says.
    Nothing that is there already is changed. Exit 1 when a feed was left out.
    """
    wanted(place, "folder")
    folder = Path(place)
    if slack is not None and to is not None:
        raise UsageError("--slack and --to both say where to tell; give one, and write the other into watcher.yaml")
    starter(folder, (), None)  # whether there is room, before anything is asked
    asking = sys.stdin.isatty() and not (yes or as_json)
    feeds = _given(subscriptions, urls)
    if asking and not feeds.entries:
        feeds = _asked(_FEEDS, _answered, hidden=False)
    target = _target(slack or to or "", only_slack=slack is not None) if (slack, to) != (None, None) else None
    if asking and (slack, to) == (None, None):
        target = _asked(_TELL, lambda answer: _target(answer) if answer else None, hidden=True)
    with progress() as shown:
        shown("writing the configuration", 0, 1)
        made = starter(folder, feeds.entries, target)
        shown("putting it in its place", 0, 1)
        lay_down(made)
    _tell(made, feeds, target, as_json=as_json)
    return 1 if feeds.left_out else 0


def _asked(question: str, read: Callable[[str], T], *, hidden: bool) -> T:
    """Ask until the answer can be used."""
    while True:
        say(question)
        answer = click.prompt(">", default="", show_default=False, prompt_suffix=" ", hide_input=hidden)
        try:
            return read(answer.strip())
        except UsageError as error:
            note(f"watcher: {clean(str(error))}")


def _answered(answer: str) -> Found:
    if not answer:
        return Found()
    is_file = "://" not in answer or os.path.exists(answer)  # noqa: PTH110  this one never raises
    return _given(Path(answer).expanduser(), ()) if is_file else _given(None, [answer])


def _given(subscriptions: Path | None, urls: Sequence[str]) -> Found:
    """Raises UsageError for what cannot be read, and where nothing of it can be watched."""
    subscribed = of_file(subscriptions) if subscriptions is not None else Found()
    named = [FeedEntry(url=_address(url)) for url in urls]
    known = {entry.url for entry in subscribed.entries}
    fresh = {entry.url: entry for entry in named if entry.url not in known}
    return Found(entries=(*subscribed.entries, *fresh.values()), left_out=subscribed.left_out)


def _address(url: str) -> str:
    try:
        return opml.web_address(url)
    except ValueError as error:
        raise UsageError(f"--feed cannot be used: {clean(str(error))}") from None


def _target(url: str, *, only_slack: bool = False) -> Target:
    """The channel of this URL. Raises UsageError, without the URL: it gives access."""
    from watcher.deliver import SLACK, check
    from watcher.model import ChannelName, ChannelSpec

    url = url.strip()
    is_slack = url.lower().startswith((*SLACK, "slack://"))
    if only_slack and not is_slack:
        raise UsageError("this is no Slack webhook: it begins with https://hooks.slack.com/services/")
    if "@" in url and "://" not in url:
        raise UsageError(
            "a mail needs a server that sends it: mailtos://NAME:PASSWORD@HOST?to=YOU (docs/how-to-email.md)"
        )
    if "://" not in url or not url.isprintable() or " " in url:
        raise UsageError(
            "this is no address of a channel: it begins with slack://, mailtos:// or the like, without blanks"
        )
    scheme = urlsplit(url).scheme
    name = "slack" if is_slack else _NAMES.get(scheme, scheme)
    why = check(ChannelSpec(name=ChannelName(name), url=url))
    if why:
        raise UsageError(f"this address cannot be used: {why}")
    return Target(name=name, url=url)


def _tell(made: Starter, feeds: Found, target: Target | None, *, as_json: bool) -> None:
    tell_left_out(feeds.left_out)
    open_ = sum(map(has_password, feeds.entries))
    if open_:
        note(f"{counted(open_, 'address', 'es')} with a password: {CONFIG} holds it, so keep that file to yourself")
    if as_json:
        row(
            {
                "folder": str(made.folder),
                "written": list(made.new),
                "left": list(made.left),
                "feeds": len(feeds.entries),
                "left_out": list(feeds.left_out),
            }
        )
        return
    words = _described(feeds, target)
    files = [("wrote", path, path) for path in sorted(made.new, key=lambda path: path != CONFIG)]
    files += [("left ", path, f"{path}?") for path in made.left]
    width = max(len(clean(str(made.folder / path))) for _, path, _ in files)
    for verb, path, key in files:
        say(f"{verb}  {clean(str(made.folder / path)):<{width}}  {words.get(key, '')}".rstrip())
    say("Next:")
    for line in _next(made.folder, target):
        say(f"  {line}")


def _described(feeds: Found, target: Target | None) -> dict[str, str]:
    """What to say of a file that was written and, with a `?`, of one that was left."""
    what = counted(len(feeds.entries), "feed") if feeds.entries else "the folder inbox as a feed"
    return {
        CONFIG: f"{what}; alerts on {f'console and {target.name}' if target else 'console'}",
        "rules/example.yaml": "a rule to start from, with its tests",
        "rules/example.yaml?": "your rules are used as they are",
        "inbox/example.txt": "an article that it finds",
        "inbox/example.txt?": "what is in it already is not alerted",
        ".gitignore": "keeps var and secrets out of git",
        ".gitignore?": "add the line /var/ to it",
        "secrets/.gitignore": "once more, as a password in git stays there",
        **({target.file: "the channel's address; only you can read it"} if target else {}),
    }


def _next(folder: Path, target: Target | None) -> tuple[str, str]:
    here = folder.resolve() == Path.cwd() and "WATCHER_CONFIG" not in os.environ
    where = "" if here else f" --config {shlex.quote(clean(str(folder / CONFIG)))}"
    first = f"watcher notify test {target.name}" if target else "watcher test"
    return f"{first}{where}", f"watcher run{where}"
