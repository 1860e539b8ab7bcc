"""edge: text with references to secrets -> the text with the secrets in it, read from where the operator keeps them.

`${env:NAME}` is an environment variable, `${file:PATH}` a file's content (relative to the configuration),
`${cred:NAME}` a file in $CREDENTIALS_DIRECTORY, where systemd puts credentials. Line ends at the end of a file are
not part of the secret.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_REFERENCE = re.compile(r"\$\{([^}]*)\}?")
_KNOWN = re.compile(r"\$\{(env|file|cred):([^}]+)\}")
_MAX_BYTES = 64 * 2**10


class Unset(Exception):
    """A secret that is not there; the text says what to set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A reference that could not be resolved: where in the text, and whether it only waits to be set."""

    offset: int
    width: int
    message: str
    unset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The text with its secrets, and these alone. Where there is trouble the reference stays as written."""

    text: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    troubles: tuple[Trouble, ...]


def resolve(text: str, base: str, environ: Mapping[str, str]) -> Resolved:
    """Replace every reference. `base` is the folder that paths start from."""
    secrets: list[str] = []
    troubles: list[Trouble] = []

    def replaced(found: re.Match[str]) -> str:
        try:
            secrets.append(_secret(found[0], base, environ))
        except (Unset, ValueError) as error:
            unset = isinstance(error, Unset)
            troubles.append(Trouble(offset=found.start(), width=len(found[0]), message=str(error), unset=unset))
            return found[0]
        return secrets[-1]

    return Resolved(text=_REFERENCE.sub(replaced, text), secrets=tuple(secrets), troubles=tuple(troubles))


def secret_files(text: str, base: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The files that the references of a text lead to."""
    folders = {"file": base, "cred": environ.get("CREDENTIALS_DIRECTORY")}
    found = ((folders.get(reference[1]), reference[2]) for reference in _KNOWN.finditer(text))
    return tuple(str(Path(folder, name)) for folder, name in found if folder)


def _secret(reference: str, base: str, environ: Mapping[str, str]) -> str:
    known = _KNOWN.fullmatch(reference)
    if not known:
        raise ValueError("a reference is `${env:NAME}`, `${file:PATH}` or `${cred:NAME}`")
    readers: Mapping[str, Callable[[], str]] = {
        "env": lambda: _from_environment(known[2], environ),
        "file": lambda: _from_file(Path(base, known[2]), known[2]),
        "cred": lambda: _from_credentials(known[2], environ),
    }
    secret = readers[known[1]]()
    if not secret:
        raise Unset(f"the secret `{reference}` is empty")
    if not secret.isprintable():
        raise ValueError(f"the secret `{reference}` holds a line break or another control character")
    return secret


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise Unset(f"the environment variable {name} is not set")
    return environ[name]


def _from_credentials(name: str, environ: Mapping[str, str]) -> str:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise Unset(f"CREDENTIALS_DIRECTORY is not set; systemd sets it for `LoadCredential={name}:...`")
    if "/" in name or name.startswith("."):
        raise ValueError(f"`{name}` is no name of a credential")
    return _from_file(Path(folder, name), name)


def _from_file(path: Path, shown: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            raise ValueError(f"the secret's file {shown} is no file")
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Unset(f"the secret's file {shown} cannot be read: {error.strerror}") from error
    if len(content) > _MAX_BYTES:
        raise ValueError(f"the secret's file {shown} has more than {_MAX_BYTES:,} bytes")
    try:
        return content.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"the secret's file {shown} is not UTF-8") from error
