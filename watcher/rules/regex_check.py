"""pure: a regular expression -> what is wrong with it, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.model import FindingSeverity
from watcher.rules.problem import Problem

FLAGS = "ims"
MAX_BYTES = 4 << 10
"""Of one pattern in UTF-8."""
MAX_PROGRAM = 8 << 20
"""Bytes that RE2 may take for what it makes of one."""

_ATOM = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|.", re.DOTALL)
_MEANT_FLAG = re.compile(r"\^?(\(i\?\))")
_MENDS = {
    "(?=": "RE2 cannot look ahead; ask for both with AND or NEAR",
    "(?!": "RE2 cannot look ahead; leave places out with EXCEPT",
    "(?<": "RE2 cannot look behind; leave places out with EXCEPT",
}
_SHORTER = "make it shorter, or several joined with OR"


def check(text: str, flags: str, start: int) -> Iterator[Problem]:
    """E115, E116 or W204 of a pattern that starts at `start` of the source."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"this regular expression has {size:,} bytes; at most {MAX_BYTES:,} are read"
        yield Problem(code="E116", start=start, end=start + len(text), message=message, help=_SHORTER)
    elif said := _said(text, flags):
        yield _refused(text, said, start)
    meant = _MEANT_FLAG.match(text)
    if meant:
        a, b = meant.span(1)
        message, mend = "`(i?)` finds the letter i or nothing", "where case does not matter write (?i), or /.../i"
        severity = FindingSeverity.WARNING
        yield Problem(code="W204", start=start + a, end=start + b, message=message, help=mend, severity=severity)


def _said(text: str, flags: str = "") -> str | None:
    """What RE2 has against a pattern: its words, a colon and the piece of the pattern that it cannot read."""
    import re2  # type: ignore[import-untyped]  # most rule files have no regular expression

    options = re2.Options()
    options.log_errors, options.never_capture, options.max_mem = False, True, MAX_PROGRAM
    try:
        re2.compile(f"(?{flags}){text}" if flags else text, options)
    except UnicodeEncodeError:
        return "a character that UTF-8 does not have"
    except re2.error as error:
        said = error.args[0]
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return None


def _refused(text: str, said: str, start: int) -> Problem:
    if said.startswith("pattern too large"):
        message = f"this regular expression needs more than {MAX_PROGRAM >> 20} MiB"
        mend = f"take smaller repetitions, {_SHORTER}"
        return Problem(code="E116", start=start, end=start + len(text), message=message, help=mend)
    what, _, piece = said.partition(": ")
    a, b = _place(text, what, piece)
    shown = what if what.endswith(")") else said
    message = f"RE2 cannot read this regular expression: {shown}"
    return Problem(code="E115", start=start + a, end=start + b, message=message, help=_mend(what, piece))


def _place(text: str, what: str, piece: str) -> tuple[int, int]:
    """Where the piece stands that RE2 names; for a parenthesis it names the whole pattern."""
    if what.endswith(")"):
        at = _parenthesis(text)
        return at, at + 1
    if what.startswith("trailing"):
        return len(text) - 1, len(text)
    for found in re.finditer(r"\\.|.", text, re.DOTALL) if piece else ():
        end = found.start() + len(piece)
        if text.startswith(piece, found.start()) and _said(text[:end]) == f"{what}: {piece}":
            return found.start(), end
    at = max(text.rfind(piece), 0) if piece else 0
    return at, at + max(len(piece), 1)


def _parenthesis(text: str) -> int:
    """The `)` that closes nothing, or else the last `(` that is never closed."""
    opened = []
    for found in _ATOM.finditer(text):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")":
            if not opened:
                return found.start()
            opened.pop()
    return opened[-1] if opened else 0


def _mend(what: str, piece: str) -> str:
    if piece[:3] in _MENDS:
        return _MENDS[piece[:3]]
    if re.fullmatch(r"\\[1-9]", piece):
        return "RE2 cannot refer back to a group"
    if what.startswith("missing ]"):
        return r"write \[ for the sign itself, and \/ for a slash"
    if what.endswith(")"):
        return r"write \( or \) for the sign itself, and \/ for a slash"
    if "repetition" in what:
        return r"at most 1000 times; write \* \+ \? \{ for the sign itself"
    return ""
