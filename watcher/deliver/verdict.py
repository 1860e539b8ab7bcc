"""pure: what a service answered, or apprise logged, of a failed send -> what went wrong, and whether to try again.

Apprise answers yes or no. Why is told by the answers of the service, where it is asked by HTTP, and else by apprise's
log. The lines read here are those its plugins share: "Socket Exception: ..." with a network error in it. Only lines
that start so are read: other lines hold the message itself, and an article must not be able to decide over its own
delivery.
"""

from __future__ import annotations

import re
from base64 import b64decode
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
where the service knows of it, and is a dead letter after the last retry where not. The other 4xx say that this
message will not do."""
DENIED = frozenset({401, 403})
"""The channel's credentials are refused, not this message: an expired token must not lose what comes meanwhile."""

LONGEST = 300
LONGEST_ANSWER = 120
READ = 4_000
"""Characters of a body that are looked at; it is cut to what is shown when nothing secret is in it any more."""
_EXCEPTION = "Socket Exception: "
_RETRY_AFTER = re.compile(r'"retry_after"\s*:\s*(\d{1,9}(?:\.\d+)?)')
_CAUSE = re.compile(
    r"\[Errno -?\d+\] [^\"')]+|Read timed out|Connection to \S+ timed out|Remote end closed connection[^'\")]*"
    r"|Failed to resolve '[^']+'|certificate verify failed[^(]*"
)
"""The telling part of what requests and urllib3 wrap in the names of their classes."""
_URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://\S+", re.IGNORECASE)
_PASSWORD = re.compile(r"^[^/@:?]*:([^/?]*)@|[?&]pass(?:word)?=([^&]*)|^([^/?]*)@(?=[^?]*\?(?:.*&)?user=)")
_QUERY_NAME = re.compile(r"[?&][+:-]?[\w.-]+=")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_URL_PATH = re.compile(r" with url: \S+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of apprise's log: its level's name and its text."""

    level: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said when it did not accept a message. `wait` are the seconds it wants to be left alone."""

    words: str
    said: str = ""  # the beginning of its body, whatever that holds
    permanent: bool = False
    denied: bool = False
    wait: float | None = None


def http_answer(code: int, body: str = "", wait: float | None = None) -> Answer:
    """An HTTP status with the beginning of its body; what the body says of a wait counts where no header does."""
    asked = _RETRY_AFTER.search(body) if wait is None else None
    return Answer(
        words=f"HTTP {code} {_phrase(code)}".strip(),
        said=body[:READ],
        permanent=400 <= code < 500 and code not in WILL_PASS | DENIED,
        denied=code in DENIED,
        wait=float(asked[1]) if asked else wait,
    )


def refusal(service: str, answers: Sequence[Answer], url: str) -> SendError:
    """The error that these answers make, without anything secret of the channel's URL; one that may pass decides."""
    passing = any(not answer.permanent and not answer.denied for answer in answers)
    denied = not passing and any(answer.denied for answer in answers)
    return SendError(
        _words(service, [in_words(answer, url) for answer in answers], url),
        permanent=not passing and not denied,
        denied=denied,
        retry_after=max((answer.wait for answer in answers if answer.wait is not None), default=None),
    )


def verdict(service: str, answers: Sequence[Answer], lines: Sequence[Line], url: str) -> SendError:
    """The error that says what a service answered and these lines tell."""
    network = [line.text for line in lines if line.text.startswith(_EXCEPTION)]
    if answers and not network:
        return refusal(service, answers, url)
    said = [in_words(answer, url) for answer in answers] + [cause(text) for text in network]
    return SendError(_words(service, said or _last_words(lines) or ["it gave no reason"], url))


def _words(service: str, said: Sequence[str], url: str) -> str:
    return f"{service} did not accept the message: {cut(hidden('; '.join(dict.fromkeys(said)), url), LONGEST)}"


def reason_of(lines: Iterable[Line], url: str) -> str:
    """Why a URL could not be used, in apprise's own words and without its secrets."""
    said = [line.text for line in lines if line.level in {"WARNING", "ERROR"}]
    reasons = [text for text in said if not text.startswith("Could not load ")] or said
    return cut(hidden("; ".join(dict.fromkeys(reasons)) or "it gave no reason", url), LONGEST)


def in_words(answer: Answer, url: str) -> str:
    """What was answered, without anything secret; the body is cut last: no secret is cut in two and so missed."""
    said = cut(hidden(answer.said, url), LONGEST_ANSWER)
    return hidden(answer.words, url) + (f" ({said})" if said else "")


def hidden(text: str, url: str) -> str:
    """`text` in one line, without URLs and without any part of this one but its scheme and the name of its host."""
    clean = _URL_PATH.sub("", _URL.sub(r"\1://***", one_line(text))).strip()
    secrets = _secrets(url)
    clean = _ENCODED.sub(lambda run: "***" if _tells(run[0], secrets) else run[0], clean)
    for secret in sorted(secrets, key=len, reverse=True):
        alone = re.escape(secret) if len(secret) > 7 else rf"(?<!\w){re.escape(secret)}(?!\w)"
        clean = re.sub(alone, "***", clean, flags=re.IGNORECASE)
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


def _tells(run: str, secrets: Iterable[str]) -> bool:
    """Whether it is Base64 of something secret, as logins are sent; some services say what they were sent."""
    whole = run.rstrip("=")
    try:
        decoded = b64decode(whole + "=" * (-len(whole) % 4), altchars=b"-_" if {"-", "_"} & set(whole) else None)
    except ValueError:
        return False
    return any(secret.encode() in decoded for secret in secrets)


def _host(url: str) -> str:
    """The host where it is one: services also put tokens in its place, which have no dot."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if "." in host or host == "localhost" else ""


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def cause(text: str) -> str:
    """The telling part of what requests or urllib3 says of a network that failed."""
    words = text.removeprefix(_EXCEPTION)
    found = _CAUSE.search(words)
    return found[0].strip() if found else words


def _last_words(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines if line.level in {"WARNING", "ERROR"}][-1:]
