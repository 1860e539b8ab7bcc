"""What the feed `paper` says, of which data/var-005.db.gz knows what the version of that time made."""

from __future__ import annotations

import html

WORDS = {
    "a": (
        "Quake shakes Lima",
        (
            "<div class='share'><a href='#'>Share</a> <a href='#'>Tweet</a></div>"
            "<p>LIMA (Reuters) - A strong quake shook Lima on Tuesday.Nobody was hurt, officials said.</p>"
            "<p>It&amp;#8217;s the third this year, said AT&amp;amp;T.</p>"
        ),
    ),
    "b": ("", "<p>CUSCO, Peru - A quake of magnitude 5.1 was felt in Cusco on Monday.The airport was closed.</p>"),
    "c": (
        "Aftershocks of the quake go on",
        "<p>Two hundred aftershocks of the quake were counted in Ica, and more are expected.</p>",
    ),
}


def document(fetch: int, **edits: str) -> bytes:
    """Its bytes are others at each fetch; `edits` go behind what these entries say."""
    entries = "".join(
        f"<item><guid isPermaLink='false'>{id_}</guid><title>{title}</title><link>https://paper.example/{id_}</link>"
        f"<description>{html.escape(text + edits.get(id_, ''))}&lt;img src=pixel.gif?{fetch}&gt;</description></item>"
        for id_, (title, text) in WORDS.items()
    )
    return f"<rss version='2.0'><channel><title>Paper</title>{entries}</channel></rss>".encode()
