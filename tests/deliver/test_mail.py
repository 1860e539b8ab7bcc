"""E-mail, against a server that answers to order."""

from __future__ import annotations

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.deliver.receivers import CERTIFICATE, Mailbox, mail_server
from tests.stories.house import until
from watcher.deliver import check, open_sender, smtp
from watcher.deliver.mail import MailSender
from watcher.deliver.mime import mime
from watcher.errors import SendError
from watcher.model import AlertKey, ChannelName, ChannelSpec, Message, Receipt, Root, Severity
from watcher.render import Mail

pytestmark = [
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),  # of the server
]
KEY = AlertKey("0123456789abcdef" * 2)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = "from=Desk <watcher@a.example>&to=desk@b.example,Bo <bo@b.example>&cc=c@b.example&bcc=secret@b.example"


def spec_of(url: str) -> ChannelSpec:
    return ChannelSpec(name=ChannelName("desk"), url=url)


def opened(url: str, timeout: float = 5) -> MailSender:
    return MailSender(spec_of(url), timeout, now=lambda: NOON)


def mailto(mailbox: Mailbox, query: str = "", timeout: float = 5, *, people: str = PEOPLE) -> MailSender:
    return opened(f"mailto://{mailbox.host}?{people}{query}", timeout)


def message(body: str = "A quake.", title: str = "[high] Quakes", **more: object) -> Message:
    fields = {"key": KEY, "severity": Severity.HIGH, "html": "<p>A <b>quake</b>.</p>", **more}
    return Message(title=title, body=body, **fields)  # type: ignore[arg-type]


