"""A device is opened, or it is said why not; it is pulled out and plugged in again."""

import errno
import gc
import os
import sys
from pathlib import Path

import pytest

from hardware.errors import (
    Absent,
    Busy,
    DeviceError,
    DriverMissing,
    Forbidden,
    Unplugged,
    WrongDevice,
)
from hardware.evdev_input import Input, open_input
from hardware.inputs import Places
from hardware.scanner import Scan, ScanDecoder
from tests.hardware.conftest import BY_ID
from tests.hardware.strokes import CONSUMER_CONTROL, Strokes

MATE = "4029764001807"


def open_at(places: Places, opener) -> Input[Scan]:
    where = str(places.dev / BY_ID)
    return open_input(where, ScanDecoder(), places=places, opener=opener)


def refuse(number: int):
    def opener(path: str):
        raise OSError(number, os.strerror(number), path)

    return opener


def descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def test_it_is_grabbed_so_that_the_console_does_not_read_along(places, plug):
    asked = []

    def opener(path):
        asked.append(path)
        return plug.device

    scanner = open_at(places, opener)
    assert plug.device.grabbed
    assert asked == [scanner.path] == [str(places.dev / "event7")]
    assert scanner.deadline_ms is None  # a pipe refuses the monotonic clock


def test_plugged_in_again_it_has_another_number(places, plug_in):
    open_at(places, lambda _: plug_in().device).close()
    (places.dev / "event7").rename(places.dev / "event9")
    (places.dev / BY_ID).unlink()
    (places.dev / BY_ID).symlink_to("../event9")
    again = open_at(places, lambda _: plug_in().device)
    assert again.path == str(places.dev / "event9")


def test_pulling_and_plugging_all_day_leaks_no_descriptor(places, plug_in, size):
    before = 0
    for round_trip in range(size(quick=1_000, ci=1_000, long=10_000)):
        trouble(places, plug_in)
        if round_trip == 0:
            before = descriptors()
    assert descriptors() == before


def trouble(places, plug_in) -> None:
    """A scanner is used and pulled out, is held by another program, and is not there."""
    plug, held = plug_in(), plug_in(refuses_grab=errno.EBUSY)
    scanner = open_at(places, lambda _: plug.device)
    plug.sends(Strokes().scans(MATE).types("4029").events)
    assert scanner.read() == [Scan(MATE)]
    plug.is_pulled()
    with pytest.raises(Unplugged):
        scanner.read()
    scanner.close()
    with pytest.raises(Busy):
        open_at(places, lambda _: held.device)
    with pytest.raises(Absent):
        open_at(places, refuse(errno.ENODEV))
    plug.ends()
    held.ends()


def test_not_plugged_in_yet_is_absent_and_names_what_was_asked_for(places):
    (places.dev / "event7").unlink()
    with pytest.raises(Absent, match="QS6000_Plus-event-kbd: not plugged in") as caught:
        open_at(places, refuse(errno.EIO))
    assert caught.value.device.endswith(BY_ID)


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (errno.ENODEV, Absent, "Plug it in"),
        (errno.EACCES, Forbidden, "usermod -aG input"),
        (errno.EPERM, Forbidden, "udev rule"),
        (errno.EBUSY, Busy, "fuser -v"),
        (errno.ENOTTY, WrongDevice, "-event-kbd"),
        (errno.EIO, DeviceError, "dmesg"),
    ],
)
def test_a_refusal_says_what_to_do(places, number, kind, says):
    with pytest.raises(DeviceError, match=says) as caught:
        open_at(places, refuse(number))
    assert type(caught.value) is kind
    assert says in caught.value.remedy


def test_another_program_that_holds_it_is_named_as_such_and_it_is_closed(places, plug_in):
    plug = plug_in(refuses_grab=errno.EBUSY)
    with pytest.raises(Busy, match="another program has grabbed it"):
        open_at(places, lambda _: plug.device)
    assert plug.device.fileno() == -1


def test_the_second_node_of_a_scanner_is_refused_and_closed(places, plug_in):
    plug = plug_in(keys=CONSUMER_CONTROL)
    with pytest.raises(WrongDevice, match="not a keyboard"):
        open_at(places, lambda _: plug.device)
    assert plug.device.fileno() == -1


def test_evdev_itself_refuses_what_is_no_device(places):
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    (places.dev / "event7").unlink()
    os.mkfifo(places.dev / "event7")
    before = descriptors()
    with pytest.raises(WrongDevice):
        open_at(places, None)
    assert descriptors() == before


def test_a_missing_library_is_named(places, monkeypatch):
    monkeypatch.setitem(sys.modules, "evdev", None)
    with pytest.raises(DriverMissing, match=r"needs the library evdev.*apt install python3-evdev"):
        open_at(places, None)
