"""pure: a compressed body in pieces -> the body in pieces, never more of it than allowed."""

from __future__ import annotations

import zlib
from typing import Protocol

from watcher.errors import FetchError
from watcher.text.counted import size
from watcher.text.shown import line

_MEMBERS = 1000  # gzip members in one body; each costs a decompressor


class Decoder(Protocol):
    """Undoes a Content-Encoding piece by piece."""

    def feed(self, data: bytes) -> bytes:
        """What these bytes add to the body. Raises FetchError (encoding, too-large)."""

    def finish(self) -> None:
        """To be called after the last piece. Raises FetchError (truncated) when something is missing."""


def open_decoder(encoding: str, limit: int) -> Decoder:
    """The decoder for a Content-Encoding header; `limit` is in decoded bytes. Raises FetchError (encoding)."""
    match encoding.strip().lower():
        case "" | "identity":
            return _Identity(limit)
        case "gzip" | "x-gzip":
            return _Inflater(limit, gzip=True)
        case "deflate":
            return _Inflater(limit, gzip=False)
    said = line(encoding, 40)
    raise FetchError(f"the body is encoded as `{said}`; only gzip or deflate was asked for", kind="encoding")


class _Identity:
    def __init__(self, limit: int) -> None:
        self._limit = self._room = limit

    def feed(self, data: bytes) -> bytes:
        self._room -= len(data)
        if self._room < 0:
            raise _too_large(self._limit)
        return data

    def finish(self) -> None:
        pass


class _Inflater:
    """gzip with any number of members (RFC 1952), or deflate, in zlib's wrapping (RFC 9110) or bare, as some send."""

    def __init__(self, limit: int, *, gzip: bool) -> None:
        self._limit = self._room = limit
        self._gzip = gzip
        self._members = 0
        self._held = b""
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> bytes:
        data, self._held = self._held + data, b""
        out = []
        while data:
            if self._stream is None and not self._begin(data):
                break
            piece, data = self._inflate(data)
            out.append(piece)
        return b"".join(out)

    def finish(self) -> None:
        if self._stream is not None or (self._held and not self._members):
            raise FetchError("the compressed body ends before its end", kind="truncated")

    def _begin(self, data: bytes) -> bool:
        """Open the next member, or hold back a beginning too short to tell; what follows a whole one is padding."""
        if len(data) < 2:
            self._held = data
            return False
        if self._members and not (self._gzip and data.startswith(b"\x1f\x8b")):
            return False
        if self._members == _MEMBERS:
            raise FetchError(f"the body has more than {_MEMBERS} gzip members", kind="too-large")
        self._members += 1
        self._stream = zlib.decompressobj(31 if self._gzip else _deflate_window(data))
        return True

    def _inflate(self, data: bytes) -> tuple[bytes, bytes]:
        """What comes out, and the bytes after the member's end."""
        assert self._stream is not None
        try:
            piece = self._stream.decompress(data, self._room + 1)
        except zlib.error as error:
            raise FetchError(f"the compressed body is damaged ({error})", kind="encoding") from error
        self._room -= len(piece)
        if self._room < 0:
            raise _too_large(self._limit)
        rest = self._stream.unused_data
        if self._stream.eof:
            self._stream = None
        return piece, rest


def _deflate_window(data: bytes) -> int:
    wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0  # RFC 1950 section 2.2
    return 15 if wrapped else -15


def _too_large(limit: int) -> FetchError:
    return FetchError(f"the body is larger than {size(limit)} when decoded", kind="too-large")
