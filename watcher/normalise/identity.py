"""pure: what an entry says of itself -> its identity, and the hash of what it says."""

from __future__ import annotations

from hashlib import blake2b

from watcher.model import Entry, FeedId, Hash64, Identity, ItemId
from watcher.normalise import clean, url


def key(entry: Entry, by: Identity = Identity.GUID) -> Hash64:
    """The entry's identity within its feed: its guid, else its canonical link, else what it says; by content what it
    says alone.

    Stored for good: changing this, or `url.canonical`, makes old items new again.
    """
    if by is Identity.GUID:
        if guid := clean.line(entry.guid or ""):
            return hash64("guid", guid)
        if link := url.canonical(entry.link):
            return hash64("link", link)
    content = " ".join(block.text for block in entry.blocks)  # wherever its blocks are cut
    return hash64("content", *map(clean.line, (entry.title, entry.summary, content)))


def item_id(feed: FeedId, identity: Hash64) -> ItemId:
    return ItemId(blake2b(f"{feed}\0{identity}".encode(errors="surrogatepass"), digest_size=8).hexdigest())


def fingerprint(title: str, text: str, summary: str) -> Hash64:
    """The same as long as the item says the same; dates, tags and authors do not count.

    Of lines as they are stored: but for blank lines between them there is no white space to fold.
    """
    return hash64(*(said.replace("\n\n", " ") for said in (title, text, summary)))


def hash64(*parts: str) -> Hash64:
    """A signed 64-bit hash of a list of texts."""
    digest = blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=8).digest()
    return Hash64(int.from_bytes(digest, signed=True))
