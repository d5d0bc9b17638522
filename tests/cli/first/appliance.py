"""An appliance below a folder: its card, its data, a display and a keypad on ptys."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect

from hardware.display.emulated.matrix_orbital import Line, SerialDisplay
from hardware.display.emulated.svg import text_of
from hardware.display.roms import ROMS
from kpos.cli.first.places import Places
from kpos.clock import real_ms
from tests.cli.admin import Admin
from tests.hardware.ptys import PtyPlug
from tests.terminal.test_ends import start

PATIENCE_MS = 30_000
ROOT = Path(__file__).parents[3]
GRACE = """\
[till]
name = "Getränke Keller"
language = "en"
[person]
name = "Grace"
number = 7
pin = "271828"
"""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPHoJkW6dXcDLAUCPuo6rGgEyqM5tXPpHsGMzRxGkjf1 grace@mac"
MORE = f'[ssh]\nkey = "{KEY}"\n[network]\naddress = "10.0.0.5/24"\ngateway = "10.0.0.1"\n'


class Appliance:
    """`boot` is what a person has in hand when the card is in another computer."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root)
        for folder in ("boot/kpos", "data", "etc/kpos", "dev", "sys"):
            (root / folder).mkdir(parents=True)
        self.boot = self.places.boot
        self.file = self.boot / "kpos-setup.toml"

    def plug_in(self) -> None:
        """A serial display and a serial keypad, which only a file can name."""
        dev = self.places.root / "dev"
        self.pad = PtyPlug(dev / "pad")
        self.display = SerialDisplay(4, 40)
        self.line = Line(self.display, str(dev / "display"))

    @property
    def devices(self) -> str:
        """Their lines."""
        dev = self.places.root / "dev"
        return (
            f'[display]\nkind = "serial"\nwhere = "{dev}/display"\n[keypad]\ndevice = "{dev}/pad"\n'
        )

    def starts(self) -> pexpect.spawn[str]:
        """Somebody at a terminal starts it."""
        return start("setup", "--appliance", "--root", str(self.places.root))

    def runs(self) -> subprocess.CompletedProcess[str]:
        """From power on to the end of it, with nobody there."""
        return subprocess.run(
            [sys.executable, "-m", "kpos", "setup", "--appliance", "--root", str(self.places.root)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_MS / 1000,
        )

    def begins(self) -> subprocess.Popen[bytes]:
        """As systemd starts it; goes on by itself."""
        command = [sys.executable, "-m", "kpos", "setup", "--appliance"]
        return subprocess.Popen(
            [*command, "--root", str(self.places.root)], cwd=ROOT, stdin=subprocess.DEVNULL
        )

    def presses(self, keys: str) -> None:
        """On the pad."""
        os.write(self.pad.device, keys.encode())

    def glass(self) -> list[str]:
        """What a person reads on the display."""
        return [line.rstrip() for line in text_of(self.display.cells, ROMS["a00"])]

    def waits_until(self, true: Callable[[], bool]) -> None:
        """The other process takes its time."""
        give_up_ms = real_ms() + PATIENCE_MS
        while not true():
            assert real_ms() < give_up_ms, self.glass() if hasattr(self, "display") else ""
            select.select([], [], [], 0.01)

    def waits_to_read(self, words: str) -> None:
        """On the display."""
        self.waits_until(lambda: words in "\n".join(self.glass()))

    def unplug(self) -> None:
        """All devices."""
        self.line.unplug()
        self.pad.is_pulled()

    def is_the_till_of(self, admin: Admin) -> Admin:
        """A shell beside it."""
        admin.data = self.places.books
        admin._monkeypatch.setenv("KPOS_DATA", str(self.places.books))
        return admin


def is_set_up(appliance: Appliance) -> None:
    assert appliance.places.finished.exists()
    assert not appliance.places.pending.exists()
    assert not appliance.places.error.exists()
