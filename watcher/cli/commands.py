"""The command line: one file a command, imported only when it is the one asked for."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from importlib.util import find_spec

import click

from watcher import __version__
from watcher.cli import COMMANDS
from watcher.errors import ConfigError, WatcherError
from watcher.text.shown import one_line


class LazyGroup(click.Group):
    """Finds a command by importing its module, so that `schema` never pays for `run`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"watcher.cli.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found


_END = (
    "Begin with `watcher init`, then `watcher run`. Options come behind the command. Exit codes: 0 good, 1 something "
    "was found, 2 wrong usage or an internal error, 78 cannot run until somebody mends what the last line says."
)


_EXTRAS = {"articles": "trafilatura", "lang": "py3langid"}


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click hands it on so
    if asked:
        found = [extra for extra, module in _EXTRAS.items() if find_spec(module)]
        click.echo(f"watcher, version {__version__}" + f" (extras: {', '.join(found)})" * bool(found))
        ctx.exit()


@click.group(
    cls=LazyGroup, epilog=_END, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def watcher() -> None:
    """Watch feeds against rules and alert once for each match."""


def called(arguments: list[str]) -> int:
    """Run a command line; what it exits with (0 good, 1 findings, 2 usage or internal, 78 not startable)."""
    debug = "--debug" in arguments
    try:
        result = watcher.main(args=arguments, prog_name="watcher", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; nothing more to flush
        return 0
    except WatcherError as error:
        _trace(error, debug=debug)
        _show(error)
        return error.exit_code
    except OSError as error:
        _trace(error, debug=debug)
        click.echo(f"watcher: {_said(error)}", err=True)
        return 2
    except MemoryError as error:
        _trace(error, debug=debug)
        click.echo("watcher: out of memory; raise this process's limit (MemoryMax, ulimit -v)", err=True)
        return 2
    except Exception as error:  # noqa: BLE001  whatever it is, people get a line
        _trace(error, debug=debug)
        click.echo(f"watcher: internal error: {type(error).__name__}: {one_line(str(error))}", err=True)
        click.echo("watcher: please report it; `--debug` shows where it happened", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _said(error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and not error.filename:  # of os.getcwd()
        return "the folder that it was started in is not there any more; start it in another one"
    where = f" ({one_line(str(error.filename))})" if error.filename else ""
    return f"{(error.strerror or str(error)).lower()}{where}"


def _trace(error: Exception, *, debug: bool) -> None:
    """Where an error came from, for whoever asked, without what looks like a secret."""
    if debug:
        from watcher.observe import Redactor

        click.echo(Redactor()("".join(traceback.format_exception(error))), err=True, nl=False)


def _show(error: WatcherError) -> None:
    if isinstance(error, ConfigError):
        from watcher.cli.common import show_findings

        show_findings(error.findings, error.source)
    click.echo(f"watcher: {one_line(str(error))}", err=True)
