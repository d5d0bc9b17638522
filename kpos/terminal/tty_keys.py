"""What a terminal sends, as keys: pure and incremental, so that nobody waits for the rest of one.

curses could do this too, but waits inside for what may follow an Esc. A sequence that no key of
ours has (arrows, F5) is swallowed whole, or its letters would buy things.
"""

from __future__ import annotations

import codecs
import re

ENTER, ESCAPE, BACKSPACE, TAB, F2, INTERRUPT, REDRAW = (
    "enter", "escape", "backspace", "tab", "f2", "interrupt", "redraw",
)  # fmt: skip

# After Esc the rest of a key's sequence follows at once, over a bad line within this time.
ESCAPE_MS = 50

_CONTROLS = {
    "\r": ENTER,
    "\n": ENTER,
    "\t": TAB,
    "\x7f": BACKSPACE,
    "\b": BACKSPACE,
    "\x03": INTERRUPT,
    "\x0c": REDRAW,
}
# xterm and its like, rxvt, the Linux console; Delete deletes here like everywhere.
_SEQUENCES = {"\x1bOQ": F2, "\x1b[12~": F2, "\x1b[[B": F2, "\x1b[3~": BACKSPACE}
_SEQUENCE = re.compile(r"\x1b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[ -~])")
_BEGUN = re.compile(r"\x1b(?:\[\[?|\[[0-?]+[ -/]*|O)?")


class KeyReader:
    """Collects bytes; a key is one character, or one of the names above."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = ""
        self._since_ms = 0

    @property
    def deadline_ms(self) -> int | None:
        """When to call `flush` if nothing comes before; None: never."""
        return self._since_ms + ESCAPE_MS if self._begun else None

    def feed(self, data: bytes, now_ms: int) -> list[str]:
        """The keys that these bytes complete."""
        text = self._begun + self._decoder.decode(data)
        self._begun = ""
        keys: list[str] = []
        position = 0
        while position < len(text):
            if _BEGUN.fullmatch(text, position):
                self._begun, self._since_ms = text[position:], now_ms
                break
            sequence = _SEQUENCE.match(text, position)
            taken = sequence.group() if sequence else text[position]
            position += len(taken)
            key = _key(taken)
            if key is not None:
                keys.append(key)
        return keys

    def flush(self, now_ms: int) -> list[str]:
        """The Esc that nothing followed, once it is late enough to tell."""
        if self.deadline_ms is None or now_ms < self.deadline_ms:
            return []
        begun, self._begun = self._begun, ""
        return [ESCAPE] if begun == "\x1b" else []


def _key(taken: str) -> str | None:
    if len(taken) > 1:
        return _SEQUENCES.get(taken)
    if taken == "\x1b":
        return ESCAPE
    return _CONTROLS.get(taken) or (taken if taken.isprintable() else None)
