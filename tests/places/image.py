"""Builds what the Dockerfile says without a container engine, runs it as one would, and looks at what it does.

`python -m tests.places.image --base FOLDER [--bind FOLDER ...]`, as root. FOLDER is a fresh Debian, as
`debootstrap --variant=minbase bookworm FOLDER` makes it, and stands for the base image. `--bind` shows folders of this
machine to the build's pip, whose PIP_ variables it hears. What an engine would do beside that (layers, its own seccomp
filter, networks) is not tried.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.places.dockerfile import ROOT, Instruction, Stage, context, stages
from tests.places.documents import files_of
from tests.stories.house import until

APART = "WATCHER_IMAGE_APART"
"""The variable that names the folder to work in, in the namespace."""
NODES = ("null", "zero", "full", "random", "urandom", "tty")
INSIDE = """
set -eu
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
for node in {nodes}; do touch dev/$node; mount --bind /dev/$node dev/$node; done
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777,noexec,nosuid,nodev,size=256m tmpfs tmp
{volumes}
mount -o remount,ro,bind .
ip link set lo up
pivot_root . mnt
cd {workdir}
umount -l /mnt
exec env -i {env} setpriv --reuid {user} --regid {group} --clear-groups --bounding-set=-all --inh-caps=-all \\
  --no-new-privs -- "$@"
