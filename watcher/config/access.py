"""edge: what a feed's entry says of headers, credentials and a proxy -> its Access, secrets resolved.

What it says wrong is reported at its place, without the secret that stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from watcher.config.secrets import Resolved
from watcher.guard import refuse_header, refuse_proxy
from watcher.model import Access, FindingSeverity, RecipeKind
from watcher.sources import FeedEntry, ItemsEntry, parted
from watcher.text.credentials import basic, pair_of

Place = Sequence[str | int]

_AUTH = re.compile(r"(basic|bearer) +(\S.*)", re.IGNORECASE | re.DOTALL)
_MOST = 20  # headers
_GIVES_ACCESS = re.compile(r"auth|cookie|token|secret|password|api-?key", re.IGNORECASE)
_WRITE = "write `basic ${env:NAME}`, a secret that is user:password, or `bearer ${file:PATH}`"
_KEEP = "keep it elsewhere: ${env:NAME} or ${file:PATH}"
_IN_URL = "write it as `auth: basic ${env:NAME}`, the secret being user:password, and take it out of the URL"


class Report(Protocol):
    """Notes what is wrong at a place of the file."""

    def __call__(
        self, code: str, where: Place, message: str, help_: str, *, severity: FindingSeverity = FindingSeverity.ERROR
    ) -> None: ...


class AccessReader:
    """Reads the entries of one file; `secrets` is what else of them is secret, for the redactor."""

    def __init__(self, resolved: Callable[[str, Place], Resolved], report: Report) -> None:
        self.secrets: list[str] = []
        self._resolved = resolved
        self._report = report

    def access(self, entry: FeedEntry, where: Place) -> Access:
        """What opens the feed at this place; what waits for a secret that is not set is left out."""
        for key in entry.misplaced:
            self._report("E004", (*where, key), f"{key}: a folder has none", "it is for feeds on the web")
        if entry.items:
            self._check(entry.items, (*where, "items"))
        headers = (*self._headers(entry, where), *self._authorisation(entry, where))
        return Access(headers=headers, proxy=self._proxy(entry, where))

    def _check(self, items: ItemsEntry, where: Place) -> None:
        """Whether its paths or selectors can be read; what reads them is loaded for those who have any."""
        from watcher.parse.recipe import items_problem, path_problem, selector_problem

        problem = path_problem if items.recipe.kind is RecipeKind.JSON else selector_problem
        for key, said in items.model_dump(by_alias=True, exclude_none=True).items():
            if wrong := problem(said):
                self._report("E004", (*where, key), f"{key}: {wrong}", "")
        kind = items.recipe.kind
        if not problem(items.recipe.items) and (wrong := items_problem(items.recipe)):
            self._report("E004", (*where, kind), f"{kind}: {wrong}", "")

    def _headers(self, entry: FeedEntry, where: Place) -> Iterator[tuple[str, str]]:
        if len({name.lower() for name in entry.headers}) < len(entry.headers):
            self._report("E004", (*where, "headers"), "headers: a header stands twice", "capitals make no difference")
        if len(entry.headers) > _MOST:
            self._report("E004", (*where, "headers"), f"headers: more than {_MOST}", "keep those that it needs")
        for name, written in entry.headers.items():
            place = (*where, "headers", name)
            if "${" not in written and _GIVES_ACCESS.search(name):
                self._warn(place, _KEEP)
                self.secrets.append(written)
            value = self._value(written, place)
            if value is not None and not self._refused(refuse_header(name, value), place):
                yield name, value

    def _authorisation(self, entry: FeedEntry, where: Place) -> Iterator[tuple[str, str]]:
        userinfo = parted(entry.url)[1]
        said = [entry.auth, userinfo, *(name for name in entry.headers if name.lower() == "authorization")]
        if sum(one is not None for one in said) > 1:
            self._report("E004", where, "credentials are given more than once", "keep `auth:`")
        elif entry.auth is not None:
            yield from self._auth(entry.auth, (*where, "auth"))
        elif userinfo is not None:
            self._warn((*where, "url"), _IN_URL)
            yield self._basic(pair_of(userinfo))

    def _auth(self, written: str, where: Place) -> Iterator[tuple[str, str]]:
        found = _AUTH.fullmatch(written)
        if not found or "${" not in found[2]:
            self._report("E004", where, "auth: expected basic or bearer, and where the secret is", _WRITE)
            return
        secret = self._value(found[2], where)
        if secret is None:
            return
        if found[1].lower() == "bearer":
            self.secrets.append(secret)
            if not self._refused(refuse_header("Authorization", secret), where):
                yield "Authorization", f"Bearer {secret}"
        elif ":" in secret:
            yield self._basic(secret.encode())
        else:
            self._report("E004", where, "auth: the secret for `basic` is no user:password", _WRITE)

    def _basic(self, pair: bytes) -> tuple[str, str]:
        value, text = basic(pair), pair.decode(errors="replace")
        self.secrets += [text, text.partition(":")[2], value.removeprefix("Basic ")]
        return "Authorization", value

    def _proxy(self, entry: FeedEntry, where: Place) -> str | None:
        place = (*where, "proxy")
        url = self._value(entry.proxy, place) if entry.proxy is not None else None
        if url is None or self._refused(refuse_proxy(url), place):
            return None
        if password := urlsplit(url).password:
            self.secrets += [url, password]
            if entry.proxy and "${" not in entry.proxy:
                self._warn(place, _KEEP)
        return url

    def _value(self, written: str, where: Place) -> str | None:
        """With its secrets; None where one is missing."""
        if "${" not in written:
            return written
        resolved = self._resolved(written, where)
        return None if resolved.troubles else resolved.text

    def _refused(self, why: str | None, where: Place) -> bool:
        if why:
            self._report("E004", where, why, "")
        return bool(why)

    def _warn(self, where: Place, help_: str) -> None:
        message = "a secret stands in this file"
        self._report("W031", where, message, help_, severity=FindingSeverity.WARNING)
