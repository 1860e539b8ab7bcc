"""pure: a document's bytes -> the same with its references to what is no character mended.

`&#55357;&#56832;` is how some publishers write an emoji: by the halves of its UTF-16 form. XML has no such characters
(XML 1.0 section 2.2), and feedparser raises on them and on numbers beyond Unicode: one such item would make its whole
feed unreadable.
"""

from __future__ import annotations

import re

_ONE = rb"&#(?:0*+(?:5[5-7]\d{3}|\d{7,}+)|[xX]0*+(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{6,}+));"
_RUN = re.compile(rb"(?:%b)++" % _ONE)
_NUMBER = re.compile(rb"&#(?:0*(\d+)|[xX]0*([0-9a-fA-F]+));")
_NO_CHARACTER = "\ufffd"
_LONGEST = 7  # digits, in either base: longer numbers are beyond Unicode


def mended(body: bytes) -> bytes:
    """Halves that belong together as one character, anything else that is none as U+FFFD."""
    return _RUN.sub(_meant, body) if b"#" in body and b"&#" in body else body


def _meant(run: re.Match[bytes]) -> bytes:
    units = "".join(_unit(*found.groups()) for found in _NUMBER.finditer(run[0]))
    text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(f"&#{ord(character)};" for character in text).encode()


def _unit(decimal: bytes | None, hexadecimal: bytes | None) -> str:
    digits = decimal or hexadecimal or b""
    number = int(digits, 10 if decimal else 16) if len(digits) <= _LONGEST else None
    return chr(number) if number is not None and number < 0x110000 else _NO_CHARACTER
