"""LCDproc's server LCDd as a display, over TCP.

Source: lcdproc/lcdproc, docs/lcdproc-dev/language.docbook, and what version 0.5.9 does. Lines of
Latin-1. Each command is answered by ``success`` or ``huh? …``, but ``screen_set`` once for each
option it sets: so each here sets one. ``listen``, ``ignore`` and others come unasked in between.
The server looks at its clients 32 times a second: a picture is sent whole and then its answers are
read, or every line would wait for that. It writes each answer by itself, and its kernel holds the
second one back until the first was acknowledged: so that is done at once, or a picture would take
40 ms more.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final

from hardware.display.bus import Geometry, Traits, parse_address
from hardware.display.framebuffer import BLANK, Changes
from hardware.display.glyphs import Glyph
from hardware.display.roms import LATIN_1
from hardware.errors import DeviceError

PORT: Final = 13666
_SCREEN: Final = "till"
# LCDd answers within 0.1 s; one that is stopped (or a debugger has it) looks gone after this.
_TIMEOUT_S: Final = 5
_UNASKED: Final = (b"listen", b"ignore", b"key", b"menuevent")
_CHUNK: Final = 4096
# No answer is that long.
_LINE_MAX: Final = 4096


class Lcdd:
    """A ``Bus`` whose rows are widgets of one screen. The server draws no characters."""

    def __init__(
        self,
        host: str,
        port: int,
        geometry: Geometry,
        *,
        connect: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection,
    ) -> None:
        self._address = (host, port)
        self._connect = connect
        self._socket: socket.socket | None = None
        self._received = b""
        self._rows: list[bytes] = []
        # A row is sent whole, whatever changed in it.
        self.traits: Final = Traits(geometry, LATIN_1, slots=0, gap=geometry.columns)

    def start(self) -> None:
        """Connect, and make a screen of as many lines as the display has."""
        self.close()
        name = "{}:{}".format(*self._address)
        try:
            self._socket = self._connect(self._address, _TIMEOUT_S)
        except OSError as error:
            remedy = "Start it (systemctl start LCDd), and see Port and Bind in LCDd.conf"
            raise DeviceError(name, f"LCDd does not answer ({error})", remedy) from error
        self._received = b""
        self._send(["hello"])
        self._greet(name, self._line())
        geometry = self.traits.geometry
        self._rows = [bytes([BLANK]) * geometry.columns] * geometry.rows
        self._ask(
            [
                "client_set name till",
                f"screen_add {_SCREEN}",
                f"screen_set {_SCREEN} heartbeat off",
                f"screen_set {_SCREEN} priority foreground",
                f"screen_set {_SCREEN} cursor off",
                f"screen_set {_SCREEN} backlight on",
                *(f"widget_add {_SCREEN} {row} string" for row in range(geometry.rows)),
            ]
        )

    def draw(self, glyphs: Sequence[Glyph], changes: Changes) -> None:
        """The rows that changed, in one go."""
        assert not glyphs, "there are no slots to draw into"
        changed = sorted({run.row for run in changes.runs})
        for run in changes.runs:
            row = self._rows[run.row]
            self._rows[run.row] = row[: run.column] + run.codes + row[run.end :]
        self._ask(
            [
                f"widget_set {_SCREEN} {row} 1 {row + 1} {_quoted(self._rows[row])}"
                for row in changed
            ]
        )

    def light(self, *, lit: bool) -> None:
        """The screen's light."""
        self._ask([f"screen_set {_SCREEN} backlight {'on' if lit else 'off'}"])

    def check(self) -> None:
        """Ask for nothing, and be answered."""
        self._send(["noop"])
        self._answer()

    def close(self) -> None:
        """Hang up; the server forgets the screen."""
        connection, self._socket = self._socket, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _greet(self, name: str, greeting: bytes) -> None:
        """See whether the display is as large as it is said to be."""
        has, wanted = greeted_size(greeting), self.traits.geometry
        if has is None:
            raise DeviceError(name, "is not LCDd", "See what listens there: ss -ltnp")
        if has.columns < wanted.columns or has.rows < wanted.rows:
            problem = (
                f"its display has {has.columns}x{has.rows}, not {wanted.columns}x{wanted.rows}"
            )
            raise DeviceError(name, problem, "Correct the size here, or Size in LCDd.conf")

    def _ask(self, commands: Sequence[str]) -> None:
        """Send them all, then read as many answers."""
        self._send(commands)
        for command in commands:
            answer = self._answer()
            if answer.startswith(b"huh?"):
                words = " ".join(command.split()[:3])
                msg = f"LCDd refused {words}: {answer.decode('latin-1')}"
                raise OSError(msg)

    def _send(self, commands: Sequence[str]) -> None:
        assert self._socket is not None, "sent before it was started"
        self._socket.sendall("".join(f"{command}\n" for command in commands).encode("latin-1"))

    def _answer(self) -> bytes:
        """The next line that answers something."""
        while (line := self._line()).split(b" ")[0] in _UNASKED:
            pass
        return line

    def _line(self) -> bytes:
        assert self._socket is not None, "read before it was started"
        while b"\n" not in self._received:
            # Linux forgets it as soon as it has acknowledged something late again.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            octets = self._socket.recv(_CHUNK)
            if not octets or len(self._received) > _LINE_MAX:
                msg = "LCDd hung up"
                raise OSError(msg)
            self._received += octets
        line, _, self._received = self._received.partition(b"\n")
        return line


def parse_server(where: str) -> tuple[str, int]:
    """Host and port; raises DeviceError as ``parse_address``."""
    return parse_address(where, PORT)


def greeted_size(greeting: bytes) -> Geometry | None:
    """``connect LCDproc 0.5.9 protocol 0.3 lcd wid 40 hgt 4 cellwid 5 cellhgt 8``; else None."""
    words = greeting.split()
    sizes = dict(pairwise(words))
    columns, rows = sizes.get(b"wid", b""), sizes.get(b"hgt", b"")
    if words[:2] != [b"connect", b"LCDproc"] or not (columns.isdigit() and rows.isdigit()):
        return None
    return Geometry(int(rows), int(columns))


def _quoted(codes: bytes) -> str:
    r"""In quotes, where only quotes and the backslash mean something; the end is blank anyway."""
    text = codes.decode("latin-1").rstrip(" ")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
