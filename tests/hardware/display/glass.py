"""A display beside a till: every picture is shown there, and read there."""

from __future__ import annotations

import pytest

from hardware.display.screen import Screen
from kpos.checkout.layout import Frame
from tests.hardware.display.rigs import Rig
from tests.kiosk import Kiosk

# What every display can show as it is; of anything else it only must not make a blank.
_READABLE = "".join(map(chr, range(0x20, 0x7F))) + "ÄÖÜäöüß"


class Glass:
    """One display of 40x4; it goes from till to till."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._screen = Screen(rig.bus)

    def beside(self, kiosk: Kiosk, patch: pytest.MonkeyPatch) -> None:
        """Look at every picture of this till, the one it shows now too."""
        show = kiosk.show

        def also(frame: Frame) -> None:
            show(frame)
            self.look(frame)

        self.look(kiosk.frames[-1])
        patch.setattr(kiosk, "show", also)

    def look(self, frame: Frame) -> None:
        self._screen.show(frame)
        rig = self._rig
        assert rig.wait(lambda: _is_read(frame, rig.reads)), (frame, rig.reads)
        assert rig.faults() == []


def _is_read(frame: Frame, reads: list[str]) -> bool:
    shown, read = "".join(frame), "".join(reads)
    return len(shown) == len(read) and all(
        was == is_now or (was not in _READABLE and is_now != " ")
        for was, is_now in zip(shown, read, strict=True)
    )
