"""Which devices are plugged in, and which one a name means, as /sys and /dev tell it."""

import os

import pytest

from hardware import linux_input as li
from hardware.errors import Absent, Ambiguous, WrongDevice
from hardware.inputs import Places, find_input, list_inputs
from tests.hardware.strokes import CONSUMER_CONTROL, KEYBOARD
from tests.hardware.usb import Usb

TELEPHONE_PAD = range(li.KEY_NUMERIC_0, li.KEY_NUMERIC_POUND + 1)


@pytest.fixture
def usb(tmp_path) -> Usb:
    return Usb(Places(dev=tmp_path / "dev", sys=tmp_path / "sys"))


@pytest.fixture
def bench(usb: Usb) -> Usb:
    """A scanner with two nodes, a pad without links, and what else a computer has."""
    usb.plug_in(0, "Power Button", [116])
    usb.plug_in(
        10,
        "PSC QS6000 Plus",
        KEYBOARD,
        by_id="usb-PSC_QS6000_Plus-event-kbd",
        by_path="pci-0000:00:14.0-usb-0:1:1.0-event-kbd",
    )
    usb.plug_in(
        9,
        "PSC QS6000 Plus Consumer Control",
        CONSUMER_CONTROL,
        by_id="usb-PSC_QS6000_Plus-event-if01",
    )
    usb.plug_in(2, "Phone pad", TELEPHONE_PAD, ids="1a2c:0021")
    (usb.places.sys / "mouse0").mkdir()
    (usb.places.sys / "event_odd").mkdir()
    usb.link("by-id", "usb-Mouse-mouse", "mouse0")
    return usb


def test_whatever_types_digits_is_listed_in_the_order_it_was_found(bench):
    assert [(info.path, info.name) for info in list_inputs(bench.places)] == [
        (bench.path("event2"), "Phone pad"),
        (bench.path("event10"), "PSC QS6000 Plus"),
    ]


def test_a_listing_says_what_to_write_into_a_configuration(bench):
    pad, scanner = list_inputs(bench.places)
    assert scanner.vendor_product == "05f9:1205"
    assert scanner.by_id == "usb-PSC_QS6000_Plus-event-kbd"
    assert scanner.by_path == "pci-0000:00:14.0-usb-0:1:1.0-event-kbd"
    assert scanner.has_letters
    assert not pad.has_letters
    assert (pad.vendor_product, pad.by_id, pad.by_path) == ("1a2c:0021", None, None)


def test_a_device_pulled_out_while_it_is_looked_at_is_left_out(bench):
    (bench.places.sys / "event10/device/name").unlink()
    assert [info.name for info in list_inputs(bench.places)] == ["Phone pad"]


def test_a_name_that_is_no_text_is_listed_as_well_as_can_be(bench):
    (bench.places.sys / "event2/device/name").write_bytes(b"Phone\xe9 pad\n")
    assert [info.name for info in list_inputs(bench.places)] == [
        "Phone\ufffd pad",
        "PSC QS6000 Plus",
    ]


def test_a_computer_without_input_devices_has_none(tmp_path):
    assert list_inputs(Places(dev=tmp_path / "none", sys=tmp_path / "none")) == []


@pytest.mark.parametrize(
    "where",
    [
        "usb-PSC*",
        "usb-PSC_QS6000_Plus-event-kbd",
        "by-id/usb-PSC*",
        "/dev/input/by-id/usb-PSC*",
        "pci-*usb-0:1:*",
        "/dev/input/by-path/pci-*",
        "05f9:1205",
        "05F9:1205",
    ],
)
def test_a_pattern_finds_the_node_that_is_the_keyboard(bench, where):
    assert find_input(where, bench.places) == bench.path("event10")


def test_a_link_is_followed_to_the_node_of_today(bench):
    link = bench.path("by-id/usb-PSC_QS6000_Plus-event-kbd")
    assert find_input(link, bench.places) == bench.path("event10")
    bench.plug_in(11, "PSC QS6000 Plus", KEYBOARD, by_id="usb-PSC_QS6000_Plus-event-kbd")
    assert find_input(link, bench.places) == bench.path("event11")


def test_a_link_of_ones_own_to_a_link_of_udev_will_do(bench, tmp_path):
    own = tmp_path / "scanner"
    own.symlink_to("dev/by-id/usb-PSC_QS6000_Plus-event-kbd")
    assert find_input(str(own), bench.places) == bench.path("event10")


def test_two_equal_scanners_share_one_name_and_are_told_apart_by_their_socket(bench):
    bench.plug_in(
        11,
        "PSC QS6000 Plus",
        KEYBOARD,
        by_id="usb-PSC_QS6000_Plus-event-kbd",
        by_path="pci-0000:00:14.0-usb-0:2:1.0-event-kbd",
    )
    with pytest.raises(Ambiguous, match=r"fits 2 devices.*usb-0:1:1.0.*usb-0:2:1.0") as caught:
        find_input("05f9:1205", bench.places)
    assert len(caught.value.found) == 2
    assert find_input("pci-*usb-0:2:*", bench.places) == bench.path("event11")


@pytest.mark.parametrize("where", ["usb-Datalogic*", "ffff:0000", "/dev/input/by-id/usb-Datalogic"])
def test_what_is_not_plugged_in_is_absent(bench, where):
    with pytest.raises(Absent) as caught:
        find_input(where, bench.places)
    assert caught.value.device == where


def test_a_link_left_over_from_a_device_is_absent(bench):
    (bench.places.dev / "event10").unlink()
    with pytest.raises(Absent):
        find_input(bench.path("by-id/usb-PSC_QS6000_Plus-event-kbd"), bench.places)


def test_a_path_to_something_else_is_no_input_device(bench, tmp_path):
    (tmp_path / "notes.txt").touch()
    (tmp_path / "round").symlink_to("round")
    for path in ("notes.txt", "round"):
        with pytest.raises(WrongDevice):
            find_input(str(tmp_path / path), bench.places)


def test_the_places_of_this_machine_can_be_asked():
    for info in list_inputs():
        assert os.path.lexists(info.path)
