"""The way to Slack, against a server that answers as Slack does."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from apprise import Apprise, NotifyFormat

from tests.deliver.blockkit import calls, links, problems
from tests.deliver.slack_server import HOOK, TOKEN, Slack, in_turn, slack_server
from tests.render.alerts import alert, told
from watcher.deliver import MediumSender, check, open_sender
from watcher.deliver.slack import SlackSender, answer_of
from watcher.deliver.slack_plugin import SlackPlugin
from watcher.deliver.verdict import in_words
from watcher.errors import SendError
from watcher.model import AlertKey, ChannelName, ChannelSpec, Message, Root, Severity
from watcher.render import Blocks, render

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
KEY = AlertKey("0123456789abcdef" * 2)
SECRETS = (TOKEN, *HOOK.split("/"))


@pytest.fixture
def slack() -> Iterator[Slack]:
    with slack_server() as one:
        yield one


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def opened(url: str, timeout: float = 5) -> MediumSender:
    return open_sender(spec_of(url), stream=io.StringIO(), environ={}, timeout=timeout)


def message(**fields: object) -> Message:
    return replace(render(alert(told()), Blocks(), spec_of("slack://")), **fields)  # type: ignore[arg-type]


def refused(sender: MediumSender, said: Message | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        sender.send(said or message())
    assert not any(secret in str(caught.value) for secret in SECRETS)
    return caught.value


@pytest.fixture(params=["bot", "hook"])
def sender(request: pytest.FixtureRequest, slack: Slack) -> MediumSender:
    return opened(slack.bot("news") if request.param == "bot" else slack.hook())


# accepted


def test_an_alert_arrives_whole_in_one_request(slack: Slack, sender: MediumSender) -> None:
    receipt = sender.send(message())
    (posted,) = slack.by_key()[KEY]
    assert problems(posted.payload) == []
    assert posted.payload["text"] == "[high] Quakes nearby: Quake near the harbour"
    assert receipt.detail.startswith("ok")
    assert len(slack.asked) == 1


def test_a_bot_says_who_it_is_in_a_header_only(slack: Slack) -> None:
    receipt = opened(slack.bot("news")).send(message())
    path, headers, payload = slack.asked[0]
    assert (path, headers["Authorization"]) == ("/api/chat.postMessage", f"Bearer {TOKEN}")
    assert payload["channel"] == "#news"
    assert TOKEN not in json.dumps(payload)
    ts = slack.accepted[0].ts
    assert receipt.detail == f"ok in C0NEWS as {ts}"
    assert receipt.reference == f"news={ts}"


def test_a_webhook_tells_nothing_to_refer_to(slack: Slack) -> None:
    receipt = opened(slack.hook()).send(message())
    assert (receipt.detail, receipt.reference) == ("ok", "")


def test_a_channel_may_be_named_by_its_id_and_the_bot_by_a_name(slack: Slack) -> None:
    opened(slack.bot("+C0OPS").replace("slack://", "slack://watcher@")).send(message())
    assert slack.accepted[0].channel == "C0OPS"
    assert slack.accepted[0].payload["username"] == "watcher"


def test_a_connection_is_kept_until_nothing_more_is_due(slack: Slack, sender: MediumSender) -> None:
    for _ in range(3):
        sender.send(message())
        sender.rest()
        sender.rest()
    assert len(slack.accepted) == 3


def test_what_was_given_no_blocks_is_sent_as_text(slack: Slack, sender: MediumSender) -> None:
    sender.send(Message(key=KEY, title="<!here> quake", body="a & *b*\nalert 0123456789ab", severity=Severity.HIGH))
    (posted,) = slack.accepted
    assert posted.payload["text"] == "&lt;!here&gt; quake\na &amp; *b*\nalert 0123456789ab"
    assert posted.payload["mrkdwn"] is False


def test_what_would_be_sent_can_be_shown(slack: Slack, sender: MediumSender) -> None:
    shown = sender.shown(message())
    assert json.loads(shown) == json.loads(message().payload)
    assert not any(secret in shown for secret in SECRETS)
    assert slack.asked == []


# threads


def test_what_follows_stands_in_the_thread_of_the_first(slack: Slack) -> None:
    sender = opened(slack.bot("news", "ops"))
    first = sender.send(message())
    sender.send(message(root=Root(key=KEY, reference=first.reference)))
    assert [(one.channel, one.thread) for one in slack.accepted[2:]] == [
        ("C0NEWS", slack.accepted[0].ts),
        ("C0OPS", slack.accepted[1].ts),
    ]


def test_a_thread_that_is_gone_does_not_hold_a_message_up(slack: Slack) -> None:
    opened(slack.bot("news")).send(message(root=Root(key=KEY, reference="news=1.2")))
    (posted,) = slack.accepted
    assert posted.thread is None
    assert posted.payload["blocks"]


@pytest.mark.parametrize("reference", ["", "ops=1.2", "<250 ok>", "="])
def test_a_reference_of_another_channel_starts_no_thread(slack: Slack, reference: str) -> None:
    opened(slack.bot("news")).send(message(root=Root(key=KEY, reference=reference)))
    assert [posted.thread for posted in slack.accepted] == [None]
    assert len(slack.asked) == 1


def test_a_channels_url_may_name_a_thread(slack: Slack) -> None:
    ts = opened(slack.bot("news")).send(message()).reference.partition("=")[2]
    opened(slack.bot(f"news:{ts}")).send(message())
    assert slack.accepted[1].thread == ts


# refused


WAITS_FOR_A_PERSON = (
    "invalid_auth",
    "token_revoked",
    "account_inactive",
    "not_authed",
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "missing_scope",
    "no_service",
    "an_error_of_tomorrow",
)
PASSES = ("ratelimited", "internal_error", "fatal_error", "service_unavailable")


@pytest.mark.parametrize("error", [*WAITS_FOR_A_PERSON, *PASSES])
def test_slacks_word_in_a_200_decides(slack: Slack, sender: MediumSender, error: str) -> None:
    slack.faults = in_turn(error)
    caught = refused(sender)
    assert (caught.permanent, caught.denied, caught.owed) == (False, error in WAITS_FOR_A_PERSON, ())
    assert str(caught) == f"Slack did not accept the message: {error}"
    sender.send(message())
    assert len(slack.accepted) == 1


@pytest.mark.parametrize(
    ("status", "body", "permanent", "denied", "words"),
    [
        (400, b"user_not_found", False, True, "user_not_found"),
        (403, b"action_prohibited", False, True, "action_prohibited"),
        (403, b"invalid_token", False, True, "invalid_token"),
        (404, b"no_service", False, True, "no_service"),
        (410, b"channel_is_archived", False, True, "channel_is_archived"),
        (500, b"rollup_error", False, False, "rollup_error"),
        (404, b"<html>not here</html>", False, True, "HTTP 404 Not Found (<html>not here</html>)"),
        (410, b"", False, True, "HTTP 410 Gone"),
        (401, b"", False, True, "HTTP 401 Unauthorized"),
        (413, b"", True, False, "HTTP 413 Request Entity Too Large"),
        (503, b"maintenance", False, False, "maintenance"),
        (502, b"", False, False, "HTTP 502 Bad Gateway"),
        (302, b"", False, True, "HTTP 302, a redirect, which is not followed"),
        (200, b"<html>log in</html>", False, False, "HTTP 200 OK (<html>log in</html>)"),
        (200, b"", False, False, "HTTP 200 OK"),
        (200, b'{"ok": false}', False, False, 'HTTP 200 OK ({"ok": false})'),
        (200, b'["ok"]', False, False, 'HTTP 200 OK (["ok"])'),
    ],
)
def test_an_answer_is_read(status: int, body: bytes, permanent: bool, denied: bool, words: str) -> None:  # noqa: FBT001
    said = answer_of(status, body, None)
    assert not said.accepted
    assert (said.answer.permanent, said.answer.denied, in_words(said.answer, "")) == (permanent, denied, words)


def test_a_name_that_is_none_is_not_kept() -> None:
    said = answer_of(200, b'{"ok": true, "channel": "C0 x", "ts": "1.2 ops=3.4"}', None)
    assert (said.accepted, said.ts, said.answer.words) == (True, "", "ok")


def test_a_rate_limit_says_how_long_to_rest(slack: Slack, sender: MediumSender) -> None:
    slack.faults = in_turn(429)
    caught = refused(sender)
    assert (caught.retry_after, caught.permanent, caught.denied) == (1, False, False)


def test_the_servers_own_rate_is_answered_the_same(slack: Slack, sender: MediumSender) -> None:
    slack.rate = 0.5
    sender.send(message())
    assert refused(sender).retry_after == 2


def test_a_redirect_is_not_followed(slack: Slack, sender: MediumSender) -> None:
    slack.faults = in_turn(302)
    assert "a redirect, which is not followed" in str(refused(sender))
    assert len(slack.asked) == 1


@pytest.mark.parametrize("how", ["reset", "late"])
def test_a_connection_that_breaks_may_pass(slack: Slack, sender: MediumSender, how: str) -> None:
    slack.faults = in_turn(how)
    caught = refused(sender)
    assert (caught.permanent, caught.denied) == (False, False)
    sender.send(message())


def test_nobody_at_the_other_end_may_pass() -> None:
    caught = refused(opened(f"slack://{HOOK}?api=http://127.0.0.1:1"))
    assert (caught.permanent, caught.denied) == (False, False)
    assert str(caught) == "Slack did not accept the message: [Errno 111] Connection refused"


def test_a_server_that_says_nothing_is_given_up_in_time(slack: Slack) -> None:
    slack.faults = in_turn("hang")
    caught = refused(opened(slack.hook(), timeout=0.6))
    assert not caught.permanent


def test_a_server_that_drips_is_left_behind(slack: Slack) -> None:
    slack.faults = in_turn("drip")
    sender = opened(slack.hook(), timeout=0.5)
    assert str(refused(sender)) == "Slack gave no answer within 0.5 s"
    assert str(refused(sender)) == "Slack has not answered the previous try yet"
    assert len(slack.asked) == 1


def test_a_long_answer_is_cut() -> None:
    assert len(answer_of(500, b"x" * 200_000, None).answer.words) < 300


# blocks that are not taken


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "invalid_payload"])
def test_blocks_that_are_not_taken_are_said_as_text(slack: Slack, sender: MediumSender, error: str) -> None:
    slack.faults = in_turn(error)
    receipt = sender.send(message())
    assert receipt.detail == f"ok as plain text; with blocks: {error}"
    (posted,) = slack.accepted
    assert "blocks" not in posted.payload
    assert "https://wire.example/a" in posted.payload["text"]
    assert posted.key == KEY[:12]


def test_what_is_not_taken_as_text_either_is_given_up(slack: Slack, sender: MediumSender) -> None:
    slack.faults = in_turn("invalid_blocks", "invalid_blocks")
    assert refused(sender).permanent
    assert len(slack.asked) == 2


def test_slacks_own_words_say_which_block_it_was(slack: Slack) -> None:
    bad = message(payload=json.dumps({"text": "x", "blocks": [{"type": "video"}]}), title="", body="")
    assert "no_text: no text for notifications" in str(refused(opened(slack.bot("news")), bad))


# several places


def test_only_the_places_that_have_not_had_it_are_owed_it(slack: Slack) -> None:
    slack.archived.add("C0OPS")
    sender = opened(slack.bot("news", "ops"))
    caught = refused(sender)
    assert (caught.owed, caught.denied) == (("ops",), True)
    slack.archived.clear()
    sender.send(message(to=caught.owed))
    assert [one.channel for one in slack.accepted] == ["C0NEWS", "C0OPS"]


def test_where_nobody_has_had_it_all_are_owed_it(slack: Slack) -> None:
    slack.faults = in_turn(500, 500)
    assert refused(opened(slack.bot("news", "ops"))).owed == ()


def test_a_round_that_is_cut_off_owes_the_rest(slack: Slack) -> None:
    slack.faults = in_turn(None, "drip")
    caught = refused(opened(slack.bot("news", "ops"), timeout=3))
    assert caught.owed == ("ops",)
    assert [one.channel for one in slack.accepted] == ["C0NEWS"]


def test_who_is_owed_it_and_is_no_longer_named_is_not_asked(slack: Slack) -> None:
    opened(slack.bot("news")).send(message(to=("ops", "news")))
    opened(slack.bot("news")).send(message(to=("ops",)))
    assert [one.channel for one in slack.accepted] == ["C0NEWS", "C0NEWS"]


# URLs


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        (f"slack://{HOOK}", f"https://hooks.slack.com/services/{HOOK}"),
        (f"slack://{HOOK}?mode=gov-hook", f"https://hooks.slack-gov.com/services/{HOOK}"),
        (f"https://hooks.slack.com/services/{HOOK}", f"https://hooks.slack.com/services/{HOOK}"),
        (f"slack://{TOKEN}/#news", "https://slack.com/api/chat.postMessage"),
        (f"slack://{TOKEN}/#news/?api=https://slack-gov.com", "https://slack-gov.com/api/chat.postMessage"),
        (f"slack://{HOOK}?api=http://10.0.0.7:8080/slack/", f"http://10.0.0.7:8080/slack/services/{HOOK}"),
        ("slack://T05/F07/X1/Y2?mode=workflow", "https://hooks.slack.com/workflows/T05/F07/X1/Y2"),
        ("slack://T05/X1/Y2?mode=trigger", "https://hooks.slack.com/triggers/T05/X1/Y2"),
    ],
)
def test_apprises_urls_lead_where_they_did(url: str, endpoint: str) -> None:
    sender = opened(url)
    assert isinstance(sender, SlackSender)
    assert sender.medium == Blocks()
    assert sender._service.endpoint == endpoint
    again = Apprise.instantiate(sender._service.url())
    assert isinstance(again, SlackPlugin)
    assert again.endpoint == endpoint


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("slack://", "An invalid Slack (first) Token () was specified."),
        (f"slack://{TOKEN}/desk@wire.example", "an e-mail address is no place in Slack"),
        (f"slack://{TOKEN}/#{'x' * 33}", "a place in Slack is #name or +ID"),
        (f"slack://{HOOK}?api=http://slack.example", "api= must begin with https:// unless it is an address"),
        (f"slack://{HOOK}?api=ftp://127.0.0.1", "api= must be the beginning of a URL"),
        (f"slack://{HOOK}?api=https://", "api= must be the beginning of a URL"),
        (f"slack://{HOOK}?api=https://u:p@slack.example", "api= must be the beginning of a URL"),
        (f"slack://{HOOK}?api=https://[slack.example", "api= must be the beginning of a URL"),
        (f"slack://{HOOK}?api=https://slack.example/{{x}}", "api= must be the beginning of a URL"),
        (f"slack://{HOOK}?api=http://[2606:4700::1111]", "api= must begin with https:// unless it is an address"),
        (f"slack://{HOOK}?template=/etc/hostname", "a template of Apprise has no place here"),
        ("slack://T05/X1?mode=workflow", "requires exactly 4 path segments"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_at_load(url: str, reason: str) -> None:
    said = check(spec_of(url))
    assert said is not None
    assert reason in said
    assert not any(secret in said for secret in SECRETS)


def test_a_workflow_is_given_one_text(slack: Slack) -> None:
    slack.faults = in_turn(200)
    receipt = opened(f"slack://watcher@T05/F07/X1/Y2?mode=workflow&api={slack.base}").send(message())
    path, _, payload = slack.asked[0]
    assert path == "/workflows/T05/F07/X1/Y2"
    assert list(payload) == ["text"]
    assert payload["text"].startswith("[high] Quakes nearby: Quake near the harbour\n")
    assert receipt.detail == "ok"


# through apprise, and its logs


@pytest.mark.parametrize("form", [None, NotifyFormat.TEXT, NotifyFormat.MARKDOWN])
def test_a_text_that_goes_through_apprise_calls_nobody(slack: Slack, form: NotifyFormat | None) -> None:
    opened(slack.hook())
    call = Apprise()
    call.add(slack.hook())
    slack.faults = in_turn(200)
    call.notify(title="<!here>", body="<!channel> <https://evil.example|bank> & so", body_format=form)
    (_, _, payload), *_ = slack.asked
    (attachment,) = payload["attachments"]
    said = {"text": attachment["text"] + attachment["title"]}
    assert (calls(said), links(said)) == ([], [])
    assert payload["mrkdwn"] is False


def test_no_secret_is_logged(slack: Slack, caplog: pytest.LogCaptureFixture) -> None:
    from watcher.observe import Redactor

    redact = Redactor(urls=[slack.hook(), slack.bot("news")])
    with caplog.at_level(logging.DEBUG):
        for url in (slack.hook(), slack.bot("news")):
            slack.faults = in_turn(500)
            refused(opened(url))
    assert not any(secret in redact(record.getMessage()) for record in caplog.records for secret in SECRETS)
