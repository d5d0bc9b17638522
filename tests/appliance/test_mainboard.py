"""What is below the system: another firmware, and a watchdog that outlives what hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.appliance.evening import Evening
from tests.appliance.plugs import found_after
from tests.appliance.shop import IDLE, Shop
from vm.card import Card
from vm.rig import START_S, Machine, Rig

SEED = 1
# That of the mainboard, which QEMU strips of its effect unless it is told otherwise.
WATCHDOG = Machine(more=("-global", "ICH9-LPC.noreboot=false", "-action", "watchdog=reset"))
# The process of the system's manager stands still, and with it whoever feeds the watchdog.
HANG = "echo 1 >/sys/fs/cgroup/init.scope/cgroup.freeze"


@pytest.fixture
def card(shop: Shop, tmp_path: Path) -> Card:
    return shop.copy(tmp_path / "card.img")


def test_it_starts_under_uefi_as_well(card, folder):
    with Rig(folder, card.path, Machine(firmware="uefi", memory_mib=512)) as till:
        till.wait_for(IDLE, timeout_s=START_S)


@pytest.mark.by_hand
def test_a_system_that_hangs_is_started_anew_by_the_watchdog(shop, card, folder, tmp_path):
    receipts = found_after(card.path, (), tmp_path / "before").receipts
    with Rig(folder, card.path, WATCHDOG) as till:
        till.wait_for(IDLE, timeout_s=START_S)
        till.ssh(HANG, shop.key)
        till.wait_for_console("kpos: slot A ", times=2, timeout_s=START_S)
        # What stands on the display until then is what stood there before: it shows no new receipt.
        Evening(till, SEED, len(receipts)).buys("CARD-ADA")
