"""A feed that ends in the middle is refused wherever it was cut, whatever else is wrong with it."""

from __future__ import annotations

import pytest

from watcher.errors import ParseError
from watcher.model import Hash64, Response
from watcher.parse import parse

NOTHING: frozenset[Hash64] = frozenset()
_ITEMS = "".join(
    f"<item><guid>{n}</guid><title>é {n}</title><link>https://a.example/{n}</link></item>" for n in range(3)
)
_RSS = (
    f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>A feed</title>{_ITEMS}</channel></rss>"
)
_WIDE = _RSS.replace("utf-8", "utf-16")
DOCUMENTS: dict[str, bytes] = {
    "nothing": _RSS.encode(),
    "utf-16": _WIDE.encode("utf-16"),
    "utf-16 without a mark": _WIDE.encode("utf-16-be"),
    "utf-16 that says it is utf-8": _RSS.encode("utf-16"),
    "utf-32": _RSS.replace("utf-8", "utf-32").encode("utf-32"),
    "another encoding": _RSS.encode("latin-1"),
    "an ampersand": _RSS.replace("é", "&").encode(),
    "an undeclared entity": _RSS.replace("é", "&nbsp;").encode(),
    "an undeclared prefix": _RSS.replace("<title>", "<x:y/><title>").encode(),
    "an attribute twice": _RSS.replace("<guid>", "<guid a='1' a='2'>").encode(),
    "tags that cross": _RSS.replace("é", "<b><i></b></i>").encode(),
    "a control character": _RSS.replace("é", "\x0b").encode(),
    "a document type": _RSS.replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss").encode(),
    "text before it": b"<br />\n<b>Warning</b>: oh\n" + _RSS.encode(),
    "an end in capitals": _RSS.replace("</channel></rss>", "</CHANNEL></RSS>").encode(),
}


@pytest.mark.parametrize("wrong", DOCUMENTS)
def test_what_is_cut_off_before_its_end_is_not_read(wrong: str) -> None:
    whole = DOCUMENTS[wrong]
    assert len(parse(_response(whole), NOTHING).entries) == 3
    end = 4 * len("</rss>")
    for size in range(0, len(whole) - end, 5):
        with pytest.raises(ParseError) as caught:
            parse(_response(whole[:size]), NOTHING)
        assert caught.value.kind in {"truncated", "not-a-feed", "empty"}, size


def _response(body: bytes) -> Response:
    return Response(url="https://a.example/feed", body=body)
