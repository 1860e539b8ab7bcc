"""pure: a response -> its document in UTF-8, by feedparser's own rules, and by better ones where these give no XML.

feedparser believes who speaks first: the header, the prolog, a mark or shape of the bytes, and then any encoding that
does not fail. What is done beyond that is only for documents it would make rubbish of, and each is told of:

- UTF-16 and UTF-32 whose prolog is silent or lies, and a prolog that says one of them of plain bytes;
- UTF-8 with some bytes that are none, of which feedparser would read all as windows-1252;
- encodings that no feed has and in which markup can hide from whoever looks at the bytes, UTF-7 first of all;
- text before the XML (warnings of PHP, blank lines, a second mark) and control characters, which XML does not have.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from feedparser.encodings import convert_to_utf8
from feedparser.exceptions import CharacterEncodingOverride, CharacterEncodingUnknown
from feedparser.sanitizer import replace_doctype

from watcher.errors import ParseError
from watcher.model import Response
from watcher.parse.references import mended
from watcher.text.shown import line

__all__ = ["Document", "cleaned", "document", "headers", "unreadable"]

_FAR = 65536  # bytes in which a feed's root element is looked for behind other text
_HEAD = 1024  # bytes in which a NUL makes a document binary, unless a feed's root element is there, too
_ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml\s")
_WHOLE_DECLARATION = re.compile(rb"<\?xml[^>]*?>")
_ASCII = re.compile(rb"<[?!\w]")
_BLANK = b"\xef\xbb\xbf \t\r\n"
_OTHER = re.compile(rb"<(?:!doctype\s+html|html|head|body|script)\b|\A\s*[\[{]\s*[\"\[{]", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]{0,200}>")
_SHOWN = 80  # characters of such text that are repeated
_START = 64  # bytes, after a declaration of feedparser's own, in which a NUL tells of a wide encoding
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_HIDING = frozenset(("utf-7", "hz", "unicode-escape", "raw-unicode-escape", "punycode", "idna"))
_PROLOG = 200  # bytes that hold one
_GUESSED = frozenset(("windows-1252", "iso-8859-2"))
_CLEAR = 2  # characters of UTF-8 for one place that is none
_NONE = re.compile("\ufffd+")
_FOREIGN = re.compile("[^\x00-\x7f\ufffd]+")
_CONTROLS = bytes((*range(9), *range(14, 32)))
_SPACED = bytes.maketrans(b"\x0b\x0c", b"  ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A body as the XML parser sees it: in UTF-8, its DOCTYPE reduced to harmless entities."""

    data: bytes
    base: str  # address that others are relative to
    version: str = ""  # when the DOCTYPE tells it
    entities: Mapping[str, str] = field(default_factory=dict)
    decoded: bool = True
    sound: bool = True  # decoded, and reading `data` again reduces nothing more
    mended: bool = False  # something was done to it that feedparser would not have done
    problems: tuple[str, ...] = ()


def document(response: Response) -> Document:
    """The body converted; raises ParseError (unreadable) for an encoding's name that is no name."""
    body, told = _bare(mended(response.body))
    made = _converted(replace(response, body=body), told)
    if b"\0" in made.data[:_HEAD] and _ROOT.search(made.data, 0, _HEAD):
        made = cleaned(made) or made
    return made if body is response.body else replace(made, mended=True)


def headers(response: Response) -> dict[str, str]:
    """The headers feedparser is given: its rules want a type, and XML is UTF-8 unless it says otherwise (RFC 7303)."""
    return {
        "content-type": response.headers.get("content-type") or "application/xml",
        "content-location": response.url,
    }


def cleaned(body: Document) -> Document | None:
    """The same without what no XML can hold; None where nothing of that is in it."""
    data = body.data.translate(_SPACED, _CONTROLS)
    if data == body.data:
        return None
    return replace(body, data=data, mended=True, problems=(*body.problems, "control characters in it were left out"))


def unreadable(error: Exception) -> ParseError:
    detail = " ".join(f"{type(error).__name__}: {error}".split())
    return ParseError(f"feedparser cannot read the document ({detail[:200]})", kind="unreadable")


# --- before the XML -------------------------------------------------------------------------------


