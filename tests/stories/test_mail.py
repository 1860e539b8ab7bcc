"""Alerts by e-mail from the daemon: a thread a story, a connection a batch, and each recipient for himself."""

from __future__ import annotations

from tests.deliver.receivers import mail_server
from tests.servers import Server, page
from tests.stories.house import House, rss, until

STRIKE = "Strike reported in the harbour"


def test_an_edited_article_comes_into_the_thread_of_its_first_mail(house: House, server: Server) -> None:
    server["/feed"] = page(rss([("a-1", STRIKE)]))
    with mail_server() as mailbox:
        url = f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example"
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=[{"name": "mail", "url": url}])
        house.rule("strikes", "strike", group="item", updates="thread")
        with house.daemon():
            until(lambda: len(mailbox.mails) == 1, "the first mail")
            server["/feed"] = page(rss([("a-1", f"{STRIKE}, and a second strike")]))
            until(lambda: len(mailbox.mails) == 2, "the update")
    first, update = mailbox.mails
    assert first["In-Reply-To"] is None
    assert str(update["In-Reply-To"]) == str(update["References"]) == str(first["Message-ID"])
    assert str(first["Message-ID"]) != str(update["Message-ID"])
    assert ", update: " in str(update["Subject"])


def test_a_recipient_who_has_to_wait_gets_it_later_and_the_others_once(house: House, server: Server) -> None:
    server["/feed"] = page(rss([("a-1", STRIKE)]))
    with mail_server() as mailbox:
        mailbox.recipient_replies = {"late@news.example": "450 greylisted"}
        url = f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example,late@news.example"
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=[{"name": "mail", "url": url}])
        with house.daemon() as daemon:
            until(lambda: "greylisted" in daemon.err, "the refusal in the log")
            mailbox.recipient_replies = {}
            until(lambda: house.status()["outbox"]["sent"] == 1, "the alert sent")
    assert [people for _, people in mailbox.envelopes] == [["desk@news.example"], ["late@news.example"]]
    assert str(mailbox.mails[0]["Message-ID"]) == str(mailbox.mails[1]["Message-ID"])


def test_what_comes_together_goes_over_one_connection(house: House, server: Server) -> None:
    server["/feed"] = page(rss([(f"a-{n}", f"{STRIKE}, number {n}") for n in range(12)]))
    with mail_server() as mailbox:
        url = f"mailto://{mailbox.host}?from=watcher@news.example&to=desk@news.example"
        feeds = [{"id": "feed", "url": server.url("/feed"), "baseline": "alert"}]
        house.settings(feeds=feeds, channels=[{"name": "mail", "url": url}])
        house.rule("strikes", "strike", group="item")
        done = house.watcher("run", "--once")
        assert done.returncode == 0, done.stderr
        assert len(mailbox.mails) == 12
        assert mailbox.connections == 1
        until(lambda: mailbox.commands[-1] == "QUIT", "a goodbye")
