"""LCDproc's own server with its text driver, which prints every picture."""

from __future__ import annotations

import os
import pty
import shutil
import socket
import subprocess
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread

import pytest

PROGRAM = shutil.which("LCDd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
_CONFIG = """
[server]
DriverPath={drivers}/
Driver=text
Bind=127.0.0.1
Port={port}
ReportToSyslog=no
User={user}
Foreground=yes
ServerScreen=blank
AutoRotate=off
Heartbeat=off
Hello=""
GoodBye=""
FrameInterval=10000
[text]
Size={columns}x{rows}
"""


def _drivers() -> Path | None:
    return next(Path("/usr/lib").glob("*/lcdproc/text.so"), None)


def require_lcdd() -> None:
    """Skip, and say which part is missing."""
    if PROGRAM is None or _drivers() is None:
        pytest.skip("LCDd is not installed (Debian: lcdproc)")


class LcddServer:
    """A server on a loopback port; `glass` is the last whole picture."""

    def __init__(self, folder: Path, rows: int, columns: int) -> None:
        require_lcdd()
        self._rows, self._columns = rows, columns
        self._config = folder / "LCDd.conf"
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self._printed = Condition()
        self.glass: tuple[bytes, ...] = ()
        self.start()

    def start(self) -> None:
        import getpass

        drivers = _drivers()
        assert drivers is not None
        assert PROGRAM is not None
        self._config.write_text(
            _CONFIG.format(
                drivers=drivers.parent,
                port=self.port,
                user=getpass.getuser(),
                columns=self._columns,
                rows=self._rows,
            )
        )
        # Into a pipe it would print a picture only when many are there.
        master, slave = pty.openpty()
        tty.setraw(slave)
        command = [PROGRAM, "-f", "-c", str(self._config)]
        self._process = subprocess.Popen(command, stdout=slave, stderr=subprocess.DEVNULL)
        os.close(slave)
        self._reader = Thread(target=self._read, args=(master,), daemon=True)
        self._reader.start()
        # It listens before it draws.
        assert self.wait_for(lambda: bool(self.glass)), "LCDd does not start"

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self.glass = ()

    def wait_for(self, seen: Callable[[], bool], timeout_s: float = 60) -> bool:
        with self._printed:
            return self._printed.wait_for(seen, timeout_s)

    def _read(self, master: int) -> None:
        """A picture is its rows between two borders."""
        border = b"+" + b"-" * self._columns + b"+"
        waiting = b""
        with suppress(OSError):
            while octets := os.read(master, 4096):
                *lines, waiting = (waiting + octets).split(b"\n")
                self._lines(lines, border)
        os.close(master)

    _inside: list[bytes] | None = None

    def _lines(self, lines: list[bytes], border: bytes) -> None:
        for line in lines:
            if line != border:
                if self._inside is not None:
                    self._inside.append(line[1:-1])
            elif self._inside is not None and len(self._inside) == self._rows:
                with self._printed:
                    self.glass = tuple(self._inside)
                    self._printed.notify_all()
                self._inside = None
            else:
                self._inside = []
