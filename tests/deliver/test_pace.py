"""How fast each service is spoken to, and what counts as one end of it."""

from __future__ import annotations

import pytest

from watcher.deliver.pace import DEFAULT, pace_of, target_of
from watcher.model import ChannelName, ChannelSpec
from watcher.schedule import Pace


def channel(url: str, pace: float | None = None) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url, pace=pace)


@pytest.mark.parametrize(
    ("url", "every"),
    [
        ("slack://T000/B000/secret", 1.0),
        ("https://hooks.slack.com/services/T000/B000/secret", 1.0),
        ("discord://1/secret", 2.0),
        ("https://discord.com/api/webhooks/1/secret", 2.0),
        ("tgram://bot/chat", 3.0),
        ("mailtos://ann:secret@mail.example/?to=ben@example.org", 0.2),
        ("gotify://host.example/token", DEFAULT.every),
        ("https://chat.example/hook", DEFAULT.every),
        ("slack://[broken", 1.0),
    ],
)
def test_a_service_is_spoken_to_as_fast_as_it_is_known_to_take(url: str, every: float) -> None:
    pace = pace_of(channel(url))
    assert pace is not None
    assert pace.every == every


@pytest.mark.parametrize(
    "url", ["console://", "json://hook.example/", "webhooks://hook.example/", "file:///var/alerts"]
)
def test_an_end_of_the_operators_own_is_spoken_to_as_fast_as_it_goes(url: str) -> None:
    assert pace_of(channel(url)) is None


def test_a_channels_own_pace_goes_before_its_services() -> None:
    assert pace_of(channel("slack://T000/B000/secret", 5.0)) == Pace(every=5.0)
    assert pace_of(channel("json://hook.example/", 0.1)) == Pace(every=0.1)
    assert pace_of(channel("slack://T000/B000/secret", 0.0)) is None


def test_channels_share_an_end_that_is_the_same_url_or_mail_account() -> None:
    slack = "slack://T000/B000/secret"
    assert target_of(channel(slack)) == target_of(channel(slack))
    assert target_of(channel(slack)) != target_of(channel(slack + "2"))
    mail = "mailtos://ann:secret@mail.example/?to="
    assert target_of(channel(mail + "ben@example.org")) == target_of(channel(mail + "cas@example.org"))
    assert target_of(channel(mail)) != target_of(channel(mail.replace("ann", "ben")))
    assert "secret" not in target_of(channel(slack))