"""
"""What an engine does with `read_only`, `tmpfs`, `cap_drop: [ALL]`, `no-new-privileges`; the command is process 1."""


def run(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=True, text=True, **more)


def say(words: str) -> None:
    print(words, flush=True)


# --- the build --------------------------------------------------------------------------------------


class Build:
    """Stages on overlays of the base, each a folder named `root`."""

    def __init__(self, work: Path, base: Path, binds: Sequence[Path]) -> None:
        self._work = work
        self._base = base
        self._binds = binds
        self._roots: dict[str, Path] = {}

    def make(self, stage: Stage) -> Path:
        place = self._work / (stage.name or "last")
        for part in ("up", "work", "root"):
            (place / part).mkdir(parents=True)
        root = place / "root"
        layers = f"lowerdir={self._base},upperdir={place}/up,workdir={place}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
        self._roots[stage.name] = root
        env, folder = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, "/"
        for instruction in stage.instructions:
            match instruction.word:
                case "RUN":
                    self._run(root, instruction.rest, env, folder)
                case "COPY":
                    self._copy(root, instruction, folder)
                case "ENV":
                    env |= instruction.pairs
                case "WORKDIR":
                    folder = instruction.rest
                    (root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        return root

    def _run(self, root: Path, command: str, env: dict[str, str], folder: str) -> None:
        say(f"RUN {command[:100]}")
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        with ExitStack() as stack:
            stack.enter_context(mounted("-t", "proc", "proc", on=root / "proc"))
            for shown in (*(Path("/dev") / node for node in NODES), Path("/etc/resolv.conf"), *self._binds):
                stack.enter_context(bound(shown, root / str(shown).lstrip("/")))
            inside = f"cd {folder} && {command}"
            run("env", "-i", *(f"{k}={v}" for k, v in (env | pip).items()), "chroot", str(root), "sh", "-c", inside)

    def _copy(self, root: Path, instruction: Instruction, folder: str) -> None:
        *sources, to = instruction.words
        goal = root / folder.lstrip("/") / to
        if stage := instruction.options.get("from"):
            (source,) = sources
            run("cp", "-a", str(self._roots[stage] / source.lstrip("/")), str(root / to.lstrip("/")))
            return
        for name in context():
            above = next((source for source in sources if name == source or name.startswith(f"{source}/")), None)
            if above is not None:
                rest = Path(name).relative_to(above) if name != above else Path(name).name
                path = goal / rest
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, path)


@contextmanager
def mounted(*what: str, on: Path) -> Iterator[None]:
    run("mount", *what, str(on))
    try:
        yield
    finally:
        run("umount", "-l", str(on))


@contextmanager
def bound(shown: Path, at: Path) -> Iterator[None]:
    """A folder or file of this machine, visible there for a while; nothing of it stays."""
    new = not at.exists()
    if new and shown.is_dir():
        at.mkdir(parents=True)
    elif new:
        at.parent.mkdir(parents=True, exist_ok=True)
        at.touch()
    with mounted("--bind", str(shown), on=at):
        yield
    if new:
        shutil.rmtree(at) if at.is_dir() else at.unlink()


# --- the run ----------------------------------------------------------------------------------------


class Container:
    """The image's own command as process 1 of its own namespaces, on a file system it cannot write to."""

    def __init__(self, root: Path, image: Stage, volumes: dict[str, Path], output: Path) -> None:
        user, _, group = image.only("USER").rest.partition(":")
        self._env = [f"{k}={v}" for k, v in (image.only("ENV").pairs | {"HOME": "/var/lib/watcher"}).items()]
        self._as = ["--reuid", user, "--regid", group, "--clear-groups"]
        script = INSIDE.format(
            nodes=" ".join(NODES),
            volumes="\n".join(_bind(inside, place) for inside, place in volumes.items()),
            workdir=image.only("WORKDIR").rest,
            env=shlex.join(self._env),
            user=user,
            group=group,
        )
        spaces = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--net"]
        command = [*image.only("ENTRYPOINT").words, *image.only("CMD").words]
        self.output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                ["unshare", *spaces, "sh", "-c", script, "sh", *command],
                env={**os.environ, "ROOT": str(root)},
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        atexit.register(self.process.kill)
        until(self._children, "process 1", 20)
        (self.pid,) = self._children()
        begun = Path(f"/proc/{self.pid}/comm")
        until(lambda: begun.read_text().strip() not in {"unshare", "sh", "env", "setpriv"}, "the image's process", 20)

    def _children(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return list(map(int, children.read_text().split()))

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def exec(self, *command: str) -> subprocess.CompletedProcess[str]:
        """As `docker exec` does."""
        entered = ["nsenter", "-t", str(self.pid), "-m", "-p", "-u", "-i", "-n", "-r", "-w"]
        inside = ["env", "-i", *self._env, "setpriv", *self._as, "--no-new-privs", "--", *command]
        return subprocess.run([*entered, *inside], capture_output=True, text=True, check=False, timeout=60)

    def says(self, words: str) -> None:
        end = time.monotonic() + 60
        while words not in self.said and self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert words in self.said, self.said

    def stop(self) -> tuple[int, float]:
        start = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        return self.process.wait(60), time.monotonic() - start

    def zombies(self) -> list[str]:
        return [line for line in self.exec("sh", "-c", "cat /proc/[0-9]*/stat").stdout.splitlines() if ") Z " in line]


def _bind(inside: str, place: Path) -> str:
    read_only = "" if inside == "/var/lib/watcher" else f"\nmount -o remount,ro,bind .{inside}"
    return f"mkdir -p .{inside}\nmount --bind {shlex.quote(str(place))} .{inside}{read_only}"


# --- what must be so --------------------------------------------------------------------------------


def look_at(root: Path, image: Stage) -> None:
    """What is in the image, and what is not."""
    for name in ("pip", "pip3", "gcc", "cc", "make", "git", "curl", "hatchling"):
        assert not [p for p in ("usr/bin", "usr/local/bin", "opt/watcher/bin") if (root / p / name).exists()], name
    packages = root / "opt/watcher/lib/python3.11/site-packages"
    assert not [name for name in ("pip", "hatchling", "setuptools") if (packages / name).exists()]
    sources = list((packages / "watcher").rglob("*.py"))
    bytecode = [s.parent / "__pycache__" / f"{s.stem}.cpython-311.pyc" for s in sources]
    assert sources
    assert {path.read_bytes()[4] for path in bytecode} == {1}, "by hash, and not compared"
    user = int(image.only("USER").rest.partition(":")[0])
    own = [path for path in root.rglob("*") if not path.is_symlink() and path.lstat().st_uid == user]
    assert own == [root / "var/lib/watcher"]
    size = run("du", "-sm", str(root), capture_output=True).stdout.split()[0]
    venv = run("du", "-sm", str(root / "opt/watcher"), capture_output=True).stdout.split()[0]
    say(f"ok: no pip, no compiler, bytecode for {len(sources)} modules; {size} MiB, {venv} MiB of it ours")


def try_out(root: Path, image: Stage, work: Path) -> None:
    """As docs/how-to-docker.md sets it up, with a folder for a feed."""
    uid = int(image.only("USER").rest.partition(":")[0])
    volumes = {"/etc/watcher": work / "etc", "/run/secrets": work / "secrets", "/var/lib/watcher": work / "data"}
    for place in volumes.values():
        place.mkdir()
    os.chown(volumes["/var/lib/watcher"], uid, uid)
    told = volumes["/etc/watcher"] / "watcher.yaml"
    for name, text in files_of("docs/how-to-docker.md").items():
        if name.startswith("etc/"):
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text)
    shutil.copytree(ROOT / "seeds", work / "etc" / "seeds")
    feed, news = (
        "  - {id: seeds, url: seeds, baseline: alert}\n",
        "  - {id: news, url: /var/lib/watcher/in, interval: 10s}\n",
    )
    told.write_text(
        told.read_text().replace("feeds:\n", f"feeds:\n{feed}{news}") + '  - {name: out, url: "console://"}\n'
    )
    (work / "data/in").mkdir()
    (work / "secrets/slack_url").write_text("file:///var/lib/watcher/told.txt\n")
    run("chmod", "-R", "a+rX", str(work / "etc"), str(work / "secrets"))

    def start() -> Container:
        return Container(root, image, volumes, work / f"said.{time.monotonic_ns()}")

    begun = time.monotonic()
    container = start()
    container.says("watching 3 feeds")
    say(f"ok: serves after {time.monotonic() - begun:.1f} s")
    container.says("Tikrit")
    health = image.only("HEALTHCHECK").rest.removeprefix("CMD ")
    healthy = container.exec(*Instruction(word="CMD", rest=health, options={}).words)
    assert healthy.returncode == 0, healthy
    say(f"ok: {healthy.stdout.strip()}")
    asked = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8473/{}', timeout=9).status)"
    for page in ("healthz", "readyz", "metrics"):
        assert container.exec("python3", "-c", asked.format(page)).stdout.strip() == "200", page
    status = container.exec("watcher", "status")
    assert "sums     add up" in status.stdout, status
    for path in ("/etc/watcher/new", "/opt/watcher/new", "/new", "/usr/new"):
        refused = container.exec("sh", "-c", f": > {path}")
        assert "Read-only file system" in refused.stderr, refused
    root_too = container.exec("sh", "-c", "id -u; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/1/status")
    assert root_too.stdout.split() == [str(uid), "CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"], root_too
    say("ok: alerts, tells how it stands, can write nowhere else, has no capabilities")

    for _ in range(3):
        container.exec(
            "sh", "-c", "for p in /proc/[0-9]*; do grep -q 'run[.]child' $p/cmdline && kill -9 ${p#/proc/}; done"
        )
        time.sleep(0.3)
    (work / "data/in/late.txt").write_text(
        "US airstrikes near Tikrit at night\n\nUS airstrikes hit Tikrit, it was said.\n"
    )
    container.says("in/late.txt")
    until(lambda: not container.zombies(), "no zombies", 10)
    say("ok: a parser that is killed is replaced, and none is left as a zombie")

    code, seconds = container.stop()
    assert code == 0, container.said
    say(f"ok: SIGTERM ends process 1 with 0 in {seconds:.1f} s")
    again = start()
    again.says("items known")
    assert again.stop()[0] == 0
    say("ok: what it knew it knows after a new start")
    for delay in (0.05, 0.3, 0.8):
        early = start()
        time.sleep(delay)
        code, seconds = early.stop()
        assert (code in {0, 128 + signal.SIGTERM}, seconds < 10) == (True, True), (code, seconds)
    say("ok: SIGTERM while it starts is heard")


def main(work: Path) -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--base", type=Path, required=True)
    asked.add_argument("--bind", type=Path, action="append", default=[])
    wish = asked.parse_args()
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(work))
    build = Build(work, wish.base.resolve(), wish.bind)
    read = stages((ROOT / "Dockerfile").read_text())
    roots = [build.make(stage) for stage in read]
    look_at(roots[-1], read[-1])
    try_out(roots[-1], read[-1], work)


def apart() -> int:
    """The same in a namespace of its own: nobody else sees the mounts, and an empty folder is all that is deleted."""
    with tempfile.TemporaryDirectory(prefix="watcher-image-") as work:
        again = [sys.executable, "-m", "tests.places.image", *sys.argv[1:]]
        command = ["unshare", "--mount", "--propagation=private", *again]
        return subprocess.run(command, env={**os.environ, APART: work}, check=False).returncode


if __name__ == "__main__":
    if APART in os.environ:
        main(Path(os.environ[APART]))
    else:
        sys.exit(apart())
