from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import FetchError
from watcher.fetch.inflate import open_decoder


def bare(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


def members(body: bytes) -> bytes:
    return gzip.compress(body[:7]) + gzip.compress(b"") + gzip.compress(body[7:])


ENCODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("gzip", gzip.compress),
    ("GZip ", gzip.compress),
    ("x-gzip", members),
    ("deflate", zlib.compress),
    ("deflate", bare),
    ("", bytes),
    ("identity", bytes),
)


def decoded(encoding: str, pieces: Iterable[bytes], limit: int = 1 << 20) -> bytes:
    decoder = open_decoder(encoding, limit)
    body = b"".join([decoder.feed(piece) for piece in pieces])
    decoder.finish()
    return body


def cut(data: bytes, step: int) -> list[bytes]:
    return [data[at : at + step] for at in range(0, len(data), step)]


@given(st.binary(max_size=400), st.sampled_from(ENCODINGS), st.integers(1, 50))
@settings(max_examples=150)
def test_a_body_comes_out_as_it_went_in_however_it_is_cut(
    body: bytes, how: tuple[str, Callable[[bytes], bytes]], step: int
) -> None:
    encoding, encode = how
    assert decoded(encoding, cut(encode(body), step)) == body


@given(st.binary(min_size=1, max_size=400), st.sampled_from(ENCODINGS[:5]), st.data())
@settings(max_examples=100)
def test_a_compressed_body_that_ends_early_is_an_error(
    body: bytes, how: tuple[str, Callable[[bytes], bytes]], data: st.DataObject
) -> None:
    encoding, encode = how
    whole = (gzip.compress if encode is members else encode)(body)
    end = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(FetchError) as caught:
        decoded(encoding, [whole[:end]])
    assert caught.value.kind == "truncated"


@pytest.mark.parametrize(("encoding", "encode"), ENCODINGS)
def test_the_limit_is_exact(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    body = b"x" * 5000
    assert decoded(encoding, cut(encode(body), 7), limit=5000) == body
    with pytest.raises(FetchError, match=r"larger than 4\.882 KiB when decoded") as caught:
        decoded(encoding, cut(encode(body), 7), limit=4999)
    assert caught.value.kind == "too-large"


def test_a_bomb_takes_no_more_memory_than_the_limit() -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(64)) + squeeze.flush()
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 1 MiB"):
            decoded("gzip", cut(bomb, 16384), limit=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, identity", "\x1b[31m"])
def test_an_encoding_nobody_asked_for_is_refused_by_name(encoding: str) -> None:
    with pytest.raises(FetchError, match="only gzip or deflate was asked for") as caught:
        open_decoder(encoding, 100)
    assert caught.value.kind == "encoding"
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_damaged_body_is_an_error(encoding: str) -> None:
    with pytest.raises(FetchError, match="damaged") as caught:
        decoded(encoding, [b"<rss>this was never compressed</rss>"])
    assert caught.value.kind == "encoding"


def test_a_wrong_checksum_is_an_error() -> None:
    packed = bytearray(gzip.compress(b"hello" * 100))
    packed[-6] ^= 1
    with pytest.raises(FetchError, match="damaged"):
        decoded("gzip", [bytes(packed)])


def test_padding_after_a_whole_body_is_ignored() -> None:
    assert decoded("gzip", cut(gzip.compress(b"hello") + bytes(100), 3)) == b"hello"


def test_members_without_end_are_refused() -> None:
    with pytest.raises(FetchError, match="more than 1000 gzip members") as caught:
        decoded("gzip", cut(gzip.compress(b"") * 1001, 4096))
    assert caught.value.kind == "too-large"
