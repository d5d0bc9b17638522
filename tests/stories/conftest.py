"""The till all stories happen at, and the display it is looked at on if one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kpos.checkout.layout import Frame
from tests.kiosk import Kiosk, kiosk, shop

__all__ = ["kiosk", "shop"]

# What every display can show as it is; of anything else it only must not make a blank.
_READABLE = "".join(map(chr, range(0x20, 0x7F))) + "ÄÖÜäöüß"


@pytest.fixture(scope="session")
def glass(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Frame], None] | None]:
    """Shows a picture on the display of `--display`, and reads it there."""
    kind = pytestconfig.getoption("--display")
    if kind is None:
        yield None
        return
    from hardware.display.screen import Screen
    from tests.hardware.display.rigs import Workshop

    with pytest.MonkeyPatch.context() as patch:
        shop = Workshop(tmp_path_factory.mktemp("display"), patch)
        rig = shop.rig(kind)
        screen = Screen(rig.bus)

        def look(frame: Frame) -> None:
            screen.show(frame)
            assert rig.wait(lambda: _is_read(frame, rig.reads)), (frame, rig.reads)
            assert rig.faults() == []

        yield look
        shop.close()


def _is_read(frame: Frame, reads: list[str]) -> bool:
    shown, read = "".join(frame), "".join(reads)
    return len(shown) == len(read) and all(
        was == is_now or (was not in _READABLE and is_now != " ")
        for was, is_now in zip(shown, read, strict=True)
    )


@pytest.fixture(autouse=True)
def looked_at(
    request: pytest.FixtureRequest,
    glass: Callable[[Frame], None] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every picture of the story, the first one too."""
    if glass is None or "kiosk" not in request.fixturenames:
        return
    kiosk: Kiosk = request.getfixturevalue("kiosk")
    show = kiosk.show

    def also(frame: Frame) -> None:
        show(frame)
        glass(frame)

    glass(kiosk.frames[-1])
    monkeypatch.setattr(kiosk, "show", also)
