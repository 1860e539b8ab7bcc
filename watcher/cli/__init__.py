"""The command line: one file a command, imported only when it is the one asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from watcher import __version__
from watcher.errors import ConfigError, WatcherError

COMMANDS = (
    "run",
    "check",
    "fetch",
    "explain",
    "why",
    "search",
    "status",
    "alerts",
    "notify",
    "healthcheck",
)
"""In the order a newcomer meets them; each is a module here with an object named `command`."""


class LazyGroup(click.Group):
    """Finds a command by importing its module, so that `healthcheck` never pays for `run`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"watcher.cli.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="watcher")
def watcher() -> None:
    """Watch feeds against rules and alert once for each match."""


def main() -> NoReturn:
    """Entry point of `watcher`: every error is one clear line and its exit code, never a traceback."""
    sys.exit(outcome(sys.argv[1:]))


def outcome(arguments: list[str]) -> int:
    """Run a command line; what it exits with (0 good, 1 findings, 2 usage or internal, 78 not startable)."""
    debug = "--debug" in arguments
    try:
        result = watcher.main(args=arguments, prog_name="watcher", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; nothing more to flush
        return 0
    except WatcherError as error:
        if debug:
            raise
        _show(error)
        return error.exit_code
    except Exception as error:
        if debug:
            raise
        click.echo(f"watcher: internal error: {type(error).__name__}: {one_line(str(error))}", err=True)
        click.echo("watcher: please report it; `--debug` shows where it happened", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _show(error: WatcherError) -> None:
    if isinstance(error, ConfigError):
        from watcher.cli.common import show_findings

        show_findings(error.findings)
    click.echo(f"watcher: {one_line(str(error))}", err=True)


def one_line(text: str) -> str:
    """Text from anywhere, fit for one line of a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
