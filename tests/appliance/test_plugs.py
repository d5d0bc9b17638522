"""The plug of a till is pulled, after every write of its disk and in the midst of buying.

`--keep FOLDER` keeps what was recorded there; `tests/appliance/plugs.py` looks at it again.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

import pytest

from making import disk
from tests.appliance.acknowledged import read_shown
from tests.appliance.evening import Evening
from tests.appliance.platter import Device, Platter, whole_disk
from tests.appliance.plugs import Explorer, Recording, explored, found_after
from tests.appliance.recorded import recording
from tests.appliance.shop import IDLE, SPARE, Shop
from tests.appliance.writelog import as_killed, read_log
from tests.conftest import Size
from tests.faults.cuts import memory, say
from vm.card import Card, call
from vm.rig import KPOS_TOML, START_S, Rig

SEED = 1
# Within so many seconds somebody has shown a card, scanned, pressed # and read thanks.
MIDST_S = 15.0
# Of the log of each start that ends with a cut.
STATES_PER_CUT = 100


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with TemporaryDirectory(prefix="kpos-plugs-", dir=memory()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def recorded(
    shop: Shop, place: Path, size: Size, tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Recording:  # fmt: skip
    """An evening, with a backup in its middle and a closing at its end; then the plug is pulled."""
    kept = pytestconfig.getoption("keep") or tmp_path_factory.mktemp("recorded")
    card = shop.copy(tmp_path_factory.mktemp("card") / "card.img")
    errands = size(quick=4, ci=16, long=70)
    with (
        TemporaryDirectory(prefix="kpos") as sockets,
        recording(card, Path(kept) / "evening", Path(sockets)) as (till, recorded),
    ):
        before = found_after(recorded.base, (), place / "before")
        evening = Evening(till, SEED, len(before.receipts))
        till.wait_for(IDLE, timeout_s=START_S)
        for number in range(errands):
            evening.errand()
            if number == errands // 2:
                till.ssh("kpos backup /data/backups/evening.db", shop.key)
        evening.closes_the_day()
    return recorded


@pytest.fixture(scope="module")
def first_start(image: Path, pytestconfig, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A new card, up to the first question on the display."""
    kept = pytestconfig.getoption("keep") or tmp_path_factory.mktemp("first")
    card = Card.write(image, tmp_path_factory.mktemp("card") / "card.img", grown_by=SPARE)
    card.put_boot_file("kpos-setup.toml", KPOS_TOML)
    with (
        TemporaryDirectory(prefix="kpos") as sockets,
        recording(card, Path(kept) / "first", Path(sockets)) as (till, recorded),
    ):
        till.wait_for("neue Kasse", timeout_s=START_S)
    return recorded


@pytest.fixture(scope="module")
def explorers(recorded: Recording, place: Path) -> dict[Device, Explorer]:
    history = recorded.history(place / "history")
    return {
        device: Explorer(recorded, history, SEED, device)
        for device in ("honest", "forgetful", "unsafe")
    }


def test_wherever_the_plug_is_pulled_what_was_thanked_for_is_booked(explorers, place, size):
    tally = explored(explorers["honest"], size(quick=300, ci=1500, long=20_000), place)
    assert set(tally.classes) == {"whole"}, tally
    # Or there was nothing that could go wrong.
    assert tally.uncertain["lost"] > tally.states // 4
    assert tally.uncertain["torn"] > tally.states // 20


def test_the_first_start_makes_a_file_system_on_all_of_the_card(first_start, place):
    platter = Platter(first_start.base, place, "honest")
    for entry in read_log(first_start.log):
        platter.apply(entry)
    partition = platter.image(platter.everything())
    platter.close()
    assert partition is not None
    assert partition.stat().st_size == disk.DATA.size * disk.MIB + SPARE
    blocks = re.search(r"Block count: +(\d+)", call("dumpe2fs", "-h", str(partition)).decode())
    assert blocks is not None
    assert int(blocks[1]) * 4096 == partition.stat().st_size


def test_the_first_start_may_be_cut_off_anywhere(first_start, place, size):
    history = first_start.history(place / "nothing")
    assert history.hashes == ()
    explorer = Explorer(first_start, history, SEED, "honest")
    tally = explored(explorer, size(quick=300, ci=1500, long=20_000), place)
    assert set(tally.classes) == {"whole"}, tally


@pytest.mark.parametrize("device", ["forgetful", "unsafe"])
def test_a_disk_that_ignores_flushes_is_found_out(explorers, place, size, device: Device):
    tally = explored(explorers[device], size(quick=60, ci=100, long=1000), place)
    assert len(tally.failures) > tally.states // 5, tally
    assert tally.classes["lost"], "acknowledged, gone, and nobody would have noticed"


@pytest.mark.by_hand
def test_a_till_whose_plug_is_pulled_starts_again_and_has_lost_nothing(shop, place, size, tmp_path):
    draw = random.Random(f"{SEED} cuts")
    card = shop.copy(tmp_path / "card.img")
    before, thanked = found_after(card.path, (), place / "cuts"), set[str]()
    for number in range(size(quick=1, ci=2, long=20)):
        recorded = buys_until_cut(card, tmp_path / f"cut-{number}", len(before.receipts), draw)
        entries = as_killed(read_log(recorded.log))
        thanked |= {shown.receipt_number for shown in read_shown(recorded.trace, entries)}
        card = Card(tmp_path / f"after-{number}.img")
        cut = whole_disk(recorded.base, entries, draw, card.path)
        say(f"cut {number} after {len(entries)} entries: {cut.lost} sectors lost, {cut.torn} writes"
            f" torn, {len(thanked)} receipts shown so far")  # fmt: skip
        after = found_after(card.path, (), place / "cuts")
        assert after.hashes[: len(before.hashes)] == before.hashes
        assert thanked <= set(after.receipts)
        assert len({*after.receipts} - {*before.receipts} - thanked) <= 1, "only what was under way"
        before = after
        # Another start, of a disk that was cut off: all that could have become of this one.
        explorer = Explorer(recorded, recorded.history(place / "cuts"), SEED + number, "honest")
        assert set(explored(explorer, STATES_PER_CUT, place).classes) == {"whole"}
        shutil.rmtree(recorded.folder)
    assert thanked
    with TemporaryDirectory(prefix="kpos") as sockets, Rig(Path(sockets), card.path) as till:
        evening = Evening(till, SEED, len(before.receipts))
        till.wait_for(IDLE, timeout_s=START_S)
        evening.errand()


def buys_until_cut(card: Card, folder: Path, receipts: int, draw: random.Random) -> Recording:
    """It starts, people buy, and QEMU is killed in the midst of that."""
    with (
        TemporaryDirectory(prefix="kpos") as sockets,
        recording(card, folder, Path(sockets)) as (till, recorded),
    ):
        evening = Evening(till, draw.randrange(1 << 30), receipts)
        till.wait_for(IDLE, timeout_s=START_S)
        evening.errand()
        plug = Timer(draw.uniform(0, MIDST_S), till.process.kill)
        plug.start()
        # Whatever is being typed or waited for then; a timeout is an OSError, too.
        with suppress(OSError, ValueError):
            while True:
                evening.errand()
        plug.join()
    return recorded
