"""A serial port: found by its name, opened for this program alone, read without waiting.

pyserial opens and configures it, and is imported only then. An RS-232 socket, a USB adapter and a
device that shows itself as one (CDC-ACM) are all the same here.
"""

import errno
import os
import re
import termios
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from hardware.errors import (
    Absent,
    Ambiguous,
    Busy,
    DeviceError,
    DriverMissing,
    Forbidden,
    Unplugged,
    WrongDevice,
)

_NAMES: Final = "/dev/serial/by-id /dev/ttyS*"
_BY_ID: Final = Path("/dev/serial/by-id")

# What devices of a till are set to; the last is what USB devices that take no notice of it report.
BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_PATTERN: Final = re.compile(r"[*?\[]")
_LINE: Final = re.compile(r"(\d+) ([78])([NEO])([12])")

# A tty's own buffer holds 4096 bytes: one read empties it, and the second finds that it is empty.
_CHUNK: Final = 4096
_READS_MAX: Final = 4

_GONE: Final = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}
_NO_RIGHTS: Final = {errno.EACCES, errno.EPERM}
_TAKEN: Final = {errno.EBUSY, errno.EAGAIN}  # the second is what a lock says that is held


@dataclass(frozen=True)
class Line:
    """Speed and framing: bits per second, data bits, parity N, E or O, stop bits."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop_bits: int = 1

    @classmethod
    def parse(cls, text: str) -> "Line":
        """Read what a manual says: ``9600 8N1``.

        Raises:
            ValueError: if it is not of this form, or the speed is none of ``BAUDS``.
        """
        found = _LINE.fullmatch(text)
        if found is None or int(found[1]) not in BAUDS:
            msg = (
                f"{text!r} is no speed and framing like '9600 8N1' (7 or 8 bits, parity N, E or O,"
                f" 1 or 2 stop bits); speeds are {', '.join(map(str, BAUDS))}"
            )
            raise ValueError(msg)
        return cls(int(found[1]), int(found[2]), found[3], int(found[4]))


LINE: Final = Line()


class SerialPort:
    """An open port; ``path`` is how to call it in messages."""

    def __init__(self, port: Any, path: str) -> None:  # noqa: ANN401 -- serial.Serial
        self._port = port
        self.path: Final = path

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 after ``close``."""
        return self._port.fileno() if self._port.is_open else -1

    def read(self) -> bytes:
        """Return all that has come, b"" for nothing.

        Raises:
            Unplugged: the device is gone; what came before is returned first.
        """
        received = b""
        for _ in range(_READS_MAX):
            try:
                chunk = self._port.read(_CHUNK)
            except (OSError, TypeError) as error:  # TypeError: closed under pyserial's hands
                if received:
                    break  # the next call will find it gone
                raise _unplugged(self.path, error) from error
            if not chunk:
                break
            received += chunk
        return received

    def write(self, data: bytes) -> None:
        """Send, without waiting until it has left; what no longer fits is lost.

        Not by pyserial's own write: without a timeout it waits, with one of zero it spins.

        Raises:
            Unplugged: the device is gone.
        """
        try:
            with suppress(BlockingIOError):
                os.write(self.fileno(), data)
        except OSError as error:
            raise _unplugged(self.path, error) from error

    def discard(self) -> None:
        """Forget what has come and was not read."""
        with suppress(Unplugged):
            self.read()

    def close(self) -> None:
        """Give it back. Unregister it from a selector before."""
        self._port.close()


def open_port(where: str, line: Line = LINE) -> SerialPort:
    """Open a serial port that nobody else then can.

    ``where`` is a path, or one with a pattern for its name ("/dev/serial/by-id/usb-Prolific*"),
    looked up anew by each call.

    Raises:
        Absent: it is not there now; try again later.
        Forbidden: this user may not open it.
        Busy: another program has it.
        WrongDevice: it is no serial port, or cannot do this speed or framing.
        Ambiguous: the pattern fits several.
        DriverMissing: pyserial is not installed.
        DeviceError: anything else the kernel said.
    """
    path = find_port(where)
    try:
        import serial
    except ImportError as error:
        remedy = "Install it: apt install python3-serial, or pip install pyserial"
        raise DriverMissing(path, "pyserial", remedy) from error
    try:
        port = serial.Serial(
            path,
            baudrate=line.baud,
            bytesize=line.bits,
            parity=line.parity,
            stopbits=line.stop_bits,
            timeout=0,
            exclusive=True,
        )
    except OSError as error:
        raise _refusal(path, error) from error
    except termios.error as error:  # of a port that is just vanishing
        raise _refusal(path, OSError(*error.args)) from error
    return SerialPort(port, path)


def is_serial(where: str) -> bool:
    """Tell whether a device is meant that hangs on a serial port, not behind the input layer."""
    return where.startswith("/") and not where.startswith("/dev/input/")


def find_port(where: str) -> str:
    """Return the path that is meant.

    Raises:
        Absent: nothing fits.
        Ambiguous: a pattern fits several.
    """
    path = Path(where)
    found = [path]
    if _PATTERN.search(path.name):
        found = [
            each for each in sorted(path.parent.glob("*")) if fnmatchcase(each.name, path.name)
        ]
    if len(found) > 1:
        raise Ambiguous(where, [str(each) for each in found])
    if not found or not found[0].exists():
        raise Absent(where, _NAMES)
    return str(found[0])


def list_ports(by_id: Path = _BY_ID) -> list[str]:
    """Return the names that stay, of what is plugged in by USB."""
    return sorted(str(link) for link in by_id.iterdir()) if by_id.is_dir() else []


def _refusal(path: str, error: OSError) -> DeviceError:
    """Return what an error of opening means."""
    if error.errno in _GONE:
        return Absent(path, _NAMES)
    if error.errno in _NO_RIGHTS:
        return Forbidden(path, "dialout")
    if error.errno in _TAKEN:
        return Busy(path)
    if error.errno in (None, errno.ENOTTY, errno.EINVAL):  # pyserial: "Could not configure port"
        return WrongDevice(
            path,
            "not a serial port, or not one with this speed and framing",
            f"Look up its name: ls -l {_NAMES}; its speed and framing stand in its manual",
        )
    return DeviceError(path, f"cannot be opened: {error}", "See the kernel's messages: dmesg")


def _unplugged(path: str, error: Exception) -> Unplugged:
    # pyserial has only a long guess where a read of a readable port returns nothing.
    return Unplugged(path, getattr(error, "strerror", None) or "the port hung up")
