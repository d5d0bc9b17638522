"""A till is renewed: over ssh while it sells, tried, kept or left, with the plug pulled anywhere.

The tests are a till's days, in this order. `--keep FOLDER` keeps what was recorded on the first.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from making import disk
from tests.appliance.evening import Evening
from tests.appliance.plugs import Recording, found_after
from tests.appliance.recorded import recording
from tests.appliance.shop import IDLE, MIB, Shop
from tests.appliance.update_cuts import Renewal, System, system_of
from tests.appliance.updates import (
    Maker,
    good_slot,
    kept_slot,
    make_maker,
    restarts_into,
    slot_rows,
    slot_whose_till_ends,
    starts,
)  # fmt: skip
from tests.conftest import Size
from tests.faults.cuts import memory, say
from vm.card import Card, Name
from vm.rig import START_S, Rig

SEED = 1
CUTS = 50
# Until kpos-good.service has ended.
JUDGED = 'until [ -n "$(systemctl show -P ExecMainExitTimestamp kpos-good)" ]; do sleep 1; done'


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kpos-update-", dir=memory()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    return make_maker(tmp_path_factory.mktemp("maker"))


@pytest.fixture(scope="module")
def good(image: Path, maker: Maker) -> Path:
    return good_slot(image, maker.folder / "good.sqfs")


@dataclass(frozen=True)
class Renewed:
    """A till whose slot B was found good, its plug pulled since; and what was seen meanwhile."""

    card: Card
    recorded: Recording
    before: System
    waiting: Mapping[str, Any]
    trial: str
    judged: str
    starts: list[tuple[str, str]]


@pytest.fixture(scope="module")
def renewed(
    shop: Shop, maker: Maker, good: Path, tmp_path_factory: pytest.TempPathFactory, place: Path,
    pytestconfig: pytest.Config,
) -> Renewed:  # fmt: skip
    """It sells on slot A, is renewed, sells on trial on slot B, and loses its power."""
    kept = Path(pytestconfig.getoption("keep") or tmp_path_factory.mktemp("recorded"))
    card = shop.copy(tmp_path_factory.mktemp("card") / "card.img")
    # Nothing of the new system is there before: what is not written is missing.
    card.damage_slot("B", octets=good.stat().st_size)
    before = System(disk.SLOT_A.size * MIB, card.slot_digest("A"))
    with (
        TemporaryDirectory(prefix="kpos") as sockets,
        recording(card, kept / "update", Path(sockets)) as (till, recorded),
        ThreadPoolExecutor(1) as beside,
    ):
        evening = Evening(till, SEED, len(found_after(recorded.base, (), place / "x").receipts))
        till.wait_for(IDLE, timeout_s=START_S)
        till.ssh("cat > /data/etc/update-signers", shop.key, fed=maker.signers)
        written = beside.submit(till.ssh, "kpos update -", shop.key, fed=maker.pack(good))
        evening.tops_up("CARD-ADA")
        evening.buys("CARD-ADA")
        assert "Slot B is written and verified" in written.result()
        waiting = slot_rows(till, shop.key)
        restarts_into(till, shop.key, "B", "2")
        till.wait_for(IDLE, timeout_s=START_S)
        trial = till.ssh("kpos update --status", shop.key)
        evening.buys("CARD-ADA")
        till.ssh(JUDGED, shop.key)
        judged = till.ssh("systemctl show -p Result,ExecMainStatus kpos-good", shop.key)
        evening.buys("CARD-ADA")
        # What it thanks for has been drawn whole then.
        till.wait_for(IDLE)
        started = starts(till)
    return Renewed(card, recorded, before, waiting, trial, judged, started)


def test_an_update_is_tried_and_stays(renewed, good):
    assert renewed.waiting["A"]["state"] == "runs"
    assert renewed.waiting["B"]["state"] == "is started next, on trial"
    assert "runs on trial, 2 starts left" in renewed.trial
    assert renewed.starts == [("A", ""), ("B", "2")]
    assert set(renewed.judged.split()) == {"Result=success", "ExecMainStatus=0"}
    assert renewed.card.grubenv() == {"slot": "B", "tries": ""}
    assert kept_slot(renewed.card, "B", good)
    assert renewed.card.slot_digest("A") == renewed.before.sha256


def test_the_plug_may_be_pulled_at_any_moment_of_it(renewed, good, place, tmp_path):
    renewal = Renewal(renewed.recorded, systems(renewed, good), place / "honest")
    left = {}
    for cut in renewal.places(CUTS, random.Random(SEED)):
        left[cut] = renewal.look(cut, renewal.disk(cut, tmp_path / "cut.img"))
    chosen = Counter((each.slot, each.tries) for each in left.values())
    say(f"{len(left)} cuts of {len(renewal.entries)} entries: {dict(chosen)}")
    assert not {cut: each for cut, each in left.items() if each.fault}
    # All of its stages were seen.
    assert {("A", ""), ("B", "2"), ("B", "1"), ("B", "")} <= chosen.keys()


def test_a_disk_that_ignores_flushes_is_found_out(renewed, good, place, tmp_path):
    renewal = Renewal(renewed.recorded, systems(renewed, good), place / "unsafe", "unsafe")
    faults: Counter[str] = Counter()
    places = renewal.places(CUTS, random.Random(SEED))
    for cut in places[bisect(places, renewal.switch) :]:
        fault = renewal.look(cut, renewal.disk(cut, tmp_path / "cut.img")).fault
        faults[fault.partition(":")[0]] += 1
    say(f"a disk that ignores flushes: {dict(faults)}")
    assert faults["slot"], "half a slot is started, and nobody would have noticed"
    assert faults["books"]


def test_a_till_whose_plug_was_pulled_in_an_update_sells_again(
    renewed, good, place, tmp_path, size: Size
):
    renewal = Renewal(renewed.recorded, systems(renewed, good), place / "starts")
    places = renewal.places(CUTS, random.Random(SEED))
    for cut in random.Random(SEED).sample(places, size(quick=1, ci=5, long=CUTS)):
        card = renewal.disk(cut, tmp_path / "cut.img")
        left = renewal.look(cut, card)
        receipts = found_after(card.path, (), place / "receipts").receipts
        with TemporaryDirectory(prefix="kpos") as sockets, Rig(Path(sockets), card.path) as till:
            till.wait_for(IDLE, timeout_s=START_S)
            assert starts(till) == [(left.slot, left.tries)]
            Evening(till, SEED, len(receipts)).buys("CARD-ADA")
        say(f"cut after {cut} entries: sells, from slot {left.slot} {left.tries}")


@pytest.mark.by_hand
def test_a_slot_whose_till_ends_is_left_after_its_tries(renewed, shop, maker, good, folder):
    """The last one: it goes on with that card, whose slot B runs and is good."""
    bad = slot_whose_till_ends(good, maker.folder / "bad.sqfs")
    with Rig(folder, renewed.card.path) as till:
        till.wait_for(IDLE, timeout_s=START_S)
        assert starts(till) == [("B", "")]
        till.ssh("kpos update -", shop.key, fed=maker.pack(bad))
        restarts_into(till, shop.key, "A", "2")
        for tries in ("kpos.trial=1", "kpos.trial=0"):
            till.wait_for_console(f"kpos: slot A {tries}", timeout_s=START_S)
        till.wait_for_console("kpos: slot A has failed its trial", timeout_s=START_S)
        till.wait_for(IDLE, timeout_s=START_S)
        till.ssh(JUDGED, shop.key)
        row = slot_rows(till, shop.key)["A"]
        assert row["state"] == "was taken back"
        assert row["why"] == "the till ended again and again"
        assert "taken back" in till.ssh("kpos doctor", shop.key, statuses=(0, 1))
        assert starts(till)[-1] == ("B", "")
    assert renewed.card.grubenv() == {"slot": "B", "tries": ""}


def systems(renewed: Renewed, good: Path) -> dict[Name, System]:
    return {"A": renewed.before, "B": system_of(good)}
