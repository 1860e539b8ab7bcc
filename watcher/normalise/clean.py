"""pure: text from outside -> text as it is stored.

Everything that changes a character happens here, before offsets into the text exist.
"""

from __future__ import annotations

import html
import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufff9-\uffff]")
"""C0 and C1 without what counts as white space, lone surrogates, which no database takes, and byte order marks."""
_DIRECTION = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
"""Overrides of direction and characters without width. The joiners stay: Persian and emoji are written with them."""


_REFERENCE = re.compile(r"&(?:amp;)*(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,9});")
_OF_MARKUP = re.compile(
    r"[<>]|&(?:amp;)*[lg]t;|\b(?:x?html|xml|css|entit(?:y|ies)|ampersands?|markup|escap(?:e|es|ed|ing)|unicode)\b",
    re.IGNORECASE,
)


def decoded(text: str) -> str:
    """The text without the character references that were encoded once too often ("it&#8217;s", "AT&amp;T").

    A text that has markup in it, or speaks of it, means them as they stand.
    """
    if "&" not in text or not _REFERENCE.search(text) or _OF_MARKUP.search(text):
        return text
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    """What a reference stands for, however often its ampersand was encoded; never what begins markup."""
    said = html.unescape("&" + re.sub(r"\A&(?:amp;)*", "", found[0]))
    return found[0] if said in {"<", ">"} or said.endswith(";") else said


def line(text: str) -> str:
    """One line in NFC: no control characters, white space folded. The same again for what it returned."""
    if (
        text.isprintable()
        and "  " not in text
        and text.strip(" ") == text
        and (text.isascii() or (unicodedata.is_normalized("NFC", text) and not _holds_control(text)))
    ):
        return text  # as most are: there is nothing to do
    return " ".join(unicodedata.normalize("NFC", _CONTROLS.sub("", text)).split())


def _holds_control(text: str) -> bool:
    """Of what is printable to Python; the other controls are not."""
    return "\ufffc" in text or "\ufffd" in text


def label(text: str) -> str:
    """A `line` for titles, names and tags, in which nothing changes direction or hides."""
    return line(text if text.isprintable() else _DIRECTION.sub("", text))


def within(text: str, size: int) -> str:
    """As much of the text as fits into `size` bytes of UTF-8."""
    if len(text) * 4 <= size:
        return text
    return text.encode()[:size].decode(errors="ignore")
