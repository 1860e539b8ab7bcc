"""The entry of every command, which loads nothing that the one asked for may do without."""

from __future__ import annotations

import io
import os
import sys

COMMANDS = (
    "init",
    "run",
    "check",
    "test",
    "fetch",
    "explain",
    "why",
    "search",
    "backtest",
    "feeds",
    "rules",
    "label",
    "schema",
    "status",
    "alerts",
    "silence",
    "notify",
    "healthcheck",
    "backup",
    "doctor",
)
"""In the order a newcomer meets them; each is a module here with an object named `command`."""
PLACES = ("config/watcher.yaml", "watcher.yaml", "/etc/watcher/watcher.yaml")
"""Where the configuration is looked for when none is named."""


def main() -> None:
    """Entry point of `watcher`: every error is one clear line and its exit code, never a traceback."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["run"] and "--once" not in arguments:
        from watcher.run import hangup

        hangup.let_pass()
    _open_streams()
    sys.exit(outcome(arguments))


def outcome(arguments: list[str]) -> int:
    """Run a command line; what it exits with (0 good, 1 findings, 2 usage or internal, 78 not startable)."""
    if arguments[:1] == ["healthcheck"]:
        from watcher.cli.pulse import felt

        code = felt(arguments[1:], os.environ)
        if code is not None:
            return code
    from watcher.cli.commands import called

    return called(arguments)


def _open_streams() -> None:
    """Let every text be written: a stream that the caller closed takes all, a narrow encoding gets question marks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  quick, and for good
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        setattr(sys, name, stream)
