"""pure: what an alert tells first -> its key: the first 32 hexadecimal digits of a sha256, NUL between its parts.

A rule, item and revision are told at most once on a channel, so no two alerts share a key; and the same dispatches
decided again, after a crash, give the same keys.
"""

from __future__ import annotations

from hashlib import sha256

from watcher.model import AlertKey, ChannelName, Dispatch


def key_of(channel: ChannelName, group: str, lead: Dispatch, *, again: bool) -> AlertKey:
    """Of an alert of one group: over channel name, group and the id of the leading item; when that item had been told
    before (in this group, or by this rule) its revision and the rule follow.
    """
    return hash_of(channel, group, lead.item, *((str(lead.revision), lead.rule) if again else ()))


def digest_key(channel: ChannelName, lead: Dispatch) -> AlertKey:
    """Of a digest: over channel name, the word, and the item, revision and rule that lead it; no group is that word."""
    return hash_of(channel, "digest", lead.item, str(lead.revision), lead.rule)


def hash_of(*parts: str) -> AlertKey:
    return AlertKey(sha256("\0".join(parts).encode()).hexdigest()[:32])
