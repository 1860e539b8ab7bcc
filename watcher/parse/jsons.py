"""pure: bytes -> the JSON value they are, and what of it is text.

Python's own reader, with what it leaves open decided: anything it cannot take is a ParseError in words, half of a
document is never used, and no text that comes out has halves of characters in it.
"""

from __future__ import annotations

import json
from typing import Any

from watcher.errors import ParseError
from watcher.parse.decoding import decode
from watcher.text.shown import line

_DECODER = json.JSONDecoder(strict=False)  # line breaks in a text are a common mistake
_GUARD = ")]}'"  # stands before what is for scripts of the same site alone
_SPACE = " \t\r\n"
_SMALL = 8  # names of an object that is nothing but an error
_TROUBLE = ("error", "errors", "error_description", "error_message", "message", "detail", "title")


def load(body: bytes, content_type: str = "") -> Any:
    """The value. Raises ParseError: empty, truncated, unreadable."""
    text = decode(body, content_type).lstrip(_SPACE + "\ufeff").removeprefix(_GUARD).lstrip(_SPACE + ",")
    if not text:
        raise ParseError("the body is empty", kind="empty")
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        raise _refused(text, error) from None
    except RecursionError:
        raise ParseError("the JSON is nested too deep to be read", kind="unreadable") from None
    except ValueError:  # what Python says of a number tells of Python
        raise ParseError("the JSON has a number too long to be read", kind="unreadable") from None
    if text[end:].lstrip(_SPACE)[:1] in {"{", "[", '"', ",", "}", "]"}:
        raise ParseError("the document has more than one JSON value", kind="unreadable")
    return value


def text_of(value: Any) -> str:
    """A text, or a number or truth value as JSON writes it; nothing of anything else."""
    if isinstance(value, str):
        return whole(value)
    return json.dumps(value) if isinstance(value, bool | int | float) else ""


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a character, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def canonical(value: Any) -> bytes:
    """The same bytes for the same value, whatever the order of its names and the white space between them."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def trouble(value: Any) -> str | None:
    """What an answer says went wrong, where it is a small object that brings nothing beside."""
    if not isinstance(value, dict) or len(value) > _SMALL:
        return None
    said = next((told for name in _TROUBLE if (told := _message(value.get(name)))), None)
    others = (inner for name, inner in value.items() if name not in _TROUBLE)
    return said if not any(isinstance(inner, list | dict) and inner for inner in others) else None


def _message(said: Any) -> str | None:
    if isinstance(said, list):
        said = said[0] if said else None
    if isinstance(said, dict):
        said = next((told for name in _TROUBLE if isinstance(told := said.get(name), str)), None)
    return line(said) or None if isinstance(said, str) else None


def _refused(text: str, error: json.JSONDecodeError) -> ParseError:
    rest = text[error.pos :].strip(_SPACE)
    place = f"line {error.lineno}, column {error.colno}"
    if not rest or error.msg.startswith("Unterminated") or (len(rest) < 10 and rest[-1] not in "]}"):
        return ParseError(f"the JSON ends in the middle ({place}); nothing of it is used", kind="truncated")
    return ParseError(f"the JSON cannot be read ({place}: {error.msg.lower()})", kind="unreadable")
