"""Every way out of the process stands in this table: what asks the network is watcher/fetch, or the sender of a channel
that its operator named. Another way is a decision of its own: it asks the guard, and stands here with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "watcher"
DOORS = {
    # the guarded ones
    "fetch/answer.py": {"http.client", "httpx"},  # names of statuses; an answer
    "fetch/connect.py": {"aiohttp", "socket", "ssl", "getaddrinfo()"},  # sockets for checked addresses
    "fetch/http.py": {"aiohttp", "httpx", "httpx_aiohttp"},
    "fetch/metered.py": {"aiohttp"},
    "fetch/proxy.py": {"aiohttp", "http.client", "httpcore", "httpx", "socket", "ssl"},
    "fetch/trail.py": {"httpx"},  # URLs
    "deliver/webhook.py": {"http.client", "socket", "ssl", "getaddrinfo()"},  # by the same guard
    # the operator's own channels
    "deliver/apprise.py": {"apprise", "requests"},
    "deliver/mail.py": {"smtplib", "ssl"},
    "deliver/mail_plugin.py": {"apprise"},
    "deliver/slack.py": {"requests"},
    "deliver/slack_plugin.py": {"apprise"},
    "deliver/smtp.py": {"smtplib", "socket", "ssl"},
    "deliver/trouble.py": {"socket", "ssl"},  # names of errors
    # this machine
    "run/notify.py": {"socket"},  # the supervisor's
    "run/serve.py": {"start_server()"},  # probes come in here
    "run/worker.py": {"subprocess"},  # the parser
    "cli/commands.py": {"import_module()"},  # our own commands
}
LIBRARIES = frozenset({
    "aiohttp", "anyio", "apprise", "ftplib", "http.client", "http.server", "httpcore", "httpx", "httpx_aiohttp",
    "imaplib", "multiprocessing", "nntplib", "poplib", "pycurl", "requests", "smtplib", "socket", "socketserver", "ssl",
    "subprocess", "telnetlib", "urllib.request", "urllib3", "webbrowser", "xmlrpc",
})  # fmt: skip
CALLS = frozenset({
    "__import__", "create_connection", "create_datagram_endpoint", "create_server", "create_subprocess_exec",
    "create_subprocess_shell", "create_unix_connection", "create_unix_server", "execv", "execve", "getaddrinfo",
    "import_module", "open_connection", "open_unix_connection", "popen", "posix_spawn", "sock_connect", "start_server",
    "start_unix_server", "subprocess_exec", "subprocess_shell", "urlopen", "urlretrieve",
})  # fmt: skip


def ways_out(source: str) -> set[str]:
    """The libraries and calls in a module that reach out of the process, wherever in it they stand."""
    return {way for node in ast.walk(ast.parse(source)) for way in _ways(node)}


def _ways(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            imported = [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            imported = [module, *(f"{module}.{alias.name}" for alias in names)]
        case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called)) if called in CALLS:
            yield f"{called}()"
            return
        case _:
            return
    for name in imported:
        yield from (library for library in LIBRARIES if name == library or name.startswith(f"{library}."))


def test_no_module_can_make_a_request_but_those_named_here() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): ways_out(path.read_text()) for path in PACKAGE.rglob("*.py")}
    assert {name: ways for name, ways in sorted(found.items()) if ways} == dict(sorted(DOORS.items()))


def test_feedparser_which_opens_urls_is_given_streams_by_the_parser_alone() -> None:
    """`feedparser.parse` opens what looks like a URL or a path: only a stream may be given to it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom) and "feedparser" in ast.unparse(node).split(".")[0]:
                assert path.parent.name == "parse", path
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse":
                assert ast.unparse(node.args[0]).startswith("BytesIO("), path


@pytest.mark.parametrize(
    ("source", "ways"),
    [
        ("import httpx", {"httpx"}),
        ("import urllib.request as u", {"urllib.request"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.parse import urlsplit", set()),
        ("from http import HTTPStatus", set()),
        ("from http import client", {"http.client"}),
        ("def f():\n    from requests.sessions import Session", {"requests"}),
        ("async def f(loop):\n    await loop.create_connection(x)", {"create_connection()"}),
        ("open_connection('a', 1)", {"open_connection()"}),
        ("__import__('socket')", {"__import__()"}),
    ],
)
def test_a_way_out_is_seen_however_it_is_written(source: str, ways: set[str]) -> None:
    assert ways_out(source) == ways
