"""pure: a user and a password -> the value of an Authorization header (RFC 7617)."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote_to_bytes

__all__ = ["basic", "pair_of"]


def basic(pair: bytes) -> str:
    """Of `user:password`."""
    return f"Basic {b64encode(pair).decode()}"


def pair_of(userinfo: str) -> bytes:
    """`user:password` of what stands before the @ of a URL, where other signs than letters are written as %40."""
    name, _, password = userinfo.partition(":")
    return unquote_to_bytes(name) + b":" + unquote_to_bytes(password)
