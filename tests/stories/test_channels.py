"""Alerts that leave the house: mail received by a real SMTP server, documents by a webhook, both by name and tag."""

from __future__ import annotations

import json

from tests.deliver.receivers import http_receiver, mail_server
from tests.servers import Server, page
from tests.stories.house import House, rss, until

STRIKE = ("a-1", "Strike reported at the “Café” in the harbour")


def test_a_match_arrives_by_mail_and_by_webhook_and_names_its_rule(house: House, server: Server) -> None:
    server["/feed"] = page(rss([STRIKE, ("a-2", "Calm day")]))
    with mail_server() as mailbox, http_receiver() as hook:
        mail = f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example"
        channels: list[dict[str, object]] = [
            {"name": "console", "url": "console://"},
            {"name": "mail", "url": "${env:MAIL}", "tags": ["desk"]},
            {"name": "hook", "url": f"json://{hook.host}/in", "tags": ["desk"]},
        ]
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=channels)
        house.rule("strikes", "strike", notify=["desk"], title="Strikes anywhere", severity="high")
        done = house.watcher("run", "--once", env={"MAIL": mail})
        assert done.returncode == 0, done.stderr
        assert not done.stdout, "the rule does not speak on the console"
        (letter,) = mailbox.mails
        document = hook.json
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Strike reported at the “Café”" in str(letter["Subject"])
    assert "Strikes anywhere" in body.get_content()
    assert "http://news.example/a-1" in body.get_content()
    assert "Strikes anywhere" in document["message"]
    assert "http://news.example/a-1" in document["message"]


def test_a_mail_refused_for_now_is_sent_later_and_once(house: House, server: Server) -> None:
    server["/feed"] = page(rss([STRIKE]))
    with mail_server() as mailbox:
        mailbox.reply = "451 try again"
        url = f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example"
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=[{"name": "mail", "url": url}])
        with house.daemon() as daemon:
            until(lambda: "451" in daemon.err, "the refusal in the log")
            mailbox.reply = "250 accepted"
            until(lambda: len(mailbox.mails) == 1, "the mail")
            until(lambda: house.status()["outbox"]["sent"] == 1, "the alert sent")
    tries = house.rows("alerts", "show", house.rows("alerts", "list")[0]["key"])[0]["deliveries"]
    assert [t["state"] for t in tries][-1] == "sent"
    assert "451" in tries[0]["detail"]
    assert len(mailbox.mails) == 1


def test_a_dead_channel_delays_no_other(house: House, server: Server) -> None:
    server["/feed"] = page(rss([STRIKE]))
    with http_receiver() as dead, http_receiver() as alive:
        dead.hang = True
        channels = [
            {"name": "dead", "url": f"json://{dead.host}/"},
            {"name": "alive", "url": f"json://{alive.host}/"},
        ]
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=channels, delivery={"timeout": "600s"})
        with house.daemon():
            until(lambda: alive.got, "the alert on the channel that lives")
            server["/feed"] = page(rss([("a-9", "Another strike"), STRIKE]))
            until(lambda: len(alive.got) == 2, "the next alert")
            assert len(dead.got) == 1
    assert "Another strike" in json.dumps(alive.json)


def test_notify_test_shows_the_services_own_answer(house: House) -> None:
    with http_receiver() as good, http_receiver() as bad:
        bad.status = 403
        channels = [{"name": "good", "url": f"json://{good.host}/"}, {"name": "bad", "url": f"json://{bad.host}/"}]
        house.settings(feeds=[{"url": "https://news.example/feed"}], channels=channels)
        done = house.watcher("notify", "test", "good")
        assert done.returncode == 0, done.stderr
        assert "good: accepted" in done.stdout
        done = house.watcher("notify", "test")
        assert done.returncode == 1
        assert "bad: refused" in done.stdout
        assert "403" in done.stdout
    done = house.watcher("notify", "test", "nowhere")
    assert done.returncode == 2
    assert "known: good, bad" in done.stderr
