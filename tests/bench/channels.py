"""What a channel costs: an alert rendered for it, and sent to its service on loopback, for each kind of channel.

    python -m tests.bench.channels

Microseconds of processor time an alert, the least of some runs; the service runs in the same process and is counted.
Beside sending stands the floor: what goes out, as `preview` shows it, posted to a plain HTTP server by http.client with
a connection each, or for mail given to the same server by smtplib over one connection that is kept, as ours is.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from smtplib import SMTP
from textwrap import fill
from typing import TypeVar

from tests.deliver.receivers import http_receiver, mail_server
from tests.deliver.slack_server import slack_server
from tests.render.alerts import alert, told
from watcher.deliver import open_sender
from watcher.model import AlertKey, ChannelName, ChannelSpec
from watcher.render import render

T = TypeVar("T")
RUNS, ALERTS = 5, 40
MOST = 10.0
"""Times the floor that sending may cost."""
TOLD = alert(told(), told("b", "A second quake", "A quake again, and again calm. " * 20))


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plain, mail = stack.enter_context(http_receiver()), stack.enter_context(mail_server())
        slack = stack.enter_context(slack_server())
        slack.rate = slack.burst = 10**9
        urls = {
            "webhook": f"webhook://{plain.host}/hook?secret={'x' * 32}",
            "slack": slack.bot("news"),
            "mail": f"mailto://{mail.host}?from=w@a.example&to=ann@b.example",
            "json (apprise)": f"json://{plain.host}/hook",
            "file": f"file://{folder / 'own.jsonl'}",
            "atom": f"atom://{folder / 'own.xml'}",
        }
        name, _, port = mail.host.partition(":")
        mailer = stack.enter_context(SMTP(name, int(port)))
        print(f"{'channel':14} {'render us':>10} {'length':>7} {'send us':>9} {'waited us':>10} {'floor us':>9}  ratio")
        ratios = []
        for kind, url in urls.items():
            plainly = partial(mailed, mailer) if kind == "mail" else partial(posted, plain.host)
            ratios.append(line(kind, url, plainly))
    sys.exit(1 if max(ratios) > MOST else 0)


def line(kind: str, url: str, plainly: Callable[[str], object]) -> float:
    spec = ChannelSpec(name=ChannelName("desk"), url=url)
    sender = open_sender(spec, stream=io.StringIO(), environ={}, timeout=30.0, allow_private=("127.0.0.0/8",))
    medium = sender.medium
    alerts = [replace(TOLD, key=AlertKey(f"{n:032x}")) for n in range(RUNS * ALERTS)]
    rendered, _ = spent(lambda each: render(each, medium, spec), alerts)
    messages = [render(each, medium, spec) for each in alerts]
    sent, waited = spent(sender.send, messages)
    sender.rest()
    texts = [fill(sender.shown(each), 900) for each in messages]  # no line longer than a mail may have
    floor, _ = spent(plainly, texts)
    costs = f"{rendered:10.0f} {len(texts[0]):7} {sent:9.0f} {waited:10.0f} {floor:9.0f}"
    print(f"{kind:14} {costs} {sent / floor:6.1f}", flush=True)
    return sent / floor


def posted(host: str, text: str) -> bytes:
    connection = HTTPConnection(host)
    connection.request("POST", "/hook", json.dumps(text), {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def mailed(mailer: SMTP, text: str) -> object:
    return mailer.sendmail("w@a.example", ["ann@b.example"], text.replace("\n", "\r\n").encode())


def spent(work: Callable[[T], object], given: Sequence[T]) -> tuple[float, float]:
    """Microseconds of processor time and of waiting for one of the given, the least of some runs."""
    runs = []
    for run in range(RUNS):
        begun, busy = time.perf_counter(), time.process_time()
        for each in given[run * ALERTS : (run + 1) * ALERTS]:
            work(each)
        runs.append((time.process_time() - busy, time.perf_counter() - begun))
    cpu, wall = (min(each) * 1e6 / ALERTS for each in zip(*runs, strict=True))
    return cpu, wall


if __name__ == "__main__":
    main()
