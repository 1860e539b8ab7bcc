"""How long a server asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.text.waits import retry_after

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("-5", 0),
        ("1.5", 1.5),
        (" 30 ", 30),
        ("99999999999", 86400),
        ("9" * 300, 86400),
        ("9" * 400, None),
        ("Mon, 02 Nov 2026 12:00:10 GMT", 10),
        ("Mon, 02 Nov 2026 13:00:10 +0100", 10),
        ("Monday, 02-Nov-26 12:00:10 GMT", 10),
        ("Mon, 02 Nov 2020 12:00:00 GMT", 0),
        ("Mon, 02 Nov 9998 12:00:00 GMT", 86400),
        ("Mon, 99 Nov 2026 12:00:00 GMT", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_leniently_and_bounded(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON, 86400) == seconds
