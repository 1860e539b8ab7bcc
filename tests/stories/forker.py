"""Commands and daemons by the dozen: one process that has loaded everything, and forks one for each line it is given.

A command started this way runs `watcher.cli.main` as `python -m watcher` does, only that it need not load the watcher
first. A daemon runs `watcher.app.daemon.run` with three differences: it looks at things twenty times a second, parses
in its own process, and finds the system's certificates read already. `python -m tests.stories.forker KIND` is the
process that forks.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import io
import json
import os
import select
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from watcher.cli import COMMANDS
from watcher.cli import main as main_of_commands

ROOT = Path(__file__).parents[2]


class Child:
    """What was forked, to be used as a Popen. `status` is what waitpid says, once it has ended."""

    def __init__(self, err: Path) -> None:
        self.began = self.ended = time.time()
        self.pid = 0
        self.status = 0
        self.cpu = 0.0
        self._err = err
        self._started, self._done = threading.Event(), threading.Event()

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status)

    @property
    def code(self) -> int:
        return os.waitstatus_to_exitcode(self.status)

    @property
    def err(self) -> str:
        """What it has said so far."""
        return self._err.read_text("utf-8") if self._err.exists() else ""

    @property
    def passed(self) -> Mapping[str, int]:
        """How often it passed each place, where that was counted and it was not killed."""
        line = next((line for line in self.err.splitlines() if line.startswith("passed: ")), "")
        return {place: int(times) for place, times in (each.rsplit("=") for each in line.split()[1:])}

    def over(self, timeout: float = 0) -> bool:
        """Whether it has ended, or does within so many seconds."""
        return self._done.wait(timeout)

    def poll(self) -> int | None:
        return self.code if self.over() else None

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def wait(self, timeout: float | None = None) -> int:
        if not self._done.wait(timeout):
            raise subprocess.TimeoutExpired("watcher", timeout or 0)
        return self.code

    def send_signal(self, how: int) -> None:
        self.started()
        if not self.over():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def started(self, timeout: float = 60) -> None:
        assert self._started.wait(timeout), "nothing was forked"

    def stop(self, how: signal.Signals = signal.SIGTERM, timeout: float = 60) -> None:
        self.send_signal(how)
        assert self.over(timeout), f"the daemon did not end within {timeout} s of {how.name}"

    def heard(self, news: Mapping[str, Any]) -> None:
        """What the forker says of it."""
        self.pid = news.get("pid", self.pid)
        if "status" in news:
            self.ended, self.status, self.cpu = time.time(), news["status"], news["cpu"]
            self._done.set()
        self._started.set()


class Forker:
    """The process that forks, as the tests see it. `kind` is daemons or commands."""

    def __init__(self, kind: str = "daemons") -> None:
        command = [sys.executable, "-m", "tests.stories.forker", kind]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._children: list[Child] = []
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def cpu(self) -> float:
        """Seconds that all its daemons have used."""
        return sum(child.cpu for child in self._children)

    def daemon(self, config: Path, out: Path, environ: Mapping[str, str]) -> Child:
        """A daemon whose output goes to `out`, and `out` with .err behind it."""
        err = Path(f"{out}.err")
        return self._forked(out, err, config=str(config), environ=dict(environ))

    def command(self, arguments: Sequence[str], cwd: Path, environ: Mapping[str, str], out: Path, err: Path) -> Child:
        """A command line, which has its name in front; its output goes to the two files. Once it has its process."""
        child = self._forked(out, err, arguments=list(arguments), cwd=str(cwd), environ=dict(environ))
        child.started()
        return child

    def _forked(self, out: Path, err: Path, **wish: Any) -> Child:
        child = Child(err)
        with self._lock:
            line = json.dumps({"id": len(self._children), "out": str(out), "err": str(err), **wish})
            self._children.append(child)
            assert self._process.stdin
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        return child

    def close(self) -> None:
        """End it, and all that it forked."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)
        self._reader.join(10)
        assert self._process.stdout
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            news = json.loads(line)
            self._children[news["id"]].heard(news)


