"""Where an appliance keeps what, below a root that tests and image builders choose."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """`boot` is the FAT partition, `data` the one that is written to."""

    root: Path = Path("/")

    @property
    def boot(self) -> Path:
        """What any computer can read and write when the card is in it."""
        return self.root / "boot/kpos"

    @property
    def data(self) -> Path:
        """What outlives an update."""
        return self.root / "data"

    @property
    def books(self) -> Path:
        """The till's own folder."""
        return self.root / "var/lib/kpos"

    @property
    def config(self) -> Path:
        """kpos.toml."""
        return self.root / "etc/kpos/kpos.toml"

    @property
    def rules(self) -> Path:
        """Who may use which device, for udev: beside the rules of the house."""
        return self.root / "etc/kpos/80-kpos-setup.rules"

    @property
    def authorized_keys(self) -> Path:
        """Who may log in as root."""
        return self.data / "ssh/authorized_keys"

    @property
    def hostname(self) -> Path:
        """The name in the network."""
        return self.data / "hostname"

    @property
    def network(self) -> Path:
        """A fixed address, for systemd-networkd; not there: DHCP."""
        return self.data / "network/10-kpos.network"

    @property
    def backups(self) -> Path:
        """Where a backup goes that was restored from."""
        return self.data / "backups"

    @property
    def pending(self) -> Path:
        """What was answered, until it is carried out."""
        return self.data / "setup-pending.toml"

    @property
    def finished(self) -> Path:
        """There once the till was set up; the SHA-256 of the last file that was carried out."""
        return self.data / "setup-finished"

    @property
    def done(self) -> Path:
        """What is left of a file that was carried out."""
        return self.boot / "kpos-setup-done.toml"

    @property
    def error(self) -> Path:
        """What was wrong with one that was not."""
        return self.boot / "kpos-setup-error.txt"

    @property
    def stick(self) -> Path:
        """Where a stick with backups is mounted while it is looked at."""
        return self.root / "run/kpos-setup/stick"

    @property
    def consoles(self) -> Path:
        """Names of the terminals that the kernel's command line calls consoles."""
        return self.root / "sys/class/tty/console/active"

    @property
    def has_serial_port(self) -> bool:
        """Whether ttyS0 is one: Linux shows some that are not there (PORT_UNKNOWN)."""
        kind = self.root / "sys/class/tty/ttyS0/type"
        return kind.exists() and kind.read_text().strip() != "0"

    @property
    def is_this_machine(self) -> bool:
        """Whether the running system is meant."""
        return self.root == Path("/")

    @contextmanager
    def boot_is_writable(self) -> Iterator[None]:
        """The FAT partition is mounted read-only but for these moments.

        Raises:
            OSError: if it cannot be written.
        """
        if not self.boot.is_dir() or not os.statvfs(self.boot).f_flag & os.ST_RDONLY:
            yield
            return
        self._remount("rw")
        try:
            yield
        finally:
            os.sync()
            self._remount("ro")

    @contextmanager
    def stick_is_mounted(self) -> Iterator[None]:
        """A stick with backups can be read, where one is plugged in: that named KPOS-BACKUP."""
        device = self.root / "dev/disk/by-label/KPOS-BACKUP"
        is_mounted = False
        if device.exists():
            self.stick.mkdir(parents=True, exist_ok=True)
            options = "ro,nosuid,nodev,noexec"
            command = ["mount", "-o", options, str(device), str(self.stick)]
            # One that cannot be mounted has no backups; who asked for one by name is told so.
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - as above
            is_mounted = done.returncode == 0
        try:
            yield
        finally:
            if is_mounted:
                subprocess.run(["umount", str(self.stick)], check=False)  # noqa: S603, S607 - as above

    def _remount(self, mode: str) -> None:
        command = ["mount", "-o", f"remount,{mode}", str(self.boot)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, no input
        if done.returncode:
            msg = f"mount: {done.stderr.strip()}"
            raise OSError(None, msg, str(self.boot))
