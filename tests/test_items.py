"""When an item counts as published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.items import item
from watcher.model import Revision, StoryId

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)


def revision(published: datetime | None) -> Revision:
    return Revision(item=item(published=published), number=1, seen_at=NOON, story=StoryId("s"))


@pytest.mark.parametrize(
    ("published", "ordered_at", "is_ahead"),
    [
        (None, NOON, False),
        (NOON - timedelta(days=3), NOON - timedelta(days=3), False),
        (NOON, NOON, False),
        (NOON + timedelta(minutes=4), NOON, False),
        (NOON + timedelta(minutes=6), NOON, True),
        (datetime(2099, 1, 1, tzinfo=UTC), NOON, True),
    ],
)
def test_a_date_to_come_is_told_and_orders_nothing(
    published: datetime | None, ordered_at: datetime, *, is_ahead: bool
) -> None:
    assert (revision(published).ordered_at, revision(published).is_ahead) == (ordered_at, is_ahead)
