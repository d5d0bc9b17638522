"""A power cut gives no till a wallet back that others were told they may spend."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kpos.clock import ScriptClock
from kpos.domain.ids import Id
from kpos.ledger import feed
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from tests.faults.cuts import memory
from tests.faults.cuts_disk import Disk, FileSystem, Image
from tests.faults.homes_scene import ELSEWHERE, FREE
from tests.faults.shim import HAS_COMPILER, OUTPUT, Record, Shim
from tests.ledger.kasse import FRIDAY_EVENING
from tests.process.jsonl_till import ROOT

pytestmark = pytest.mark.skipif(not HAS_COMPILER, reason="needs a C compiler (cc)")

# By what everybody was told last: what the till that lost the wallet may still think of it.
ALLOWED = {FREE: {"free", "elsewhere", "unknown"}, ELSEWHERE: {"elsewhere", "unknown"}}


@pytest.fixture(scope="module")
def records() -> Iterator[list[Record]]:
    """What the tills asked of their disk."""
    with TemporaryDirectory(prefix="kpos-homes-", dir=memory()) as folder:
        disk, server = Path(folder) / "disk", Path(folder) / "server"
        disk.mkdir()
        server.mkdir()
        shim = Shim(disk, Path(folder) / "own", 1)
        scene = [sys.executable, "-m", "tests.faults.homes_scene", str(server), str(disk)]
        subprocess.run([*shim.before, *scene], check=True, cwd=ROOT, stdout=subprocess.PIPE)
        yield shim.records()


@pytest.mark.parametrize("system", ["posix", "journal"])
@pytest.mark.parametrize("told", ALLOWED, ids=["free", "elsewhere"])
def test_who_lost_a_wallet_knows_it_after_a_power_cut(
    records: list[Record], told: bytes, system: FileSystem, tmp_path: Path
):
    draw = random.Random(f"{told!r} {system}")
    disk = Disk(system, "honest", draw, {})
    places = iter(records)
    for record in places:
        disk.apply(record)
        if record.call == OUTPUT and record.data == told:
            break
    states = 0
    for record in places:
        for _ in range(10):
            _, image = disk.cut(draw)
            standing = standing_in(image, tmp_path / f"cut{states}")
            assert standing in ALLOWED[told], f"cut {states}"
            states += 1
        if record.call == OUTPUT or states >= 150:
            break
        disk.apply(record)
    assert states


def standing_in(image: Image, path: Path) -> str:
    """What the till takes the wallet for that was bought from, started after the cut."""
    for name, content in image.files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    books = Books(Folder(path / "till"), ScriptClock(FRIDAY_EVENING))
    try:
        [wallet] = {
            posting.account.removeprefix("wallet:")
            for document in books.journal.documents_after(0)
            for posting in document.postings
            if posting.account.startswith("wallet:")
        }
        return feed.standing(books.current(), books.identity.till, Id(wallet)).home
    finally:
        books.close()
