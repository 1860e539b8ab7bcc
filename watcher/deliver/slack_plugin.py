"""edge: a Slack URL as apprise's users know it -> where to post, and as whom. Loaded with apprise, so late.

Registered with apprise in the place of its own plugin, so that a text which goes through apprise is no markup either.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from ipaddress import ip_address
from typing import Any

from apprise import NotifyType
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins import N_MGR
from apprise.plugins.slack import CHANNEL_RE, NotifySlack, SlackMode

_API = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(/[\w.~-]+)*", re.ASCII)


class SlackPlugin(NotifySlack):
    """`api` is where Slack is to be found instead of slack.com: GovSlack, a gateway, a server on this machine."""

    def __init__(self, api: str = "", **given: Any) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call]
        self.api = api.rstrip("/")
        flaws = (self.api and _flaw_of_api(self.api), *map(_flaw_of_target, filter(None, self.channels)))
        template = "a template of Apprise has no place here: give the rule a `template:`" if self.template else ""
        for flaw in filter(None, (*flaws, template)):
            self.logger.warning(flaw)
            raise AppriseImproperlyConfigured(flaw)  # type: ignore[no-untyped-call]
        if self.api:
            self.webhook_url = self.webhook_gov_url = f"{self.api}/services"
            self.workflow_url, self.workflow_trigger_url = f"{self.api}/workflows", f"{self.api}/triggers"
            self.api_url = f"{self.api}/api/{{}}"

    @property
    def is_bot(self) -> bool:
        return bool(self.mode == SlackMode.BOT)

    @property
    def is_workflow(self) -> bool:
        """A workflow of Slack's is given one text, and answers anything."""
        return self.mode in {SlackMode.WORKFLOW, SlackMode.WORKFLOW_TRIGGER}

    @property
    def endpoint(self) -> str:
        """The URL that messages are posted to."""
        if self.is_bot:
            return self.api_url.format("chat.postMessage")
        base = {
            SlackMode.WEBHOOK: self.webhook_url,
            SlackMode.WEBHOOK_GOV: self.webhook_gov_url,
            SlackMode.WORKFLOW: self.workflow_url,
            SlackMode.WORKFLOW_TRIGGER: self.workflow_trigger_url,
        }[str(self.mode)]
        return "/".join([base, *(self.workflow_path or (self.token_a, self.token_b, self.token_c))])

    @property
    def headers(self) -> dict[str, str]:
        authorization = {"Authorization": f"Bearer {self.access_token}"} if self.is_bot else {}
        return {"Content-Type": "application/json; charset=utf-8", **authorization}

    def address(self, target: str) -> dict[str, str]:
        """What of a payload says where it goes, and by whom: apprise's +C012 is an id, all else a name.

        A workflow knows that itself.
        """
        if self.is_workflow:
            return {}
        name, _, thread = target.partition(":")
        channel = name[1:] if name[:1] == "+" else name if name[:1] in {"@", "#", ""} else f"#{name}"
        given = {"channel": channel, "thread_ts": thread, "username": self.user or ""}
        return {key: value for key, value in given.items() if value}

    # what apprise asks of a plugin

    @staticmethod
    def parse_url(url: str, **_given: Any) -> Any:  # type: ignore[override]
        results = NotifySlack.parse_url(url)  # type: ignore[no-untyped-call]
        if results:
            results["api"] = results["qsd"].get("api", "")
        return results

    def url_parameters(self, *args: Any, **given: Any) -> dict[str, Any]:
        return {**super().url_parameters(*args, **given), **({"api": self.api} if self.api else {})}

    def dialect_convert(self, body: str, *_args: Any, **_given: Any) -> str:
        """As it is: `send` escapes every text, whatever it is said to be."""
        return body

    def send(self, body: str, title: str = "", notify_type: Any = NotifyType.INFO, **_given: Any) -> bool:  # type: ignore[override]
        """What `Apprise.notify` calls: a text in which nothing is a call or a link."""
        return bool(super().send(escape(body, quote=False), title=title, notify_type=notify_type))  # type: ignore[no-untyped-call]


@cache
def register() -> None:
    """Have apprise make a SlackPlugin of a Slack URL from now on."""
    N_MGR.add(SlackPlugin, force=True)  # type: ignore[no-untyped-call]


def _flaw_of_target(target: str) -> str:
    if "@" in target[1:]:
        return "an e-mail address is no place in Slack: name the person by the member's id, as +U012AB3CD"
    return "" if CHANNEL_RE.match(target) else "a place in Slack is #name or +ID"


def _flaw_of_api(api: str) -> str:
    found = _API.fullmatch(api)
    if found is None:
        return "api= must be the beginning of a URL: https://host"
    if found["scheme"] == "http" and not _is_near(found["host"].strip("[]")):
        return "api= must begin with https:// unless it is an address of this machine or network"
    return ""


def _is_near(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False