def _bare(body: bytes) -> tuple[bytes, str | None]:
    """The body from where its XML begins, and what to say of the text before that."""
    root = _ROOT.search(body, 0, _FAR)
    if root is None:
        return body, None
    declared = [found.start() for found in _DECLARATION.finditer(body, 0, root.start())]
    start = declared[-1] if declared else root.start()
    before = body[:start].strip(_BLANK)
    if not before:
        return (body[start:], None) if body[:start] not in {b"", codecs.BOM_UTF8} else (body, None)
    if _OTHER.search(before) or (not declared and before.startswith((b"<!", b"<?"))):
        return body, None
    words = line(_TAG.sub(b" ", before[: _SHOWN * 10]).decode("utf-8", "replace"), _SHOWN)
    return body[start:], f"text before the XML was left out ({words})"


# --- to UTF-8 -------------------------------------------------------------------------------------


def _converted(response: Response, said: str | None) -> Document:
    told: dict[str, Any] = {}
    try:
        data = _as_utf8(response, told)
        problem, better = _problem(told), _better(response.body, data, told)
        if better:
            data, problem = _encoded(better[0]), better[1]
        version, data, entities = replace_doctype(data)
        again = replace_doctype(data)[1] == data
    except (ValueError, LookupError) as error:
        raise unreadable(error) from error
    decoded = bool(better or told.get("encoding"))
    return Document(
        data=data,
        base=response.url,
        version=version or "",
        entities=entities,
        decoded=decoded,
        sound=decoded and again,
        mended=bool(better),
        problems=tuple(filter(None, (said, problem))),
    )


def _as_utf8(response: Response, told: dict[str, Any]) -> bytes:
    """Feedparser's conversion. What is UTF-8 and says so is only given its declaration: the rest is the same bytes."""
    body = response.body
    if not body:
        return b""
    end = _declared(body)
    if end is not None:
        head: bytes = convert_to_utf8(headers(response), body[:end], told)
        if told.get("encoding") == "utf-8" and _is_utf8(body):
            return head + body[end:]
        told.clear()
    return bytes(convert_to_utf8(headers(response), body, told))


def _declared(body: bytes) -> int | None:
    """Where the XML declaration ends; None where feedparser looks further for what tells of the encoding."""
    if not _ASCII.match(body):
        return None
    declaration = _WHOLE_DECLARATION.match(body)
    end = declaration.end() if declaration else 0
    line = body.find(b"\n", end)
    return None if body.find(b"encoding=", end, line if line >= 0 else len(body)) >= 0 else end


def _is_utf8(body: bytes) -> bool:
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def _encoded(text: str) -> bytes:
    utf8 = {"content-type": "application/xml; charset=utf-8"}
    return bytes(convert_to_utf8(utf8, text.encode("utf-8", "replace"), {}))


def _better(body: bytes, data: bytes, told: Mapping[str, Any]) -> tuple[str, str] | None:
    """The body as text, and what to say of it, where feedparser's reading (`data`) is rubbish."""
    encoding = str(told.get("encoding") or "")
    name = _codec(encoding)
    wide = next((codec for shape, codec in _WIDE if body.startswith(shape)), None)
    if wide and (b"\0" in data[:_START] or not encoding):
        return body.decode(wide, "replace"), f"it is {wide[:6]} and does not say so"
    if name in _HIDING:
        return _plain(body), f"it says that it is {name}, which no feed is, and was read as utf-8"
    if name.startswith(("utf-16", "utf-32")) and not wide:
        return _plain(body), f"it says that it is {name} and is not, and was read as utf-8"
    if encoding in _GUESSED and encoding.encode() not in body[:_PROLOG].lower():
        return _nearly(body)
    return None


def _nearly(body: bytes) -> tuple[str, str] | None:
    """The body as UTF-8 where most of it is."""
    text = body.decode("utf-8", "replace")
    places = len(_NONE.findall(text))
    if sum(map(len, _FOREIGN.findall(text))) <= _CLEAR * places:
        return None
    return text, f"it has bytes that are no utf-8, in {places:,} place{'s' if places != 1 else ''}"


def _plain(body: bytes) -> str:
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")


def _codec(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name.replace("_", "-")
    except LookupError:
        return ""


def _problem(told: dict[str, Any]) -> str | None:
    """us-ascii is only the default of text/xml without a charset: nobody declared it."""
    problem = told.get("bozo_exception")
    if isinstance(problem, CharacterEncodingUnknown):
        return "its encoding is unknown"
    text = str(problem)
    if isinstance(problem, CharacterEncodingOverride) and "declared as us-ascii" not in text:
        return text
    return None