# --- the process that forks ---------------------------------------------------------------------------


def main() -> None:
    """A child for each line of standard input; what becomes of each on standard output. Ends when its input ends."""
    if sys.argv[1] == "daemons":
        load_daemon()
    else:
        load_commands()
    gc.collect()
    gc.freeze()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    alive: dict[int, int] = {}
    for line in _lines(woken, alive):
        wish = json.loads(line)
        if pid := os.fork():
            alive[pid] = wish["id"]
            _say(id=wish["id"], pid=pid)
        else:
            _become(wish)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def load_commands() -> None:
    """All that any of them loads sooner or later."""
    for name in COMMANDS:
        import_module(f"watcher.cli.{name}")
    for name in ("app.daemon", "deliver.webhook", "fetch.http", "observe.metrics", "run.pages", "run.worker"):
        import_module(f"watcher.{name}")
    import_module("apprise")


def load_daemon() -> None:
    """All that a daemon needs, by one round of one, so that each of them has it at once."""
    from tests.stories.house import House
    from watcher.deliver import webhook  # noqa: F401
    from watcher.fetch import http  # noqa: F401

    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        (house.root / "in").mkdir()
        (house.root / "in" / "a.txt").write_text("A strike in the harbour\n\nIt was no strike, said a spokesman.\n")
        house.rule("floods", "flood", when={"count": 2, "within": "1h"}, group="rule")
        house.settings(
            feeds=[{"id": "in", "url": "../in", "baseline": "alert"}],
            channels=[{"name": "own", "url": f"file://{house.root / 'own.jsonl'}"}],
        )
        ssl.create_default_context = functools.cache(ssl.create_default_context)  # type: ignore[assignment]
        stderr, sys.stderr = sys.stderr, io.StringIO()
        assert _run(house.config, {}, once=True) == 0, sys.stderr.getvalue()
        sys.stderr = stderr
        assert (house.root / "own.jsonl").exists()


def _lines(woken: int, alive: dict[int, int]) -> Iterator[bytes]:
    """Lines of standard input; meanwhile the dead are buried."""
    rest = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _bury(alive)
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                return
            *lines, rest = (rest + read).split(b"\n")
            yield from lines


def _bury(alive: dict[int, int]) -> None:
    while alive:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if not pid:
            return
        _say(id=alive.pop(pid), status=status, cpu=usage.ru_utime + usage.ru_stime)


def _say(**news: object) -> None:
    os.write(1, json.dumps(news).encode() + b"\n")


def _become(wish: Mapping[str, Any]) -> None:
    """A daemon or a command, to its end."""
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, path, flags in (
            (0, os.devnull, os.O_RDONLY),
            (1, wish["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
            (2, wish["err"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        ):
            os.dup2(os.open(path, flags, 0o600), number)
        code = _command(wish) if "arguments" in wish else _run(Path(wish["config"]), wish["environ"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(wish: Mapping[str, Any]) -> int:
    """What `python -m watcher` does, and the interpreter after it."""
    os.chdir(wish["cwd"])
    os.environ.clear()
    os.environ.update(wish["environ"])
    sys.argv = ["watcher", *wish["arguments"]]
    try:
        main_of_commands()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        return -signal.SIGINT
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    return 0


def _run(config: Path, environ: Mapping[str, str], *, once: bool = False) -> int:
    from watcher.app.daemon import Makers, run
    from watcher.app.parts import Wish
    from watcher.errors import WatcherError
    from watcher.run.embedded import Rhythm
    from watcher.run.worker import InProcessParser

    quick = Rhythm(tick=0.05, beat=0.2, mind=0.5, audit=1, prune=0.5, reload=0.05, rest=0.01, grace=1)
    try:
        return run(config, Wish(once=once), environ, Makers(rhythm=quick, parser=lambda _: InProcessParser()))
    except WatcherError as error:
        sys.stderr.write(f"{json.dumps({'event': str(error)})}\n")
        return error.exit_code
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
        raise


if __name__ == "__main__":
    main()
