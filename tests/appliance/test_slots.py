"""Which slot is started: GRUB alone decides, by one sector, whatever state the slots are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appliance.shop import IDLE, Shop
from vm.card import Card
from vm.rig import CONSOLE, START_S, Machine, Rig


@pytest.fixture
def card(shop: Shop, tmp_path: Path) -> Card:
    return shop.copy(tmp_path / "card.img")


def grub_says(folder: Path, card: Card, text: str) -> None:
    """Start, and pull the plug as soon as GRUB has said this."""
    with Rig(folder, card.path) as till:
        till.wait_for_console(text)


def test_a_slot_on_trial_has_three_starts(card, folder):
    card.set_grubenv(slot="B", tries="3")
    for left in ("2", "1", "0"):
        grub_says(folder / left, card, f"kpos: slot B kpos.trial={left}")
        assert card.grubenv() == {"slot": "B", "tries": left}
    grub_says(folder / "back", card, "kpos: slot A ")
    assert card.grubenv() == {"slot": "A", "tries": ""}
    grub_says(folder / "stays", card, "kpos: slot A ")
    assert card.grubenv() == {"slot": "A", "tries": ""}


def test_a_slot_that_was_found_good_is_started_and_not_counted(card, folder):
    card.set_grubenv(slot="B", tries="")
    grub_says(folder, card, "kpos: slot B ")
    assert card.grubenv() == {"slot": "B", "tries": ""}


@pytest.mark.parametrize("tries", ["", "3"], ids=["good", "on trial"])
def test_a_slot_that_cannot_be_read_is_left_at_once(card, folder, tries):
    card.set_grubenv(slot="B", tries=tries)
    card.damage_slot("B")
    grub_says(folder, card, "kpos: slot A ")
    assert card.grubenv() == {"slot": "A", "tries": ""}


def test_grubenv_of_another_maker_starts_slot_a(card, folder):
    card.set_grubenv(slot="rm -rf", tries="many")
    grub_says(folder, card, "kpos: slot A kpos.trial=2")


def test_a_system_in_memory_needs_its_slot_no_more(shop, card, folder):
    card.put_boot_file("kpos-boot.cfg", CONSOLE.replace('="', '="kpos.toram '))
    with Rig(folder, card.path, Machine(memory_mib=512)) as till:
        till.wait_for(IDLE, timeout_s=START_S)
        assert till.ssh("findmnt -no SOURCE /run/kpos-root/slot", shop.key) == "/dev/loop0\n"
        card.damage_slot("A")
        till.ssh("echo 3 > /proc/sys/vm/drop_caches; kpos status", shop.key)
