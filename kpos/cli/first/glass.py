"""Questions and answers on the till's own display and keys, whichever are plugged in.

What cannot be typed with twelve keys is not asked here. Devices may come while somebody waits.
"""

from __future__ import annotations

import select
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress

from hardware.display.opening import open_display
from hardware.display.writer import Writer
from hardware.errors import DeviceError
from kpos.cli.first.said import Said
from kpos.cli.first.terminal import Question
from kpos.cli.first.wishes import Sections
from kpos.config import ConfigError, parse_config
from kpos.domain.member import Language
from kpos.terminal.display import description
from kpos.terminal.front import Unusable
from kpos.terminal.loop import Loop
from kpos.terminal.wiring import Opened, Wiring, keypads

COLUMNS, ROWS = 40, 4
_LOOK_S = 2.0
_TYPED_MAX = 12
_KEYS = Said("# weiter   * löschen", "# go on   * delete")
_SHOWN_S = 5.0


class Glass:
    """`find` says which display and keypads there are, as sections of kpos.toml."""

    def __init__(self, find: Callable[[], Sections], note: Callable[[str], None]) -> None:
        self.language: Language = "de"
        self._find = find
        self._note = note
        self._loop = Loop()
        self._writer: Writer | None = None
        self._pads: dict[str, Opened[str]] = {}
        self._shown: Sequence[str] = ()
        self._waiting = ""
        self.look()

    def look(self) -> None:
        """See what has been plugged in meanwhile."""
        try:
            config = parse_config(
                {name: each for name, each in self._find().items() if name in ("display", "keypad")}
            )
            opens = keypads(config.keypad, Wiring(self._loop, self._note))
            if self._writer is None and config.display.kind != "none":
                self._writer = Writer(open_display(description(config.display)), self._note)
                self._writer.show(self._shown)
        except (ConfigError, DeviceError, Unusable) as error:
            self._note(str(error))
            return
        for where, each in zip(config.keypad.device.split(), opens, strict=True):
            if where not in self._pads:
                with suppress(DeviceError, ImportError):
                    self._pads[where] = each()

    def show(self, *lines: str) -> None:
        """Up to four lines."""
        self._shown = [f"{line[:COLUMNS]:<{COLUMNS}}" for line in (*lines, "", "", "", "")[:ROWS]]
        if self._writer is not None:
            self._writer.show(self._shown)

    def say(self, said: Said) -> None:
        """A text, as much of it as fits."""
        lines = textwrap.wrap(said.of(self.language), COLUMNS, break_on_hyphens=False)
        if len(lines) > ROWS:
            lines = [*lines[: ROWS - 1], lines[ROWS - 1][: COLUMNS - 1] + "…"]
        self.show(*lines)

    def watched(self) -> list[int]:
        """What to wait on for keys."""
        return [pad.fileno() for pad in self._pads.values()]

    def pressed(self) -> str:
        """What was pressed; waits for nothing."""
        typed = ""
        for where, pad in list(self._pads.items()):
            if select.select([pad.fileno()], [], [], 0)[0]:
                try:
                    typed += "".join(pad.read())
                except DeviceError as error:
                    self._note(str(error))
                    self._pads.pop(where).close()
        return typed

    def asks(self, question: Question) -> str:
        """An answer that is one."""
        typed, fault = "", ""
        while True:
            shown = "*" * len(typed) if question.is_secret else typed
            default = f" ({question.default})" if question.default and not typed else ""
            self.show(
                question.text.of(self.language),
                f"> {shown}{default}",
                fault,
                _KEYS.of(self.language),
            )
            key = self._next_key()
            if key == "*":
                typed, fault = typed[:-1], ""
            elif key != "#":
                typed, fault = (typed + key)[:_TYPED_MAX], ""
            else:
                answer = typed or question.default
                said = question.check(answer)
                if said is None:
                    return answer
                typed, fault = "", said.of(self.language)

    def close(self) -> None:
        """Give all devices back; the last picture is seen for a while, then the till's."""
        if self._writer is not None:
            self._writer.wait_until_shown(_SHOWN_S)
            self._writer.close()
        for pad in self._pads.values():
            pad.close()
        self._loop.close()

    def _next_key(self) -> str:
        """Somebody may type faster than questions come."""
        while not self._waiting:
            if not select.select(self.watched(), [], [], _LOOK_S)[0]:
                self.look()
            self._waiting = self.pressed()
        key, self._waiting = self._waiting[0], self._waiting[1:]
        return key
