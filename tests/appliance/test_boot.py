"""A card is written, put into a machine, and sells."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.appliance.evening import Evening
from tests.appliance.plugs import found_after
from tests.appliance.shop import IDLE, Shop
from vm.card import Card, call
from vm.rig import START_S, Rig, make_key

MEMORY_KIB_MAX = 96 * 1024
SEED = 1


@pytest.fixture(scope="module")
def card(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Card:
    return shop.copy(tmp_path_factory.mktemp("card") / "card.img")


@pytest.fixture(scope="module")
def till(card: Card) -> Iterator[Rig]:
    with TemporaryDirectory(prefix="kpos") as folder, Rig(Path(folder), card.path) as rig:
        rig.wait_for(IDLE, timeout_s=START_S)
        yield rig


@pytest.fixture(scope="module")
def evening(till: Rig, shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Evening:
    booked = found_after(shop.card.path, (), tmp_path_factory.mktemp("booked"))
    return Evening(till, SEED, len(booked.receipts))


def test_a_member_buys_with_card_scanner_and_keypad(evening):
    assert evening.buys("CARD-ADA") < evening.buys("CARD-ADA")


def boot_id(till: Rig, key: Path) -> str:
    return till.ssh("cat /proc/sys/kernel/random/boot_id", key)


@pytest.fixture
def stranger(till: Rig, shop: Shop) -> Iterator[None]:
    """Somebody's keyboard; what is typed from now on is typed there."""
    till.plug("usb-kbd", "stranger", serial="STRANGER")
    there = "/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_STRANGER-event-kbd"
    till.ssh(f"until [ -e {there} ]; do sleep 0.2; done", shop.key)
    yield
    till.unplug("stranger")
    till.ssh(f"while [ -e {there} ]; do sleep 0.2; done", shop.key)


def test_no_keyboard_reaches_past_the_till(till, shop, stranger):
    before = boot_id(till, shop.key)
    for keys in ("alt sysrq b", "ctrl alt f2", "alt f3", "ctrl c", "ctrl alt delete"):
        till.chord(*keys.split())
    for _ in range(8):  # what systemd calls a burst
        till.chord("ctrl", "alt", "delete")
    assert boot_id(till, shop.key) == before
    assert not till.ssh("pgrep -a 'getty|login|sulogin|sh$'", shop.key, statuses=(0, 1))
    assert not till.ssh("systemctl list-jobs --no-legend", shop.key)


def test_what_is_plugged_in_gets_neither_a_network_nor_a_folder(till, shop, folder):
    seen = "ls /sys/class/net; findmnt --noheadings --output TARGET --list"
    before = till.ssh(seen, shop.key)
    stick = folder / "stick.img"
    call("mkfs.fat", "-C", "-n", "STRANGER", str(stick), "2048")
    till.qmp.do("netdev_add", type="user", id="net1")
    till.plug("usb-net", "foreign", netdev="net1")
    till.qmp.do("blockdev-add", driver="file", filename=str(stick), **{"node-name": "stick"})
    till.plug("usb-storage", "stick", drive="stick")
    till.ssh("until [ -e /dev/disk/by-label/STRANGER ]; do sleep 0.2; done", shop.key)
    till.ssh("udevadm settle", shop.key)
    assert till.ssh(seen, shop.key) == before


def test_root_gets_in_by_key_and_nobody_by_password(till, shop, folder):
    assert till.ssh("id -un", shop.key) == "root\n"
    foreign, _ = make_key(folder)
    with pytest.raises(subprocess.CalledProcessError, match="255"):
        till.ssh("id -un", foreign)
    offered = till.ssh("sshd -T", shop.key)
    assert "passwordauthentication no" in offered
    assert "kbdinteractiveauthentication no" in offered


def test_it_is_small_enough_for_old_machines(till, shop):
    said = dict(line.split(":") for line in till.ssh("cat /proc/meminfo", shop.key).splitlines())
    total, available = (int(said[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    assert total - available <= MEMORY_KIB_MAX


def test_everything_started_and_its_clock_is_saved(till, shop):
    assert not till.ssh("systemctl list-units --failed --no-legend", shop.key)
    till.ssh("systemctl start kpos-clock-save", shop.key)
    assert int(till.ssh("cat /data/clock", shop.key)) > 0


def test_only_its_data_change(till, evening, card, shop):
    """The last one: it pulls the plug."""
    receipt = evening.buys("CARD-ADA")
    till.cut_power()
    assert card.system_digest() == shop.card.system_digest()
    with TemporaryDirectory() as taken:
        card.take_data(Path(taken))
        books = [sys.executable, "-m", "kpos", "journal", "--data", f"{taken}/kpos", "--json"]
        assert receipt in subprocess.run(books, check=True, capture_output=True, text=True).stdout
        verify = [sys.executable, "-m", "kpos", "verify", "--data", f"{taken}/kpos"]
        subprocess.run(verify, check=True, capture_output=True)
