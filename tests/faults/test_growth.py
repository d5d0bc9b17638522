"""A till is as quick in a big shop as in a small one: counted by SQLite, so on any machine.

Steps of its virtual machine may not grow: a table that is gone through, a missing index, a query
over all documents each shows there. Pages may: a look-up by key takes between one page, where the
cursor is near already, and one for each level of its B-tree. `make bench ARGS=--big` has the
figures up to 1,000,000 documents.
"""

import pytest

from kpos.ledger.files import Folder
from kpos.ledger.good_copy import copy_stammdaten
from tests.bench.bigshop import build
from tests.bench.counted import Counter, memory_at_most
from tests.bench.growth import GROWTH_MAX, Evening, levels
from tests.kiosk import MATE, Kiosk, build_shop

SMALL = 1_000


def counted(path, documents, rounds):
    try:
        return Evening(build(path, documents), documents).spend(rounds)
    except OSError as error:
        pytest.skip(f"needs an SQLite that shows its functions: {error}")


def test_a_big_shop_takes_the_steps_of_a_small_one(tmp_path, size):
    big = size(quick=5_000, ci=50_000, long=1_000_000)
    rounds = size(quick=5, ci=30, long=100)
    before = counted(tmp_path / "small", SMALL, rounds)
    after = counted(tmp_path / "big", big, rounds)
    assert before.keys() == after.keys()
    steps = {act: round(after[act].vm_steps / before[act].vm_steps, 2) for act in after}
    assert not {act: ratio for act, ratio in steps.items() if ratio > GROWTH_MAX}

    deepest = max(levels(tmp_path / "big").values())
    pages = {act: round(after[act].pages / before[act].pages, 2) for act in after}
    assert not {act: ratio for act, ratio in pages.items() if ratio > deepest}


def test_a_booking_does_not_go_through_all_that_can_still_be_undone(tmp_path, size):
    kiosk = Kiosk(build_shop(tmp_path / "shop"))
    assert kiosk.books is not None
    kiosk.office("setting_set", key="undo_minutes", value=str(7 * 24 * 60))
    kiosk.office("top_up", member="Ada", cents=900_000)
    try:
        counter = Counter(kiosk.books.journal.db, kiosk.books.db)
    except OSError as error:
        pytest.skip(f"needs an SQLite that shows its functions: {error}")
    steps = []
    for _ in range(size(quick=100, ci=1_000, long=5_000)):
        kiosk.logs_in("Ada")
        kiosk.scan(MATE)
        before = counter.read()
        kiosk.type("#")
        steps.append((counter.read() - before).vm_steps)
    kiosk.close()
    assert steps[-1] <= GROWTH_MAX * steps[10], steps


def test_the_copy_of_the_day_keeps_no_big_shop_in_memory(tmp_path, size):
    shop = Folder(build(tmp_path / "shop", size(quick=10_000, ci=50_000, long=1_000_000)))
    try:
        taken = memory_at_most(lambda: copy_stammdaten(shop))
    except OSError as error:
        pytest.skip(f"needs an SQLite that counts its memory: {error}")
    assert taken <= 512 * 1024
    assert shop.good_copy.stat().st_size >= 700_000
