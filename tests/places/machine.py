"""Boots a systemd in namespaces, follows docs/how-to-systemd.md in it, and looks what becomes of it.

`python -m tests.places.machine`, as root, on a machine with systemd, overlayfs and cgroup2. It runs over this machine's
files without changing one. Limits of memory and tasks are not tried: the controllers belong to the outer machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.places.dockerfile import ROOT
from tests.places.documents import steps_of
from tests.places.image import NODES, say
from tests.stories.house import until

UNIT = ROOT / "config" / "watcher.service"
CONFIG = "--config /etc/watcher/watcher.yaml"
EXPOSED = 2.0
"""The most that `systemd-analyze security` may say."""
MASKED = """systemd-udevd.service systemd-udev-trigger.service systemd-udevd-kernel.socket systemd-udevd-control.socket
systemd-modules-load.service systemd-sysctl.service systemd-random-seed.service systemd-timesyncd.service
systemd-networkd.service systemd-resolved.service systemd-logind.service systemd-remount-fs.service
systemd-update-utmp.service systemd-binfmt.service systemd-firstboot.service systemd-hwdb-update.service
dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount
sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount tmp.mount getty.target dbus.service dbus.socket
keyboard-setup.service"""
BOOT = f"""
set -eu
mount -t tmpfs tmpfs "$WORK"
mkdir "$WORK/up" "$WORK/work" "$WORK/root"
mount -t overlay overlay -o lowerdir=/,upperdir="$WORK/up",workdir="$WORK/work" "$WORK/root"
cd "$WORK/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for node in {" ".join(NODES)}; do touch dev/$node; mount --bind /dev/$node dev/$node; done
mkdir dev/pts dev/shm dev/mqueue dev/hugepages
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t mqueue mqueue dev/mqueue
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
touch dev/console dev/kmsg
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
echo 0123456789abcdef0123456789abcdef > etc/machine-id
: > etc/fstab
rm -rf etc/systemd/system opt/watcher etc/watcher var/lib/watcher usr/local/bin/watcher var/log/journal
mkdir -p etc/systemd/system
for unit in {" ".join(MASKED.split())}; do ln -s /dev/null etc/systemd/system/$unit; done
ip link set lo up
mkdir old
pivot_root . old
cd /
mount --bind "/old$CHECKOUT" /mnt
mount -o remount,ro,bind /mnt
umount -l /old
mount --make-rshared /
exec env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  /lib/systemd/systemd --system --unit=basic.target --show-status=no --log-target=journal
"""
FEED = '  - {id: my-news, url: "https://example.org/news/rss.xml"}'


class Machine:
    """One that runs as long as this process."""

    def __init__(self, work: str) -> None:
        spaces = [
            "--mount",
            "--propagation=private",
            "--pid",
            "--fork",
            "--kill-child",
            "--uts",
            "--ipc",
            "--net",
            "--cgroup",
        ]
        env = {**os.environ, "WORK": work, "CHECKOUT": str(ROOT)}
        self.process = subprocess.Popen(["unshare", *spaces, "sh", "-c", BOOT], env=env, stdin=subprocess.DEVNULL)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        until(lambda: children.read_text().split(), "process 1", 20)
        (self.pid,) = children.read_text().split()
        until(lambda: self.types("systemctl is-system-running", good=False) in {"running", "degraded"}, "a system", 60)

    def types(self, command: str, *, good: bool = True, net: bool = False) -> str:
        """What root gets to read; with `good`, the exit code must be. Without `net` it is the outer machine's network,
        since pip may need it; the service has one of its own.
        """
        inside = ["nsenter", "-t", self.pid, "-m", "-p", "-u", "-i", "-C", "-r", "-w", *["-n"] * net]
        env = {k: v for k, v in os.environ.items() if k.startswith("PIP_")}
        env |= {"HOME": "/root", "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        whole = [*inside, "bash", "-euc", f"cd /mnt\n{command}"]
        done = subprocess.run(whole, env=env, capture_output=True, text=True, check=False, timeout=600)
        assert not good or done.returncode == 0, (
            f"{command}\n{done.returncode}\n{done.stdout}{done.stderr}{self.journal()}"
        )
        return done.stdout.strip()

    def shows(self, name: str) -> str:
        return self.types(f"systemctl show watcher --property {name} --value")

    def journal(self) -> str:
        read = ["nsenter", "-t", self.pid, "-m", "-p", "-r", "journalctl", "--no-pager", "-u", "watcher", "-n", "40"]
        return subprocess.run(read, capture_output=True, text=True, check=False, timeout=60).stdout

    def becomes(self, name: str, value: str) -> None:
        until(lambda: value in self.shows(name), f"{name} to be {value}", 60)

    def saves(self, path: str, text: str) -> None:
        self.types(f"install -d $(dirname {path})\ncat > {path} <<'END'\n{text}\nEND\n")


def analysed() -> None:
    """What systemd itself says of the unit."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in ("opt/watcher/bin/watcher", "bin/kill"):
            (root / path).parent.mkdir(parents=True)
            shutil.copy("/bin/true", root / path)
        (root / "etc/systemd/system").mkdir(parents=True)
        (root / "etc/systemd/system/watcher.service").write_bytes(UNIT.read_bytes())
        (root / "usr/lib").mkdir(parents=True)
        subprocess.run(["cp", "-a", "/usr/lib/systemd", str(root / "usr/lib")], check=True)
        verify = ["systemd-analyze", "verify", "--man=no", f"--root={root}", "watcher.service"]
        done = subprocess.run(verify, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, ""), done
    secure = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    said = subprocess.run(secure, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    (exposure,) = re.findall(r": ([\d.]+) ", said)
    assert float(exposure) <= EXPOSED, said
    say(f"ok: verified; {said.strip('→ ')}")


def follow(machine: Machine) -> None:
    """What the how-to says, with a folder for a feed and a file for a channel."""
    for step, text in steps_of("docs/how-to-systemd.md"):
        if step == "sh" and "systemctl enable" in text:
            machine.types("install -D -t /etc/watcher/seeds seeds/*")
            machine.types("echo file:///var/lib/watcher/told.txt > /etc/watcher/secrets/slack_url")
            saved = machine.types("cat /etc/watcher/watcher.yaml")
            machine.saves("/etc/watcher/watcher.yaml", saved.replace(FEED, "  - {id: s, url: seeds, baseline: alert}"))
        if step == "sh" and "disable" not in text:
            say("     " + text.strip().replace("\n", "\n     "))
            machine.types(text)
        elif step != "sh":
            machine.saves(step, text)
    say("ok: docs/how-to-systemd.md can be followed")


def serves(machine: Machine) -> None:
    assert machine.shows("ActiveState") == "active"
    machine.becomes("StatusText", "watching 1 feed with 1 rule")
    until(lambda: "Tikrit" in machine.types("cat /var/lib/watcher/told.txt", good=False), "an alert", 60)
    pid = machine.shows("MainPID")
    status = machine.types(f"grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp|Uid):' /proc/{pid}/status").split()
    assert status[status.index("CapBnd:") + 1] == status[status.index("CapEff:") + 1] == "0" * 16, status
    assert (status[status.index("NoNewPrivs:") + 1], status[status.index("Seccomp:") + 1]) == ("1", "2"), status
    assert status[status.index("Uid:") + 1] != "0", status
    limits = machine.types(f"for p in $(pgrep -P {pid}); do cat /proc/$p/limits; done")
    assert re.search(rf"Max address space +{512 * 2**20} ", limits), limits
    asked = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8473/{}', timeout=9).status)"
    for page in ("healthz", "readyz", "metrics"):
        assert machine.types(f'python3 -c "{asked.format(page)}"', net=True) == "200", page
    assert "healthy" in machine.types(
        f"setpriv --reuid watcher --regid watcher --clear-groups watcher healthcheck {CONFIG}"
    )
    journal = machine.journal()
    assert not re.search("not permitted|denied|Traceback", journal), journal
    say("ok: alerts and answers with all restrictions; the parser limits its memory; nothing was refused")


def survives(machine: Machine) -> None:
    machine.types("systemctl reload watcher")
    assert machine.shows("ActiveState") in {"active", "reloading"}
    machine.becomes("ActiveState", "active")
    machine.saves("/etc/watcher/rules/bad.yaml", "rules: [{id: x, match: (a}]")
    machine.becomes("StatusText", "; configuration: ")
    machine.types("rm /etc/watcher/rules/bad.yaml")
    until(lambda: machine.shows("StatusText") == "watching 1 feed with 1 rule", "all good again", 60)
    say("ok: reloads, and the status tells of a mistake")

    before = machine.shows("MainPID")
    machine.types(f"kill -9 {before}")
    machine.becomes("Result", "signal")
    until(lambda: machine.shows("ActiveState") == "active" and machine.shows("MainPID") != before, "a new start", 60)
    say("ok: started again after kill -9")

    machine.saves("/etc/systemd/system/watcher.service.d/trial.conf", "[Service]\nWatchdogSec=3s")
    machine.types("systemctl daemon-reload; systemctl restart watcher; kill -STOP $(systemctl show -P MainPID watcher)")
    machine.becomes("Result", "watchdog")
    until(lambda: machine.shows("ActiveState") == "active", "a new start", 60)
    say("ok: without a sign of life it is ended and started again")

    machine.types("systemctl stop watcher; echo 'not: a configuration' >> /etc/watcher/watcher.yaml")
    machine.types("systemctl start watcher && exit 1 || true")
    machine.becomes("ExecMainStatus", "78")
    machine.types("sed -i '/not: a configuration/d' /etc/watcher/watcher.yaml")
    until(lambda: machine.shows("ActiveState") == "active", "a start after the mend", 60)
    say("ok: 78 is tried again until the cause is mended")

    start = time.monotonic()
    machine.types("systemctl stop watcher")
    assert (machine.shows("ActiveState"), machine.shows("Result")) == ("inactive", "success")
    say(f"ok: stopped in {time.monotonic() - start:.1f} s, and stays so")


def main() -> None:
    analysed()
    with tempfile.TemporaryDirectory(prefix="watcher-machine-") as work:
        machine = Machine(work)
        try:
            follow(machine)
            serves(machine)
            survives(machine)
        finally:
            machine.process.kill()
            machine.process.wait()


if __name__ == "__main__":
    main()
