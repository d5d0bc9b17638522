"""A till made of QEMU: what can be done to one from outside, and what can be seen of it.

    card = Card.write(image, folder / "card.img")
    with Rig(folder, card.path) as till:
        till.wait_for("0# Menü", timeout_s=START_S)
        till.scan("CARD-ADA")
        till.press("#")
        till.cut_power()

Its scanner is a USB keyboard, its keypad a USB serial port, its display hangs on the mainboard's
I2C; ``KPOS_TOML`` is what its kpos.toml says about them and ``RULES`` gives them to the till. Who
has a key (``make_key``) runs commands in it by ssh. It is a slow machine: what is
waited for has minutes.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from vm import glass
from vm.card import call
from vm.glass import Glass, Shown
from vm.qmp import Qmp

SCANNER: Final = "usb-QEMU_QEMU_USB_Keyboard_SCANNER-event-kbd"
KEYPAD: Final = "usb-QEMU_QEMU_USB_SERIAL*"
KPOS_TOML: Final = f"""\
[scanner]
device = "{SCANNER}"
[keypad]
device = "/dev/serial/by-id/{KEYPAD}"
[sound]
player = "none"
{glass.TOML}"""
RULES: Final = """\
SUBSYSTEM=="input", KERNEL=="event*", ATTRS{idVendor}=="0627", GROUP="kpos", MODE="0660"
SUBSYSTEM=="i2c-dev", ATTR{name}=="SMBus I801*", GROUP="kpos", MODE="0660"
"""
# For kpos-boot.cfg: the kernel's messages go where they can be read. GRUB's go there anyway. On a
# host that does more, a kernel may count too few ticks of the emulated timer, and panic; those that
# know that they are in a virtual machine do not count. TCG does not tell.
CONSOLE: Final = 'set options="console=ttyS0,115200 no_timer_check"\n'

# From the power to the idle screen, and from a key to its picture; on a machine that does more.
START_S: Final = 600
ANSWER_S: Final = 120
# QEMU's keyboard keeps sixteen events and loses more: with 10 ms it did, with 30 ms never. A
# scanner that pauses for longer than 100 ms has sent two codes.
KEY_S: Final = 0.03
_QEMU: Final = "qemu-system-x86_64"
_UEFI: Final = Path("/usr/share/ovmf/OVMF.fd")
_STARTED_S: Final = 60
_CODES: Final = {"-": "minus", " ": "spc", "\n": "ret", ".": "dot", "/": "slash"}


@dataclass(frozen=True)
class Machine:
    """What kind of machine it is."""

    firmware: Literal["bios", "uefi"] = "bios"
    memory_mib: int = 256
    #: More words for QEMU's command line.
    more: tuple[str, ...] = ()
    #: A file for QEMU's trace, that of the display's bus and what `more` adds to it.
    trace: Path | None = None


def plain_disk(path: Path) -> tuple[str, ...]:
    """A disk from a file, named ``disk0``; cut power loses nothing that QEMU was given."""
    file = f"driver=file,node-name=file0,filename={path},cache.direct=off"
    return ("-blockdev", file, "-blockdev", "driver=raw,node-name=disk0,file=file0")


class Rig:
    """A machine that runs as long as it is open.

    Args:
        folder: for its sockets and logs; a new one for each.
        disk: the file of its disk, or words for QEMU that make a block device named ``disk0``.
        machine: what kind of machine it is.
        changed: called with every new picture on the display, by another thread.
    """

    def __init__(
        self,
        folder: Path,
        disk: Path | Sequence[str],
        machine: Machine = Machine(),
        changed: Callable[[Shown], None] = lambda _: None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder: Final = folder
        self.glass: Final = Glass(folder / "trace", changed, machine.trace)
        self.ssh_port: Final = _free_port()
        words = plain_disk(disk) if isinstance(disk, Path) else disk
        self.started_ns: Final = time.monotonic_ns()
        self._errors = (folder / "qemu.log").open("w")
        self.process: Final = subprocess.Popen(  # noqa: S603 - ours, and no shell
            [_QEMU, *self._words(machine), *words, *machine.more],
            stdin=subprocess.DEVNULL,
            stderr=self._errors,
        )
        self.qmp: Final = Qmp(self._socket("qmp"))
        self._keypad = socket.socket(socket.AF_UNIX)
        self._keypad.connect(str(self._socket("keypad")))

    # What a member does

    def scan(self, code: str) -> None:
        """Scan a barcode or show a card: its characters and Enter."""
        for character in code:
            self.key(character)
        self.key("\n")

    def press(self, keys: str) -> None:
        """Press keys of the keypad."""
        self._keypad.sendall(keys.encode("ascii"))

    # What a member sees

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on the display."""
        return self.glass.lines

    def wait_for(self, *texts: str | re.Pattern[str], timeout_s: float = ANSWER_S) -> Shown:
        """Wait until each of these stands on the display, all at once.

        Raises:
            TimeoutError: they do not; the end of the console's log is part of the message.
        """
        try:
            return self.glass.wait_for(*texts, timeout_s=timeout_s, is_running=self.is_running)
        except TimeoutError as error:
            error.add_note(f"status of QEMU: {self.process.poll()}, {self._errors.name}")
            error.add_note(self.console[-4000:])
            raise

    # What somebody does who should not

    def key(self, character: str) -> None:
        """One character on the scanner's keyboard."""
        code = _CODES.get(character, character.lower())
        self.chord(*(["shift"] if character.isupper() else []), code)

    def chord(self, *codes: str) -> None:
        """Keys of a keyboard at once, by QEMU's names of them: "ctrl", "alt", "delete"."""
        events = [
            {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": code}}}
            for down, order in ((True, codes), (False, codes[::-1]))
            for code in order
        ]
        self.qmp.do("input-send-event", events=events)
        time.sleep(KEY_S)  # nothing tells when a key was read

    def plug(self, driver: str, name: str, **properties: Any) -> None:
        """Plug something into USB."""
        self.qmp.do("device_add", driver=driver, id=name, bus="usb.0", **properties)

    def unplug(self, name: str) -> None:
        """And pull it out."""
        self.qmp.do("device_del", id=name)

    def set_network(self, *, up: bool) -> None:
        """Plug the network's cable in, or pull it."""
        self.qmp.do("set_link", name="net0", up=up)

    def cut_power(self) -> None:
        """Pull the plug: no process, no cache of the guest survives."""
        self.process.kill()
        self.process.wait()

    def press_power_button(self) -> None:
        """Briefly; what comes of it is the system's business."""
        self.qmp.do("system_powerdown")

    # What an engineer sees

    @property
    def console(self) -> str:
        """What GRUB and the kernel said on the serial line."""
        log = self.folder / "console.log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def wait_for_console(self, text: str, *, times: int = 1, timeout_s: float = ANSWER_S) -> None:
        """Wait until GRUB or the kernel has said this so often since the power came.

        Raises:
            TimeoutError: it has not; what it has said is part of the message.
        """
        ends = time.monotonic() + timeout_s
        while self.console.count(text) < times:
            if time.monotonic() > ends or not self.is_running():
                msg = f"{text!r} was never said, but {self.console[-4000:]!r}"
                raise TimeoutError(msg)
            time.sleep(0.05)  # QEMU writes a file, which sends no event

    def ssh(
        self,
        command: str,
        key: Path,
        *,
        statuses: tuple[int, ...] = (0,),
        fed: Path = Path(os.devnull),
    ) -> str:
        """Run a command as root in the till, over its network, and return what it printed.

        What it reads is a file of this machine.

        Raises:
            CalledProcessError: it failed, or nobody answers; 255 is ssh's own.
        """
        words = ["ssh", "-F", "none", "-i", str(key), "-p", str(self.ssh_port)]
        words += ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"]
        words += ["-o", f"UserKnownHostsFile={self.folder}/known_hosts"]
        words += ["-o", f"ConnectTimeout={ANSWER_S}", "-o", "ServerAliveInterval=60"]
        words += ["root@127.0.0.1", command]
        return call(*words, statuses=statuses, fed=fed).decode()

    def is_running(self) -> bool:
        """Whether there is power."""
        return self.process.poll() is None

    def close(self) -> None:
        """Cut the power, if nobody has, and take everything apart."""
        self.cut_power()
        self.qmp.close()
        self._keypad.close()
        self.glass.close()
        self._errors.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _words(self, machine: Machine) -> list[str]:
        folder = self.folder
        words = ["-accel", "tcg", "-machine", "q35", "-m", str(machine.memory_mib), "-smp", "1"]
        words += ["-nodefaults", "-display", "none", "-vga", "std", "-no-user-config"]
        words += ["-device", "ide-hd,drive=disk0,bus=ide.0"]
        forwarded = f"hostfwd=tcp:127.0.0.1:{self.ssh_port}-:22"
        words += ["-netdev", f"user,id=net0,{forwarded}", "-device", "e1000,netdev=net0"]
        words += ["-device", "qemu-xhci,id=usb", "-device", "usb-kbd,bus=usb.0,serial=SCANNER"]
        words += self._chardev("keypad")
        words += ["-device", "usb-serial,chardev=keypad,bus=usb.0,always-plugged=on"]
        words += [*self._chardev("serial", f",logfile={folder}/console.log")]
        words += ["-device", "isa-serial,chardev=serial"]
        words += ["-qmp", f"unix:{folder}/qmp,server=on,wait=off"]
        words += [*glass.DEVICE, "-trace", "i2c_*", "-D", f"{folder}/trace"]
        if machine.firmware == "uefi":
            words += ["-bios", str(_UEFI)]
        return words

    def _chardev(self, name: str, more: str = "") -> list[str]:
        return ["-chardev", f"socket,id={name},path={self.folder}/{name},server=on,wait=off{more}"]

    def _socket(self, name: str) -> Path:
        """The path of a socket of QEMU's, once it is there."""
        ends = time.monotonic() + _STARTED_S
        path = self.folder / name
        while not path.is_socket():
            if not self.is_running() or time.monotonic() > ends:
                said = Path(self._errors.name).read_text(encoding="utf-8", errors="replace")
                self.cut_power()
                self.glass.close()
                msg = f"QEMU did not start: {said}"
                raise RuntimeError(msg)
            time.sleep(0.01)  # a socket that appears sends no event
        return path


def make_key(folder: Path) -> tuple[Path, str]:
    """A new ssh key: its file, and the line for authorized_keys."""
    key = folder / "key"
    call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(key))
    return key, key.with_suffix(".pub").read_text(encoding="utf-8")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
