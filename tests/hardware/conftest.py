"""Devices to be plugged in, and the hand that presses their keys."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from hardware.inputs import Places
from hardware.scanner import ScanDecoder
from tests.hardware.strokes import Strokes

if TYPE_CHECKING:
    from tests.hardware.pipe import Plug

BY_ID = "by-id/usb-PSC_QS6000_Plus-event-kbd"


@pytest.fixture
def scanner() -> ScanDecoder:
    return ScanDecoder()


@pytest.fixture
def strokes() -> Strokes:
    return Strokes()


@pytest.fixture
def plug_in() -> "Iterator[Callable[..., Plug]]":
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    from tests.hardware.pipe import Plug

    plugs: list[Plug] = []

    def plug_in(**options) -> Plug:
        plugs.append(Plug(**options))
        return plugs[-1]

    yield plug_in
    for plug in plugs:
        plug.device.close()
        plug.ends()


@pytest.fixture
def plug(plug_in) -> "Plug":
    plugged_in: Plug = plug_in()
    return plugged_in


@pytest.fixture
def places(tmp_path) -> Places:
    """What udev shows while a scanner is plugged in as event7."""
    (tmp_path / "dev/by-id").mkdir(parents=True)
    (tmp_path / "dev/event7").touch()
    (tmp_path / "dev" / BY_ID).symlink_to("../event7")
    return Places(dev=tmp_path / "dev", sys=tmp_path / "sys")
