"""edge: message -> Slack, by a webhook or as a bot: one request for each of the channel's places in Slack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from watcher.deliver.apprise import service_of
from watcher.deliver.bounded import Bounded
from watcher.deliver.verdict import Answer, cause, http_answer, refusal
from watcher.errors import SendError
from watcher.model import ChannelSpec, Message, Receipt
from watcher.render import Blocks
from watcher.render.slack import without_blocks
from watcher.text.waits import retry_after

if TYPE_CHECKING:
    import requests

MOST_ANSWER = 128 * 1024
"""Bytes of an answer that are read: Slack repeats the message in it."""
LONGEST_WAIT = 24 * 3600.0
"""Seconds Slack can ask to be left alone."""
PASSING = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "internal_error",
        "fatal_error",
        "rollup_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)
"""What goes by itself, of the errors of chat.postMessage and of webhooks. An error of none of these sets waits for a
person: a token, an address or a permission that Slack does not accept."""
BLOCKS_REFUSED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "invalid_arguments",
        "msg_blocks_too_long",
        "msg_too_long",
        "missing_text_or_fallback_or_attachments",
        "no_text",
    }
)
"""What is wrong with this message: it is said again in plain text, and given up when that will not do either."""
THREAD_REFUSED = frozenset(
    {
        "thread_not_found",
        "message_not_found",
        "cannot_reply_to_message",
        "invalid_thread_ts",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    }
)
"""Why there can be no reply: the message comes into the channel itself."""
_WORD = re.compile(r"[a-z][a-z_]{1,60}")
_ID = re.compile(r"[A-Z0-9]{1,30}")
_TS = re.compile(r"\d{1,20}\.\d{1,20}")


class SlackSender:
    """One channel's place, or places, in Slack. A send ends within `timeout` seconds (bounded.py).

    What stands in a channel of Slack is known by its `ts`: a receipt's reference is "news=1503435956.000247 ...", and
    what refers to it comes into its thread. A webhook tells no `ts`, so there are no threads with it.
    """

    medium = Blocks()

    def __init__(self, spec: ChannelSpec, timeout: float) -> None:
        """Raises SendError, permanent, when the URL cannot be used."""
        from watcher.deliver.slack_plugin import register

        register()
        self._service = service_of(spec.url, timeout)
        self._targets: tuple[str, ...] = tuple(target or "" for target in self._service.channels)
        self._url = spec.url
        self._bounded: Bounded[list[Said]] = Bounded("Slack", timeout)
        self._session: requests.Session | None = None

    def send(self, message: Message) -> Receipt:
        owed = [target for target in self._targets if target in message.to] or list(self._targets)
        had: dict[str, Said] = {}
        try:
            refused = self._bounded(lambda: list(self._round(message, owed, had)))
        except SendError as error:
            self._owing(error, owed, had)
            raise
        if refused:
            raise self._owing(refusal("Slack", [said.answer for said in refused], self._url), owed, had)
        details = dict.fromkeys(said.answer.words for said in had.values())
        references = [f"{target}={said.ts}" for target, said in had.items() if said.ts]
        return Receipt(detail="; ".join(details), reference=" ".join(references))

    def rest(self) -> None:
        """Close the connection."""
        if self._session:
            self._session.close()
            self._session = None

    def shown(self, message: Message) -> str:
        """The payload, without the token and where it goes."""
        return json.dumps(self._payload(message), ensure_ascii=False, indent=2)

    def _owing(self, error: SendError, owed: Sequence[str], had: Mapping[str, Said]) -> SendError:
        error.owed = tuple(target for target in owed if target not in had) if had else ()
        return error

    def _round(self, message: Message, targets: Sequence[str], had: dict[str, Said]) -> Iterator[Said]:
        """What was refused; `had` gets what was accepted as soon as it is, since the round may be cut off."""
        threads = _threads(message)
        for target in targets:
            said = self._told(message, target, threads.get(target))
            if said.accepted:
                had[target] = said
            else:
                yield said

    def _told(self, message: Message, target: str, thread: str | None) -> Said:
        """The message said as well as Slack takes it: without its thread, or its blocks, if need be."""
        where = {**self._service.address(target), **({"thread_ts": thread} if thread else {})}
        said = self._asked({**self._payload(message), **where})
        if said.error in THREAD_REFUSED:
            del where["thread_ts"]
            said = self._asked({**self._payload(message), **where})
        if said.error in BLOCKS_REFUSED:
            first = said.error
            said = self._asked({**json.loads(without_blocks(message)), **where})
            if said.accepted:
                said = said._replace(answer=Answer(words=f"ok as plain text; with blocks: {first}"))
        return said

    def _payload(self, message: Message) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(message.payload or without_blocks(message))
        return {"text": json.loads(without_blocks(message))["text"]} if self._service.is_workflow else payload

    def _asked(self, payload: Mapping[str, Any]) -> Said:
        import requests

        if self._session is None:
            self._session = requests.Session()
        try:
            with self._session.post(
                self._service.endpoint,
                data=json.dumps(payload).encode(),
                headers=self._service.headers,
                auth=lambda request: request,  # ~/.netrc is not asked
                timeout=self._service.request_timeout,
                verify=self._service.verify_certificate,
                allow_redirects=False,
                stream=True,
            ) as response:
                wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC), LONGEST_WAIT)
                return answer_of(response.status_code, _beginning(response), wait, any_body=self._service.is_workflow)
        except requests.RequestException as error:
            return Said(answer=Answer(words=cause(str(error))))


class Said(NamedTuple):
    """What Slack answered."""

    answer: Answer
    accepted: bool = False
    ts: str = ""
    error: str = ""


def answer_of(status: int, body: bytes, wait: float | None, *, any_body: bool = False) -> Said:
    """An answer read: Slack's own word decides, whatever the status; a status alone only where there is none."""
    text = body.decode("utf-8", "replace")
    fields = _fields(body)
    error = str(fields.get("error") or "") if fields else text if _WORD.fullmatch(text) and text != "ok" else ""
    if status == 200 and (any_body or text == "ok" or fields.get("ok") is True):
        channel, ts = _named(fields.get("channel"), _ID), _named(fields.get("ts"), _TS)
        words = "ok" + (f" in {channel}" if channel else "") + (f" as {ts}" if ts else "")
        return Said(Answer(words=words), accepted=True, ts=ts)
    if error:
        more = "".join(f": {one}" for one in fields.get("errors", ())[:1])
        permanent = error in BLOCKS_REFUSED
        denied = not permanent and error not in PASSING and status < 500 and status != 429
        return Said(Answer(words=f"{error}{more}", permanent=permanent, denied=denied, wait=wait), error=error)
    if 300 <= status < 400:
        return Said(Answer(words=f"HTTP {status}, a redirect, which is not followed", denied=True))
    answer = http_answer(status, text, wait)
    if status in {404, 410}:
        answer = Answer(words=answer.words, said=answer.said, denied=True)
    return Said(answer)


def _fields(body: bytes) -> Mapping[str, Any]:
    """Those of a JSON object; none of anything else."""
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _named(value: object, form: re.Pattern[str]) -> str:
    """A name that Slack gave to something, where it is one."""
    return value if isinstance(value, str) and form.fullmatch(value) else ""


def _beginning(response: requests.Response) -> bytes:
    body = b""
    for chunk in response.iter_content(16 * 1024):
        body += chunk
        if len(body) >= MOST_ANSWER:
            break
    return body[:MOST_ANSWER]


def _threads(message: Message) -> dict[str, str]:
    """The `ts` of the message that this one belongs to, by place."""
    pairs = message.root.reference.split() if message.root else []
    return {target: ts for target, _, ts in (pair.rpartition("=") for pair in pairs)}
