"""pure: text from outside -> text that is safe to show: no control characters, nothing that calls people."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 but white space: escape sequences begin with these
    r"\u202a-\u202e\u2066-\u2069"  # embeddings and overrides of direction, which make text read as what it is not
    r"\ud800-\udfff]"  # halves of a surrogate pair: no encoding takes them
)
_CALL = re.compile(
    r"(?<![\w/])@(?=[\w&!*\"])|@(?=(?:everyone|here|channel|all|room)\b(?!\.\w))"  # also @**all**, @"all users"
    r"|<(?=[\w/!@#?$&+:])"  # tags, <!here>, <@U1>, <users/all>, <at id=all>, <https://a.example|other words>
    r"|\](?=[(\[:])"  # [other words](https://a.example)
    r"|\[(?=CQ:)|\((?=(?:met|rol|chn)\))",  # [CQ:at,qq=all], (met)all(met)
    re.IGNORECASE,
)
_CALL_IN_URL = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b)", re.IGNORECASE)
_UNSAFE_IN_URL = {ord("<"): "%3C", ord(">"): "%3E", ord('"'): "%22", ord(" "): "%20"}
_BREAK = "\u200b"  # zero width space


def one_line(text: str) -> str:
    """Without control characters, white space folded to single spaces; the ends keep one if they had any."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text))


def many_lines(text: str) -> str:
    """The same line by line: line ends stay, white space at the end of a line goes."""
    return "\n".join(one_line(line).rstrip() for line in text.splitlines())


def link(url: str) -> str:
    """A URL that ends where it ends and calls nobody: "@everyone" in it is written "%40everyone"."""
    return _CALL_IN_URL.sub("%40", one_line(url).strip().translate(_UNSAFE_IN_URL))


def uncalled(text: str) -> str:
    """What calls people (@everyone, @name, <!here>, <@U1>), is a tag, or would be drawn as a link to somewhere else,
    broken by an invisible space so that no service sees one.

    Services differ in what they make of plain text: Discord calls @everyone in any format, Slack does where its text
    is not escaped, many draw some Markdown, some have marks of their own. An address such as a@b.example and a path
    such as /@name stay as they are.
    """
    return _CALL.sub(lambda call: call[0] + _BREAK, text)