def refused(sender: MailSender, one: Message | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        sender.send(one or message())
    return caught.value


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as one:
        yield one


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


# the mail


def test_a_mail_has_its_parts_and_headers(mailbox: Mailbox) -> None:
    sender = mailto(mailbox, "&reply=answers@a.example")
    receipt = sender.send(message("Größe <b>&\n地震\n", title="[high] Größe: 地震"))
    (mail,) = mailbox.mails
    assert {name: str(mail[name]) for name in mail.keys() if not name.startswith("Content")} == {  # noqa: SIM118
        "Subject": "[high] Größe: 地震",
        "From": "Desk <watcher@a.example>",
        "To": "desk@b.example, Bo <bo@b.example>",
        "Cc": "c@b.example",
        "Reply-To": "answers@a.example",
        "Date": "Sun, 01 Mar 2026 12:00:00 +0000",
        "Message-ID": f"<{KEY}@a.example>",
        "List-Id": "<desk.a.example>",
        "Auto-Submitted": "auto-generated",
        "X-Watcher-Alert": KEY,
        "MIME-Version": "1.0",
    }
    assert mail.get_content_type() == "multipart/alternative"
    assert parts(mail) == ("Größe <b>&\n地震\n", "<p>A <b>quake</b>.</p>\n")
    assert receipt == Receipt(detail="250 accepted", reference=f"<{KEY}@a.example>")


def parts(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content().replace("\r\n", "\n"), html.get_content()  # base64 keeps the line ends of the wire


def test_hidden_recipients_get_it_and_stand_nowhere(mailbox: Mailbox) -> None:
    mailto(mailbox).send(message())
    people = ["desk@b.example", "bo@b.example", "c@b.example", "secret@b.example"]
    assert mailbox.envelopes == [("watcher@a.example", people)]
    assert b"secret@" not in mailbox.sources[0]


def test_updates_of_a_story_hang_on_its_first_mail(mailbox: Mailbox) -> None:
    sender = mailto(mailbox)
    root = AlertKey("f" * 32)
    sender.send(message(root=Root(key=root)))
    sender.send(message(root=Root(key=root, reference="<other@old.example>")))
    sender.send(message(root=Root(key=root, reference="#news=1503435956.000247")))
    ours = f"<{root}@a.example>"
    assert [str(mail["In-Reply-To"]) for mail in mailbox.mails] == [ours, "<other@old.example>", ours]
    assert [str(mail["References"]) for mail in mailbox.mails] == [ours, "<other@old.example>", ours]


def test_a_mail_can_be_text_alone(mailbox: Mailbox) -> None:
    mailto(mailbox, "&format=text").send(message())
    assert mailbox.mails[0].get_content_type() == "text/plain"
    assert mailbox.mails[0].get_content() == "A quake.\n"


def test_headers_of_the_url_are_sent_and_not_shown(mailbox: Mailbox) -> None:
    sender = mailto(mailbox, "&+X-Token=T0pSecret&+Subject=forged&+X Y=z")
    sender.send(message())
    (mail,) = mailbox.mails
    assert (mail["X-Token"], mail.get_all("Subject")) == ("T0pSecret", ["[high] Quakes"])
    assert "X-Token: ***" in sender.shown(message())


def test_what_is_shown_is_the_mails_source() -> None:
    shown = opened("mailtos://desk:hunter2token@mail.example").shown(message("Größe"))
    source = message_from_bytes(shown.encode(), policy=policy.default)
    assert isinstance(source, EmailMessage)
    assert parts(source)[0] == "Größe\n"
    assert source["Date"] is None
    assert "hunter2token" not in shown


@pytest.mark.parametrize("field", ["title", "body", "html"])
@pytest.mark.parametrize(
    "text",
    ["Quake\r\nBcc: all@c.example\r\n\r\nforged", "a\n.\r\nQUIT\r\n", "\u2028Bcc: x\x0bBcc: y\x85z", "\ud800\x00"],
)
def test_no_text_adds_a_header_a_mail_or_a_command(mailbox: Mailbox, field: str, text: str) -> None:
    mailto(mailbox).send(message(**{field: text}))
    ((mail,), (_, people)) = mailbox.mails, mailbox.envelopes[0]
    assert mail["Bcc"] is None
    assert len(people) == 4
    assert mail.get_content_type() == "multipart/alternative"
    assert mailbox.commands.count("QUIT") == 0


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.text(max_size=400), st.integers(1, 3))
@example("地" * 120, "x" * 5000, 1)
@example("=?utf-8?q?forged?= " * 6, "From here\n.\n..\n", 1)
@example("word " * 24, "\t \n  \n", 1)
def test_any_text_arrives_in_lines_that_every_server_takes(title: str, body: str, times: int) -> None:
    envelope = opened(f"mailto://127.0.0.1?{PEOPLE}")._envelope
    source = mime(message(body * times, title=title), envelope, NOON).as_bytes()
    source.decode("ascii")
    lines = source.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    mail = message_from_bytes(source, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert sorted(mail.keys()).count("Subject") == 1
    assert mail.defects == []
    text, _ = parts(mail)
    assert text.split() == (body * times).encode("utf-8", "replace").decode().split()
    shown = re.sub(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", title)
    assert str(mail["Subject"]).replace("=\u200b?", "=?").split() == shown.split()


@pytest.mark.parametrize(
    "word",
    [
        "=?utf-8?q?Quake=0D=0ABcc:_all@c.example?=",
        "=?utf-8?b?UXVha2UNCkJjYzogYWxsQGMuZXhhbXBsZQ==?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3FQuake=0ABcc:_x=3F=3D?=",
        "Quake =\x00?utf-8?q?=0D=0ABcc:_x?=",
        "Quake =\u202e?utf-8?q?=0D=0ABcc:_x?=",
    ],
)
def test_an_encoded_word_in_a_title_is_not_decoded(mailbox: Mailbox, word: str) -> None:
    mailto(mailbox).send(message(title=word))
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).replace("\u200b", "") == re.sub("[\x00\u202e]", "", word)


def test_a_subject_in_ascii_stands_in_one_line(mailbox: Mailbox) -> None:
    title = "[high] Strikes of ambulance crews: Ambulance crews walk out in the north"
    mailto(mailbox).send(message(title=title))
    assert f"Subject: {title}\r\n".encode() in mailbox.sources[0]


@pytest.mark.parametrize("domain", ["b.example", "x" * 63 + ".example", "a." * 80 + "example"])
def test_long_addresses_and_ids_stay_whole(mailbox: Mailbox, domain: str) -> None:
    address = f"{'a' * 64}@{domain}"
    mailto(mailbox, people=f"from={address}&to={address},{address[1:]}").send(message(root=Root(key=KEY)))
    (mail,) = mailbox.mails
    assert mail["From"].addresses[0].addr_spec == address
    assert [one.addr_spec for one in mail["To"].addresses] == [address, address[1:]]
    assert re.fullmatch(r"<\S+@\S+>", str(mail["Message-ID"]))
    assert str(mail["In-Reply-To"]) == str(mail["Message-ID"])


# recipients


def test_who_has_to_wait_is_owed_it_and_nobody_gets_it_twice(mailbox: Mailbox) -> None:
    mailbox.recipient_replies = {"bo@b.example": "450 greylisted", "c@b.example": "550 no such user"}
    sender = mailto(mailbox)
    error = refused(sender)
    assert (error.owed, error.refused) == (("bo@b.example",), ("c@b.example",))
    assert (error.permanent, error.denied) == (False, False)
    assert str(error) == (
        "2 of 4 recipients have it, the others do not: "
        "bo@b.example (SMTP 450 greylisted), c@b.example (SMTP 550 no such user)"
    )
    mailbox.recipient_replies = {}
    sender.send(message(to=error.owed))
    assert [people for _, people in mailbox.envelopes] == [["desk@b.example", "secret@b.example"], ["bo@b.example"]]


def test_a_recipient_refused_for_good_is_named_and_the_others_have_it(mailbox: Mailbox) -> None:
    mailbox.recipient_replies = {"c@b.example": "550 no such user"}
    receipt = mailto(mailbox).send(message())
    assert receipt.detail == "250 accepted; refused for good: c@b.example (SMTP 550 no such user)"
    assert receipt.refused == ("c@b.example",)


def test_when_nobody_can_have_it_now_those_are_owed_it_who_may(mailbox: Mailbox) -> None:
    mailbox.recipient_reply = "550 no such user"
    mailbox.recipient_replies = {"bo@b.example": "452 full"}
    error = refused(mailto(mailbox))
    assert (error.owed, error.permanent) == (("bo@b.example",), False)
    mailbox.recipient_reply = "452 full"
    error = refused(mailto(mailbox))
    assert (error.owed, error.permanent) == ((), False)
    assert mailbox.mails == []


def test_unknown_recipients_alone_are_permanent(mailbox: Mailbox) -> None:
    mailbox.recipient_reply = "550 no such user"
    error = refused(mailto(mailbox))
    assert error.permanent
    assert "bo@b.example: SMTP 550 no such user" in str(error)


def test_very_many_refused_are_counted(mailbox: Mailbox) -> None:
    people = ",".join(f"p{n}@b.example" for n in range(20))
    mailbox.recipient_replies = {f"p{n}@b.example": "550 no" for n in range(1, 20)}
    detail = mailto(mailbox, people=f"from=w@a.example&to={people}").send(message()).detail
    assert detail.endswith("p5@b.example (SMTP 550 no), 14 more")


def test_what_is_owed_to_nobody_any_more_is_done(mailbox: Mailbox) -> None:
    receipt = mailto(mailbox).send(message(to=("left@b.example",)))
    assert receipt.detail == "those who had not had it are no recipients any more"
    assert mailbox.connections == 0


# what the server says


@pytest.mark.parametrize(
    ("command", "reply", "permanent", "denied"),
    [
        ("CONTENT", "451 try later", False, False),
        ("CONTENT", "421 closing", False, False),
        ("CONTENT", "552 mailbox full", True, False),
        ("CONTENT", "554 no spam", True, False),
        ("DATA", "451 not now", False, False),
        ("DATA", "554 no valid recipients", True, False),
        ("MAIL", "451 later", False, False),
        ("MAIL", "421 too many", False, False),
        ("MAIL", "552 too large", True, False),
        ("MAIL", "553 not your name", False, True),
        ("MAIL", "530 log in first", False, True),
        ("CONNECT", "421 busy", False, False),
        ("CONNECT", "554 not for you", False, True),
        ("EHLO", "421 go away", False, False),
        ("RCPT", "530 log in first", False, True),
        ("RCPT", "421 too many", False, False),
    ],
)
def test_the_reply_decides_whether_to_try_again(
    mailbox: Mailbox, command: str, reply: str, *, permanent: bool, denied: bool
) -> None:
    sender = mailto(mailbox, people="from=w@a.example&to=x@b.example")
    if command == "CONTENT":
        mailbox.reply = reply
    elif command == "RCPT":
        mailbox.recipient_reply = reply
    else:
        mailbox.replies = {command: reply}
        mailbox.replies |= {"HELO": reply} if command == "EHLO" else {}
    error = refused(sender)
    assert (error.permanent, error.denied, error.owed) == (permanent, denied, ())
    assert f"SMTP {reply}" in str(error)
    mailbox.reply, mailbox.recipient_reply, mailbox.replies = "250 ok", "250 ok", {}
    assert sender.send(message()).detail == "250 ok"
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("reply", "denied"),
    [("535 5.7.8 bad password", True), ("534 weak", True), ("454 later", False)],
)
def test_a_login_that_is_refused_waits_for_a_person_unless_it_may_pass(reply: str, denied: bool) -> None:  # noqa: FBT001
    with mail_server(login=True) as mailbox:
        mailbox.replies = {"AUTH": reply}
        error = refused(opened(f"mailto://desk:hunter2token@{mailbox.host}?from=w@a.example"))
    assert (error.denied, error.permanent) == (denied, False)
    assert f"SMTP {reply}" in str(error)
    assert "hunter2token" not in str(error)


def test_a_login_gives_the_name_and_the_password_of_the_url() -> None:
    with mail_server(login=True) as mailbox:
        opened(f"mailto://desk:p%40ss%20word@{mailbox.host}?from=w@a.example").send(message())
    assert mailbox.logins == [(b"desk", b"p@ss word")]
    assert len(mailbox.mails) == 1


def test_a_server_without_logins_is_denied(mailbox: Mailbox) -> None:
    error = refused(opened(f"mailto://desk:hunter2token@{mailbox.host}?from=w@a.example"))
    assert error.denied
    assert "offers no login" in str(error)
    assert mailbox.mails == []


# TLS


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
@pytest.mark.usefixtures("trusted")
def test_a_mail_goes_in_tls(tls: str) -> None:
    with mail_server(tls=tls, login=True) as mailbox:
        url = f"mailtos://desk:hunter2token@localhost:{mailbox.port}?from=w@a.example&to=x@b.example&mode={tls}"
        opened(url).send(message())
        assert len(mailbox.mails) == 1
        assert mailbox.logins == [(b"desk", b"hunter2token")]
        assert ("STARTTLS" in mailbox.commands) is (tls == "starttls")


@pytest.mark.parametrize("url", ["mailtos://desk:hunter2token@{0}", "mailto://desk:hunter2token@{0}?mode=starttls"])
def test_starttls_is_never_dropped_in_silence(mailbox: Mailbox, url: str) -> None:
    error = refused(opened(f"{url.format(mailbox.host)}{'&' if '?' in url else '?'}from=w@a.example"))
    assert error.denied
    assert "offers no STARTTLS" in str(error)
    assert mailbox.mails == []
    assert "AUTH" not in mailbox.commands


def test_starttls_that_is_refused_ends_it() -> None:
    with mail_server(tls="starttls") as mailbox:
        mailbox.replies = {"STARTTLS": "454 no certificate today"}
        error = refused(opened(f"mailtos://{mailbox.host}?from=w@a.example"))
        assert "SMTP 454 no certificate today" in str(error)
        assert mailbox.mails == []


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_certificate_that_nobody_vouches_for_is_not_accepted_unless_the_url_says_so(tls: str) -> None:
    with mail_server(tls=tls) as mailbox:
        url = f"mailtos://{mailbox.host}?from=w@a.example&mode={tls}"
        error = refused(opened(url))
        assert error.denied
        assert "the certificate is not accepted" in str(error)
        assert mailbox.mails == []
        opened(f"{url}&verify=no").send(message())
        assert len(mailbox.mails) == 1


# one connection for a batch


def test_a_batch_goes_over_one_connection_until_it_may_rest(mailbox: Mailbox) -> None:
    sender = mailto(mailbox)
    for _ in range(20):
        sender.send(message())
    assert (len(mailbox.mails), mailbox.connections) == (20, 1)
    sender.rest()
    sender.rest()
    until(lambda: mailbox.commands.count("QUIT") == 1, "a goodbye")
    sender.send(message())
    assert mailbox.connections == 2


def test_after_a_refusal_the_same_connection_takes_the_next(mailbox: Mailbox) -> None:
    sender = mailto(mailbox)
    mailbox.recipient_reply = "550 no"
    refused(sender)
    mailbox.recipient_reply, mailbox.reply = "250 ok", "552 too large"
    refused(sender)
    mailbox.reply = "250 accepted"
    sender.send(message())
    assert (mailbox.connections, mailbox.commands.count("RSET")) == (1, 2)
    assert mailbox.envelopes[0][1][0] == "desk@b.example"


@pytest.mark.parametrize("reply", ["500 what?", "421 leave me"])
def test_a_server_that_does_not_take_back_a_mail_is_asked_anew(mailbox: Mailbox, reply: str) -> None:
    sender = mailto(mailbox)
    mailbox.recipient_reply, mailbox.replies = "550 no", {"RSET": reply}
    refused(sender)
    mailbox.recipient_reply, mailbox.replies = "250 ok", {}
    sender.send(message())
    assert (len(mailbox.mails), mailbox.connections) == (1, 2)


def test_a_connection_that_is_gone_is_made_again(mailbox: Mailbox) -> None:
    sender = mailto(mailbox)
    sender.send(message())
    mailbox.replies = {"NOOP": "421 idle too long"}
    sender.send(message())
    mailbox.replies = {}
    assert (len(mailbox.mails), mailbox.connections) == (2, 2)


def test_a_worn_or_idle_connection_is_not_used_again(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = mailto(mailbox)
    monkeypatch.setattr(smtp, "MOST_MAILS", 2)
    for _ in range(5):
        sender.send(message())
    assert mailbox.connections == 3
    monkeypatch.setattr(smtp, "IDLE", -1.0)
    sender.send(message())
    assert mailbox.connections == 4


def test_a_connection_that_breaks_is_a_send_error_and_the_next_works(mailbox: Mailbox) -> None:
    sender = mailto(mailbox)
    mailbox.hang_up = True
    error = refused(sender)
    assert not error.permanent
    assert "the mail may have arrived" in str(error)
    mailbox.hang_up = False
    sender.send(message())


# time


def test_a_server_that_hangs_after_the_content_is_given_up_in_time_and_the_mail_may_have_arrived(
    mailbox: Mailbox,
) -> None:
    mailbox.hang = True
    sender = mailto(mailbox, timeout=0.8)
    error = refused(sender)
    assert (error.permanent, error.denied) == (False, False)
    assert str(error) == "127.0.0.1: no answer within 0.8 s while handing over the mail; the mail may have arrived"


@contextmanager
def listener(speak: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A port on which each connection is spoken to, until the end or until it is closed."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        speak(connection, over)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        with socket.create_connection(server.getsockname()):
            pass
        thread.join(10)


def silent(_: socket.socket, over: threading.Event) -> None:
    over.wait(60)


def dripping(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"220 hello\r\n")
    while not over.wait(0.02):
        connection.sendall(b"2")


def endless(connection: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        connection.sendall(b"220-hello\r\n" * 1000)


def babbling(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize(
    ("speak", "words"),
    [
        (silent, "no answer within 0.5 s while connecting"),
        (dripping, "gave no answer within 0.5 s while connecting"),
        (endless, "the connection was closed without an answer while connecting"),
        (babbling, "SMTP -1"),
    ],
)
def test_a_server_that_is_none_costs_no_more_than_the_time(
    speak: Callable[[socket.socket, threading.Event], None], words: str
) -> None:
    with listener(speak) as port:
        sender = opened(f"mailto://127.0.0.1:{port}?from=w@a.example", timeout=0.5 if "0.5 s" in words else 60)
        error = refused(sender)
    assert words in str(error)
    assert not error.permanent
    sender.rest()


def test_nobody_at_the_other_end_may_pass() -> None:
    error = refused(opened("mailto://127.0.0.1:1?from=w@a.example"))
    assert not error.permanent
    assert str(error) == "127.0.0.1: connection refused while connecting"


# URLs


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mailto://mail.example", "Invalid ~From~ email specified"),
        ("mailto://mail.example?from=w@a.example&to=desk@b.example,nobody", "nobody is no e-mail address"),
        ("mailto://mail.example?from=w@a.example&cc=nobody", "nobody is no e-mail address"),
        ("mailto://desk:hunter2token@mail.example", "in plain text: write the scheme as mailtos, or mode=insecure"),
        ("mailtos://desk:hunter2token@mail.example?mode=insecure", "the scheme mailtos promises TLS"),
        ("mailtos://desk:hunter2token@mail.example?mode=tls13", "secure mode specified (tls13) is invalid"),
        ("mailtos://desk:hunter2token@mail.example?pgp=encrypt", "PGP here"),
        ("mailtos://desk:hunter2t%C3%B6ken@mail.example", "without accents"),
    ],
)
def test_a_url_that_would_lose_somebody_or_something_is_refused(url: str, reason: str) -> None:
    said = check(spec_of(url))
    assert said is not None
    assert reason in said
    assert "hunter2t" not in said


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("mailto://desk:hunter2token@gmail.com", ("smtp.gmail.com", 587, "starttls", "desk@gmail.com")),
        ("mailtos://desk:hunter2token@mail.example", ("mail.example", 587, "starttls", "desk")),
        ("mailtos://desk:hunter2token@mail.example?mode=ssl", ("mail.example", 465, "ssl", "desk")),
        ("mailto://desk:hunter2token@mail.example?mode=insecure", ("mail.example", 25, "insecure", "desk")),
        ("mailto://desk:hunter2token@127.0.0.1?from=w@a.example", ("127.0.0.1", 25, "insecure", "desk")),
        ("mailtos://a.example?smtp=relay.example&user=x&pass=hunter2token", ("relay.example", 587, "starttls", "x")),
    ],
)
def test_a_url_is_read_as_apprise_does(url: str, server: tuple[str, int, str, str]) -> None:
    sender = opened(url)
    known = sender._line._server
    assert (known.host, known.port, known.mode, known.user) == server
    assert known.password == "hunter2token"
    assert "hunter2token" not in repr(known)
    assert isinstance(sender.medium, Mail)


def test_both_schemes_have_a_sender_of_ours() -> None:
    for scheme in ("mailto", "MAILTOS"):
        url = f"{scheme}://127.0.0.1?from=w@a.example"
        assert isinstance(open_sender(spec_of(url), stream=io.StringIO(), environ={}), MailSender)


def test_what_goes_through_apprise_itself_is_sent_the_same_way(mailbox: Mailbox) -> None:
    from apprise import Apprise

    opened("mailto://127.0.0.1?from=w@a.example")
    whole = Apprise()
    whole.add(f"mailto://{mailbox.host}?from=w@a.example&to=x@b.example")
    assert whole.notify(title="Quake\r\nBcc: all@c.example", body="At night.", body_format="text")
    mailbox.reply = "451 later"
    assert not whole.notify(title="Quake", body="At night.", body_format="text")
    (mail,) = mailbox.mails
    assert (mail["Subject"], mail["Auto-Submitted"], mail["Bcc"]) == (
        "Quake Bcc: all@c.example",
        "auto-generated",
        None,
    )
