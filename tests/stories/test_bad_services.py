"""Services that misbehave: what is said of each try, and that all arrives once they are well again, by the daemon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import pytest

from tests.deliver.receivers import Mailbox, mail_server
from tests.deliver.slack_server import Slack, fault, slack_server
from tests.servers import Server, page
from tests.stories.house import House, rss, until

WAITS = {"ladder": ["1s"], "give_up_after": "120s", "timeout": "6s"}
TITLES = [f"Strike number {n} reported" for n in range(3)]
TO = ("ann@news.example", "bob@news.example")
Wound = Callable[[Mailbox], None]


def replying(to: str, reply: str) -> Wound:
    return lambda mailbox: mailbox.replies.update({to: reply})


def after_data(reply: str) -> Wound:
    return lambda mailbox: setattr(mailbox, "reply", reply)


def to_one(reply: str) -> Wound:
    return lambda mailbox: mailbox.recipient_replies.update({TO[1]: reply})


def hanging(mailbox: Mailbox) -> None:
    mailbox.hang = True


MAIL: Mapping[str, tuple[Wound, str, bool]] = {
    "421 at once": (replying("CONNECT", "421 4.3.2 closing down"), "421", True),
    "421 to MAIL": (replying("MAIL", "421 4.3.2 closing down"), "421", True),
    "421 after DATA": (after_data("421 4.3.0 not now"), "421", True),
    "451 after DATA": (after_data("451 4.3.0 come back later"), "451", True),
    "452 to DATA": (replying("DATA", "452 4.3.1 no room"), "452", True),
    "552 after DATA": (after_data("552 5.3.4 too big"), "552", False),
    "554 at once": (replying("CONNECT", "554 5.7.1 go away"), "554", True),
    "450 to one": (to_one("450 4.2.1 greylisted"), "greylisted", True),
    "550 to one": (to_one("550 5.1.1 no such person"), "no such person", True),
    "hang after DATA": (hanging, "within 6 s", True),
}
"""What is wrong, a part of what is said of it, and whether it may pass by itself."""
SLACK: Mapping[str, tuple[int | str, str, bool]] = {
    "fatal_error": ("fatal_error", "fatal_error", True),
    "internal_error": ("internal_error", "internal_error", True),
    "invalid_auth": ("invalid_auth", "invalid_auth", True),
    "account_inactive": ("account_inactive", "account_inactive", True),
    "channel_not_found": ("channel_not_found", "channel_not_found", True),
    "msg_too_long": ("msg_too_long", "msg_too_long", False),
    "302": (302, "302", True),
    "404": (404, "404", True),
    "500": (500, "500", True),
    "429": (429, "", True),
    "hang": ("hang", "timed out", True),
    "reset": ("reset", "", True),
}


@pytest.mark.timeout(240)
def test_a_mail_server_that_is_well_again_gets_every_mail_and_what_it_said_is_kept(
    house: House, server: Server
) -> None:
    with ExitStack() as stack:
        boxes = {name: stack.enter_context(mail_server()) for name in MAIL}
        urls = {name: f"mailto://{box.host}?from=w@news.example&to={','.join(TO)}" for name, box in boxes.items()}
        for name, (wound, _, _) in MAIL.items():
            wound(boxes[name])

        def heal() -> None:
            for box in boxes.values():
                box.reply, box.hang = "250 accepted", False
                box.replies.clear()
                box.recipient_replies.clear()
                box.released.set()

        tell(house, server, urls, {name: (words, passes) for name, (_, words, passes) in MAIL.items()}, heal)
        for name, box in boxes.items():
            had = {who: Counter(ids(box, who)) for who in TO}
            missed = name == "550 to one"  # he had none of what was sent before he was known
            assert len(had[TO[0]]) == len(TITLES), name
            assert missed or had[TO[1]].keys() == had[TO[0]].keys(), name
            if name != "hang after DATA":  # which may have arrived
                assert {times for each in had.values() for times in each.values()} == {1}, name


def ids(box: Mailbox, who: str) -> Iterator[str]:
    """What came for somebody."""
    return (str(mail["Message-ID"]) for mail, (_, to) in zip(box.mails, box.envelopes, strict=True) if who in to)


@pytest.mark.timeout(240)
def test_a_slack_that_is_well_again_gets_every_message_and_what_it_said_is_kept(house: House, server: Server) -> None:
    with ExitStack() as stack:
        slacks: dict[str, Slack] = {name: stack.enter_context(slack_server()) for name in SLACK}
        for name, (kind, _, _) in SLACK.items():
            slacks[name].faults = lambda kind=kind: fault(kind)  # type: ignore[misc]

        def heal() -> None:
            for slack in slacks.values():
                slack.faults = lambda: None
                slack.released.set()

        urls = {name: slack.bot("news") for name, slack in slacks.items()}
        tell(house, server, urls, {name: (words, passes) for name, (_, words, passes) in SLACK.items()}, heal)
        for name, slack in slacks.items():
            assert Counter(posted.key for posted in slack.accepted).most_common() == [
                (posted.key, 1) for posted in slack.accepted
            ], name
            assert len(slack.accepted) == len(TITLES), name
            assert slack.broken == [], name


def tell(
    house: House,
    server: Server,
    urls: Mapping[str, str],
    expected: Mapping[str, tuple[str, bool]],
    heal: Callable[[], None],
) -> None:
    """Three alerts on channels that all fail; healed when each had its try. Sent again is what was given up."""
    server["/feed"] = page(rss([(title, title) for title in TITLES]))
    names = {name: f"c{number}" for number, name in enumerate(urls)}
    channels = [
        {"name": names[name], "url": url, "pace": "0.001s", "min_severity": "info"} for name, url in urls.items()
    ]
    own = {"name": "own", "url": f"file://{house.root / 'own.jsonl'}"}
    house.settings(
        feeds=[{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}],
        channels=[own, *channels],
        delivery=WAITS,
    )
    house.rule("strikes", "strike", group="item", notify=list(names.values()))
    with house.daemon() as daemon:
        daemon.logs("watching")
        query = "SELECT count(DISTINCT channel) FROM deliveries WHERE channel <> 'own'"
        until(lambda: house.asked(query) == [(len(urls),)], "a try on each channel", 90)
        heal()
        settled = "SELECT count(*) FROM alerts WHERE state = 'pending'"
        until(lambda: house.asked(settled) == [(0,)] and _made(house) == len(urls) * len(TITLES), "all settled", 150)
        dead = house.asked("SELECT key, channel FROM alerts WHERE state = 'dead'")
        for key, _ in dead:
            assert house.watcher("alerts", "resend", key).returncode == 0
        until(lambda: house.asked("SELECT count(*) FROM alerts WHERE state <> 'sent'") == [(0,)], "all sent")
        assert daemon.stop()[0] == 0
        assert "Traceback" not in daemon.err
    gone = {channel for _, channel in dead}
    for name, (words, passes) in expected.items():
        tries = house.asked(f"SELECT detail, alert FROM deliveries WHERE channel = '{names[name]}' ORDER BY started_at")
        detail, key = tries[0]
        assert words in detail, name
        assert "\n" not in detail
        assert (names[name] not in gone) == passes, (name, detail)
    own_words = (house.root / "own.jsonl").read_text("utf-8") if dead else ""
    assert all(key in own_words for key, _ in dead), "each that was given up is told to the operator"
    (shown,) = house.rows("alerts", "show", key)
    assert any(words in one["detail"] for one in shown["deliveries"])
    assert shown["deliveries"][-1]["state"] == "sent"
    assert house.status()["audit"]["flaws"] == []


def _made(house: House) -> int:
    return int(house.asked("SELECT count(*) FROM alerts WHERE kind <> 'notice'")[0][0])
