"""A systemd of our own: PID 1 of namespaces, over a copy of this system's files.

Nothing it writes is there afterwards: its files lie on a tmpfs over the real ones, which are only
read. What would reach the kernel is taken away: /sys and /proc/sys are read-only, there are no
devices, its network is one of its own, and what Debian starts to set a machine up is masked.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.process.jsonl_till import ROOT

PATIENCE_S = 120
_SYSTEMD = Path("/usr/lib/systemd/systemd")
_NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup")
_UP = ("running", "degraded")
_MASKED = (
    "systemd-udevd", "systemd-udev-trigger", "systemd-modules-load", "systemd-sysctl",
    "systemd-logind",
    "systemd-timesyncd", "systemd-remount-fs", "systemd-binfmt", "systemd-networkd", "dbus",
    "systemd-random-seed", "systemd-update-utmp", "systemd-journal-flush",
    "systemd-tmpfiles-setup-dev", "modprobe@",
)  # fmt: skip

# The interpreter may lie where a service does not look, so it is bound to another place.
_BOOT = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs {place}
cd {place}
mkdir up work root
mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
cd root
mount -t proc proc proc
mount --bind proc/sys proc/sys && mount -o remount,ro,bind proc/sys
mount -t tmpfs tmpfs dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
# Of its own: the rights that systemd gives the real ones would be everybody's. Its console is null.
for node in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0' 'console 1 3'; do
  set -- $node
  mknod -m 666 dev/$1 c $2 $3
done
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p opt/python opt/site opt/kpos/bin opt/kpos/src
mount --bind {python} opt/python
mount --bind {site} opt/site
mount --bind {source} opt/kpos/src
rm -rf var/lib/kpos var/lib/kpos-wawi var/backups/kpos etc/kpos usr/local/lib/systemd/system
printf '#!/bin/sh\nPYTHONPATH=/opt/kpos/src:/opt/site exec /opt/python/bin/{exe} -m kpos "$@"\n' \
  > opt/kpos/bin/kpos
chmod 755 opt/kpos/bin/kpos
ln -sf /opt/kpos/bin/kpos usr/bin/kpos
for unit in {masked}; do ln -sf /dev/null etc/systemd/system/$unit.service; done
# What was only changed by chroot may make no namespaces of users.
pivot_root . mnt
exec chroot . env -i container=kpos-test PATH=/usr/sbin:/usr/bin:/sbin:/bin {systemd} --system \
  --unit=basic.target --log-target=journal --show-status=0 < dev/null
"""


class Booted:
    """It runs until `close`."""

    def __init__(self, folder: Path) -> None:
        """Boot; skip where that cannot be."""
        self._cgroup = _cgroup()
        script = _BOOT.format(
            place=folder,
            python=sys.base_prefix,
            site=sysconfig.get_paths()["purelib"],
            source=ROOT,
            exe=f"python{sys.version_info[0]}.{sys.version_info[1]}",
            masked=" ".join(_MASKED),
            systemd=_SYSTEMD,
        )
        own = f"echo $$ > {self._cgroup}/cgroup.procs && exec unshare {' '.join(_NAMESPACES)}"
        self._log = (folder.parent / "boot.log").open("w+")
        self._process = subprocess.Popen(
            ["sh", "-c", f'{own} --fork --kill-child sh -c "$0"', script],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait_until_up()

    def runs(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command inside, by root."""
        return subprocess.run(self._inside(*command), text=True, capture_output=True, check=False)

    def says(self, *command: str) -> str:
        """What a command prints that works."""
        ran = self.runs(*command)
        assert ran.returncode == 0, (command, ran.stdout, ran.stderr)
        return ran.stdout.strip()

    def writes(self, path: str, text: str) -> None:
        """A file inside."""
        self.says("sh", "-c", f'mkdir -p "$(dirname {path})" && printf %s "$0" > {path}', text)

    def hears(self, unit: str, text: str) -> None:
        """Wait until a unit's journal has a line with this."""
        follow = ("journalctl", f"--unit={unit}", "--follow", "--lines=all", "--output=cat")
        with subprocess.Popen(self._inside(*follow), stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdout is not None
            said = []
            for line in reader.stdout:
                said.append(line)
                if text in line:
                    reader.terminate()
                    return
        raise AssertionError((text, said))

    def wait(self) -> None:
        """Until it ends by itself."""
        self._process.wait(PATIENCE_S)

    def close(self) -> None:
        """The first process takes all others along."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._log.close()
        while self._cgroup.exists():
            try:
                for each in sorted(self._cgroup.rglob("*/"), reverse=True):
                    each.rmdir()
                self._cgroup.rmdir()
            except OSError:
                select.select([], [], [], 0.05)  # the last of them are just dying

    def _inside(self, *command: str) -> list[str]:
        patient = ("timeout", str(PATIENCE_S), "nsenter", "-t", str(self._first()))
        return [*patient, "-m", "-p", "-u", "-i", "-n", "-C", "-r", "-w", *command]

    def _first(self) -> int:
        """PID 1 of the namespace, as it is called here."""
        pid = self._process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def _wait_until_up(self) -> None:
        while self._process.poll() is None:
            try:
                # While it is only being put together, it is none ("offline").
                if self.runs("systemctl", "is-system-running", "--wait").stdout.strip() in _UP:
                    return
            except (IndexError, OSError):
                pass
            select.select([], [], [], 0.05)
        self._log.seek(0)
        said = self._log.read().strip()
        self.close()
        pytest.skip(f"no systemd of our own can be started here: {said}")


def _cgroup() -> Path:
    """A control group for it."""
    for tool in ("unshare", "nsenter", "systemctl", "journalctl"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing: apt install systemd util-linux")
    if os.geteuid() != 0 or not _SYSTEMD.exists():
        pytest.skip("a systemd of our own needs root, and systemd")
    for line in Path("/proc/mounts").read_text().splitlines():
        _device, place, kind = line.split()[:3]
        if kind == "cgroup2":
            group = Path(place) / f"kpos-test-{os.getpid()}"
            group.mkdir()
            return group
    pytest.skip("a systemd of our own needs control groups of version 2")
