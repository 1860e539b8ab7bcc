"""Twelve secrets, each where a household keeps one, and services that say all they were sent: none comes out again."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.deliver.receivers import Mailbox, mail_server
from tests.servers import Request, Server, free_port, head, page
from tests.stories.house import House, rss, until

CANARIES = {
    name: f"Cnry{number:02}x{name[::-1]}QzW8"
    for number, name in enumerate(
        (
            "slack",
            "mail",
            "path",
            "signing",
            "basic",
            "literal",
            "header",
            "gotify",
            "ntfy",
            "alive",
            "file",
            "form",
        )
    )
}
"""By where each stands."""
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # on loopback


def forms(secret: str) -> set[bytes]:
    """A secret as it may come out: as it is, quoted, and with its user as HTTP and SMTP send it."""
    plain = secret.encode()
    pairs = [b64encode(before + plain) for before in (b"", b"ann:", b"\0ann\0")]
    return {plain, quote(secret).encode(), *(pair.rstrip(b"=")[4:-4] for pair in pairs)}


def found(where: str, output: bytes) -> list[str]:
    """The secrets in there, and where that is."""
    return [f"{name} in {where}" for name, secret in CANARIES.items() if any(form in output for form in forms(secret))]


async def gossip(request: Request, writer: asyncio.StreamWriter) -> None:
    """A service that refuses and says all it was sent: request line, headers and body."""
    said = f"{request.method} {request.path}\n{dict(request.headers)}\n".encode() + request.body
    writer.write(head(500, {"Content-Length": str(len(said)), "Content-Type": "text/plain"}) + said)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server(login=True) as mailbox:
        yield mailbox


@pytest.fixture
def secretive(house: House, server: Server, mailbox: Mailbox) -> House:
    """A house in which everything fails and talks about it."""
    c, host = CANARIES, f"127.0.0.1:{server.port}"
    paths = (f"/{c['path']}", "/signed", "/basic", "/literal", "/header", "/message", "/topic", "/", "/form", "/file")
    for path in (*paths, f"/alive/{c['alive']}", "/chat.postMessage", f"/hook/{c['file']}"):
        server[path] = gossip
    server["/feed"] = page(rss([("1", "Air strike reported"), ("2", "Another strike")]))
    server["/broken"] = gossip
    mailbox.replies["MAIL"] = (
        f"550 5.7.1 ann:{c['mail']} may not, nor {b64encode(b'ann:' + c['mail'].encode()).decode()}"
    )
    (house.config.parent / "mail-password").write_text(c["mail"] + "\n", "utf-8")
    (house.config.parent / "hook").write_text(c["file"] + "\n", "utf-8")
    (house.root / "credentials").mkdir()
    (house.root / "credentials" / "path").write_text(c["path"], "utf-8")
    for secret in (house.config.parent / "mail-password", house.config.parent / "hook"):
        secret.chmod(0o600)
    house.settings(
        feeds=[
            {"id": "feed", "url": server.url("/feed"), "baseline": "alert"},
            {"id": "broken", "url": server.url("/broken")},
        ],
        channels=[
            {"name": "slack", "url": f"slack://xoxb-${{env:SLACK}}/C0NEWS?api={server.url('')}"},
            {
                "name": "mail",
                "url": f"mailto://ann:${{file:mail-password}}@{mailbox.host}?to=bob@news.example&from=watch@news.example",
            },
            {"name": "path", "url": f"webhook://{host}/${{cred:path}}"},
            {"name": "signing", "url": f"webhook://{host}/signed?secret=${{env:SIGNING}}{'s' * 8}"},
            {"name": "basic", "url": f"webhook://ann:${{env:BASIC}}@{host}/basic"},
            {"name": "literal", "url": f"json://ann:{c['literal']}@{host}/literal"},
            {"name": "header", "url": f"json://{host}/header?+X-Api-Key=${{env:HEADER}}"},
            {"name": "gotify", "url": f"gotify://{host}/${{env:GOTIFY}}"},
            {"name": "ntfy", "url": f"ntfy://{c['ntfy']}@{host}/topic?auth=token"},
            {"name": "file", "url": f"webhook://{host}/hook/${{file:hook}}"},
            {"name": "form", "url": f"form://{host}/form?:key=${{env:FORM}}"},
        ],
        heartbeat={"url": "${env:ALIVE}", "every": "1s"},
        delivery={"ladder": ["1s"], "give_up_after": "1.5s", "timeout": "5s"},
        http={"listen": f"127.0.0.1:{free_port()}"},
    )
    return house


def environment(house: House, server: Server) -> dict[str, str]:
    named = {name.upper(): CANARIES[name] for name in ("slack", "signing", "basic", "header", "gotify", "form")}
    alive = server.url(f"/alive/{CANARIES['alive']}")
    return {**named, "ALIVE": alive, "CREDENTIALS_DIRECTORY": str(house.root / "credentials")}


def test_no_secret_comes_out_anywhere(secretive: House, server: Server) -> None:
    house, env = secretive, environment(secretive, server)
    leaks: list[str] = []
    with house.daemon("--debug", env=env) as daemon:
        until(lambda: len(dead(house, env)) >= 22, "each alert given up on each channel")
        server.wait(f"/alive/{CANARIES['alive']}")
        for path in ("/healthz", "/readyz", "/metrics", "/nothing"):
            leaks += found(path, answer(house, path))
        leaks += found("doctor beside it", house.watcher("doctor", "--json", env=env).stdout.encode())
        daemon.stop()
    leaks += found("the log at every level, with tracebacks", daemon.err.encode()) + found(
        "stdout", daemon.out.encode()
    )
    for words in commands(house, dead(house, env)[0]["key"]):
        done = house.watcher(*words, env=env)
        leaks += found(" ".join(words), (done.stdout + done.stderr).encode())
    for file in house.root.joinpath("var").rglob("*"):
        leaks += found(file.name, file.read_bytes()) if file.is_file() else []
    assert leaks == []


def test_the_services_did_hear_the_secrets(secretive: House, server: Server, mailbox: Mailbox) -> None:
    """Else the other test would find nothing whatever was shown."""
    house, env = secretive, environment(secretive, server)
    house.watcher("run", "--once", env=env)
    heard = "\n".join(f"{r.path} {dict(r.headers)} {r.body!r}" for r in server.requests).encode()
    heard += b"".join(word for pair in mailbox.logins for word in pair)
    unheard = {name for name, secret in CANARIES.items() if not any(form in heard for form in forms(secret))}
    assert unheard <= {"signing", "alive"}, "a key signs and is not sent; the heartbeat's URL is called by the daemon"


def answer(house: House, path: str) -> bytes:
    listen = json.loads(house.config.read_text("utf-8"))["http"]["listen"]
    try:
        with urlopen(f"http://{listen}{path}", timeout=10) as said:
            return cast(bytes, said.read())
    except HTTPError as error:
        return error.read()


def test_a_backup_and_a_broken_file_hold_none(secretive: House, server: Server) -> None:
    house, env = secretive, environment(secretive, server)
    house.watcher("run", "--once", env=env)
    house.watcher("backup", env=env)
    copies = list((house.root / "var" / "backups").iterdir())
    assert copies, "a copy was made"
    leaks = [leak for copy in copies for leak in found("the backup", copy.read_bytes())]
    house.config.write_text(house.config.read_text("utf-8")[:-400] + "\n\t}", "utf-8")
    for words in (["check"], ["run"], ["run", "--debug"], ["status"], ["doctor"], ["backup"], ["healthcheck"]):
        done = house.watcher(*words, env=env)
        assert done.returncode, f"{words} goes by a broken file"
        leaks += found(f"{words} of a broken file", (done.stdout + done.stderr).encode())
    assert leaks == []


def dead(house: House, env: Mapping[str, str]) -> list[dict[str, str]]:
    done = house.watcher("alerts", "dead", "--json", env=env)
    return [json.loads(line) for line in done.stdout.splitlines()]


def commands(house: House, key: str) -> Iterator[tuple[str, ...]]:
    yield from (("status",), ("status", "--json"), ("check",), ("check", "--json"), ("check", "--sarif"))
    yield from (("alerts", "show", key), ("alerts", "show", key, "--json"), ("alerts", "dead"), ("alerts", "--debug"))
    yield from (
        ("notify", "test"),
        ("notify", "test", "--json", "--debug"),
        ("rules", "list"),
        ("healthcheck",),
        ("doctor",),
    )
    yield from (("alerts", "preview", "--json"), ("fetch", house.config.as_uri(), "--debug"))
