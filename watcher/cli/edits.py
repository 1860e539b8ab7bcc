"""How commands change the operator's files: show the difference, ask, write; the patch where nothing can be written."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from watcher.cli.common import note, paint, say
from watcher.config.writer import ReadOnly, patch, replace
from watcher.errors import UsageError

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """A file as it was read (None: there is none) and as it is to be."""

    path: str
    before: bytes | None
    after: bytes
    long: bool = False  # only its size is shown before it is written


def offer(edits: Sequence[FileEdit], question: str, *, yes: bool, as_json: bool) -> bool:
    """Show what would change, ask unless `yes`, write. Whether it was written: False is a no, or a read-only place.

    Raises UsageError where there is nobody to ask, Changed when somebody else was quicker.
    """
    show = note if as_json else say
    for edit in edits:
        if edit.long:
            show(f"{'new file' if edit.before is None else 'changed'} {edit.path}, {len(edit.after):,} bytes")
        else:
            _show(edit, show)
    if not agreed(question, ("written", "writes"), yes=yes, as_json=as_json):
        return False
    try:
        for edit in edits:
            replace(edit.path, edit.before, edit.after)
    except ReadOnly as error:
        for edit in edits:
            _show(edit, show) if edit.long else None
        note(f"watcher: {error}; the patch above says what to change where the file is kept")
        return False
    return True


def agreed(question: str, verb: tuple[str, str], *, yes: bool, as_json: bool) -> bool:
    """Whether a person agrees, or did already; a no is acknowledged. `verb` is what is done: "written", "writes".

    Raises UsageError where there is nobody to ask.
    """
    done, does = verb
    if not yes and not sys.stdin.isatty():
        raise UsageError(f"nothing was {done}: there is no terminal to ask on; --yes {does} it")
    if yes or click.confirm(question, err=as_json):
        return True
    note(f"nothing was {done}")
    return False


def _show(edit: FileEdit, show: Callable[[str], None]) -> None:
    for line in patch(edit.path, edit.before, edit.after).splitlines():
        show(paint(_UNSAFE.sub("", line), fg=_COLOURS.get(line[:1])))
