"""pure: what apprise logged of a failed send -> what went wrong, and whether to try again.

Apprise answers yes or no and keeps the reason in its log. The lines read here are those its plugins share: a warning
that ends in "error=404.", "Socket Exception: ..." with an SMTP reply or a network error in it, "Response Details:" with
the beginning of the answer. Only lines that start so are read: other lines hold the message itself, and an article
must not be able to decide over its own delivery.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from watcher.errors import SendError
from watcher.render.clean import one_line
from watcher.text.cut import cut

WILL_PASS = frozenset({404, 408, 409, 423, 425, 429})
"""HTTP client errors that go by themselves, besides all server errors: a timeout, a conflict, a lock, a rate limit; and
404, which proxies answer while the receiver behind them is being put in place: a webhook deleted for good answers 410
or 403 where the service knows of it, and is a dead letter after the last retry where not. The other 4xx say that this
message, or this channel's address or credentials, will not do until a person changes something."""

LONGEST = 300
_HTTP_CODE = re.compile(r"\berror=(\d{3})\b")
_SMTP_REPLY = re.compile(r"\((\d{3}), b?(['\"])(.*?)\2")
_REFUSED = re.compile(r"SMTP recipient .* was refused: (\d{3}) (.*)")
_EXCEPTION = "Socket Exception: "
_DETAILS = "Response Details:"
_RETRY_AFTER = re.compile(rb'"retry_after"\s*:\s*(\d+(?:\.\d+)?)')
_CAUSE = re.compile(
    r"\[Errno -?\d+\] [^\"')]+|Read timed out|Connection to \S+ timed out|Remote end closed connection[^'\")]*"
    r"|Failed to resolve '[^']+'|certificate verify failed[^(]*"
)
"""The telling part of what requests and urllib3 wrap in the names of their classes."""
_URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://\S+", re.IGNORECASE)
_PASSWORD = re.compile(r"^[^/@:?]*:([^/?]*)@|[?&]pass(?:word)?=([^&]*)|^([^/?]*)@(?=[^?]*\?(?:.*&)?user=)")
_QUERY_NAME = re.compile(r"[?&][+:-]?[\w.-]+=")
_URL_PATH = re.compile(r" with url: \S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of apprise's log: its level's name and its text."""

    level: str
    text: str


def verdict(service: str, lines: Sequence[Line], url: str) -> SendError:
    """The error that says what these lines say, without anything secret of the channel's URL."""
    codes = [*_http(lines), *_smtp(lines)]
    network = [line.text for line in lines if line.text.startswith(_EXCEPTION) and not _SMTP_REPLY.search(line.text)]
    permanent = bool(codes) and not network and all(code.permanent for code in codes)
    said = [code.text for code in codes] or [_cause(text) for text in network] or _last_words(lines)
    reason = "; ".join(dict.fromkeys(said)) or "it gave no reason"
    return SendError(
        f"{service} did not accept the message: {cut(hidden(reason, url), LONGEST)}",
        permanent=permanent,
        retry_after=_retry_after(lines),
    )


def reason_of(lines: Iterable[Line], url: str) -> str:
    """Why a URL could not be used, in apprise's own words and without its secrets."""
    said = [line.text for line in lines if line.level in {"WARNING", "ERROR"}]
    reasons = [text for text in said if not text.startswith("Could not load ")] or said
    return cut(hidden("; ".join(dict.fromkeys(reasons)) or "it gave no reason", url), LONGEST)


def hidden(text: str, url: str) -> str:
    """`text` in one line, without URLs and without any part of this one but its scheme and the name of its host."""
    clean = _URL_PATH.sub("", _URL.sub(r"\1://***", one_line(text))).strip()
    for secret in sorted(_secrets(url), key=len, reverse=True):
        alone = re.escape(secret) if len(secret) > 7 else rf"(?<!\w){re.escape(secret)}(?!\w)"
        clean = re.sub(alone, "***", clean)
    return clean


def _secrets(url: str) -> set[str]:
    """The words a URL is made of, as written and unquoted; those of under four characters cannot be told from prose.

    Of a mail's URL only what may be a password: who it is from and to is worth knowing and stands in each mail.
    """
    scheme, _, rest = url.partition("://")
    if scheme in {"mailto", "mailtos"}:
        secrets = [secret for groups in _PASSWORD.findall(rest) for secret in groups]
        words = {word for text in secrets for whole in (text, unquote(text)) for word in (whole, *whole.split("@"))}
    else:
        rest = _QUERY_NAME.sub(" ", rest)
        words = {word for text in (rest, unquote(rest)) for word in re.split(r"[/@:?&=#,;+\s]+", text)}
    return {word for word in words if len(word) > 3 and word not in {_host(url), scheme}}


def _host(url: str) -> str:
    """The host where it is one: services also put tokens in its place, which have no dot."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if "." in host or host == "localhost" else ""


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    permanent: bool


def _http(lines: Sequence[Line]) -> list[_Code]:
    codes = []
    for at, line in enumerate(lines):
        found = _HTTP_CODE.search(line.text) if line.level == "WARNING" else None
        if found:
            code = int(found[1])
            answer = _answer(lines[at + 1].text) if at + 1 < len(lines) else ""
            words = f"HTTP {code} {_phrase(code)}".strip() + (f" ({cut(answer, 120)})" if answer else "")
            codes.append(_Code(words, permanent=400 <= code < 500 and code not in WILL_PASS))
    return codes


def _smtp(lines: Sequence[Line]) -> list[_Code]:
    """RFC 5321 section 4.2.1: 4yz is a transient failure, 5yz a permanent one."""
    replies = []
    for line in lines:
        if line.text.startswith(_EXCEPTION):
            replies += [(code, text) for code, _, text in _SMTP_REPLY.findall(line.text)]
        elif refused := _REFUSED.match(line.text):
            replies.append((refused[1], refused[2].removeprefix("b").strip("'\"")))
    return [_Code(f"SMTP {code} {cut(text, 120)}", permanent=code.startswith("5")) for code, text in replies]


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _answer(text: str) -> str:
    """What the service said, of the line that holds the repr of its bytes."""
    return one_line(_details(text).decode("utf-8", "replace")).strip()


def _details(text: str) -> bytes:
    if not text.startswith(_DETAILS):
        return b""
    try:
        value = ast.literal_eval(text.removeprefix(_DETAILS).strip())
    except (ValueError, SyntaxError):
        return b""
    return value if isinstance(value, bytes) else b""


def _retry_after(lines: Iterable[Line]) -> float | None:
    """Seconds that Discord, Telegram and others ask for in their answer; apprise keeps no headers."""
    asked = [_RETRY_AFTER.search(_details(line.text)) for line in lines]
    return max((float(found[1]) for found in asked if found), default=None)


def _cause(text: str) -> str:
    words = text.removeprefix(_EXCEPTION)
    cause = _CAUSE.search(words)
    return cause[0].strip() if cause else words


def _last_words(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines if line.level in {"WARNING", "ERROR"}][-1:]
