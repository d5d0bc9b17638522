"""A till's first days, from an image on a card to books that its WaWi has as well.

Everything happens from outside: a file on the card, a scanner, a keypad, a display, a network
cable and a plug; across the network the companion server of this checkout.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.appliance.acknowledged import read_shown
from tests.appliance.evening import TRUSTED, TRUSTED_PIN, Evening
from tests.appliance.house import House, open_house
from tests.appliance.judge import Found
from tests.appliance.platter import whole_disk
from tests.appliance.plugs import Explorer, Recording, explored, found_after
from tests.appliance.recorded import recording
from tests.appliance.shop import IDLE, SPARE
from tests.appliance.writelog import as_killed, read_log
from vm.card import Card
from vm.rig import CONSOLE, KPOS_TOML, RULES, START_S, Rig, make_key

SEED = 1
SETUP = """\
[till]
name = "Keller"
[wawi]
url = "{house.url}"
code = "{code}"
fingerprint = "{house.fingerprint}"
[ssh]
key = "{key}"
{devices}
"""


class Till:
    """One till over all of its days: its card goes from one machine to the next."""

    def __init__(self, folder: Path, image: Path) -> None:
        self.folder = folder
        self.card = Card.write(image, folder / "card.img", grown_by=SPARE)
        self.key, self.public = make_key(folder)
        self.thanked: list[str] = []
        self.days: list[Recording] = []

    def prepare(self, setup: str) -> None:
        """What an admin does whose card is in the reader of another machine.

        A till finds no USB keyboard by itself that is QEMU's: such rules are the admin's as well.
        """
        data = self.folder / "data"
        (data / "etc").mkdir(parents=True)
        (data / "etc/90-house.rules").write_text(RULES)
        self.card.put_data(data)
        self.card.put_boot_file("kpos-setup.toml", setup)
        self.card.put_boot_file("kpos-boot.cfg", CONSOLE)

    @contextmanager
    def day(self) -> Iterator[Rig]:
        """From the power to a pulled plug; then the disk has lost what it had not flushed."""
        number = len(self.days) + 1
        folder = self.folder / f"day-{number}"
        with (
            TemporaryDirectory(prefix="kpos") as sockets,
            recording(self.card, folder, Path(sockets)) as (till, recorded),
        ):
            yield till
        entries = as_killed(read_log(recorded.log))
        self.thanked += [each.receipt_number for each in read_shown(recorded.trace, entries)]
        self.card = Card(folder / "after.img")
        whole_disk(recorded.base, entries, random.Random(f"{SEED} {number}"), self.card.path)
        self.days.append(recorded)

    def books(self) -> Found:
        """What is booked on its card."""
        return found_after(self.card.path, (), self.folder / "books")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "house") as house:
        yield house


@pytest.fixture
def till(image: Path, house: House, tmp_path: Path) -> Till:
    """A new image, and the one file that says all."""
    till = Till(tmp_path, image)
    till.prepare(
        SETUP.format(house=house, code=house.code(), key=till.public.strip(), devices=KPOS_TOML)
    )
    return till


def test_a_till_sells_offline_loses_its_power_and_agrees_with_its_wawi(till, house, size):
    with till.day() as machine:
        evening = Evening(machine, SEED, 0)
        machine.wait_for(IDLE, timeout_s=START_S)
        machine.wait_for("WaWi ok")
        machine.ssh(f"echo {TRUSTED_PIN} | kpos member set {TRUSTED} --pin -", till.key)
        evening.buys("CARD-ADA")
        evening.tops_up("CARD-ADA")
        machine.ssh("kpos sync", till.key)
        assert house.receipts() == ["K1-000001", "K1-000002"]
        machine.set_network(up=False)
        evening.buys("CARD-ADA")
        evening.buys("CARD-LINUS")
        evening.fills_a_cart("CARD-ADA")
        machine.press("#")
    booked = till.books().receipts
    assert set(till.thanked) <= set(booked)
    assert len(booked) - len(till.thanked) <= 1, "what nobody was told of yet"

    with till.day() as machine:
        machine.set_network(up=False)
        evening = Evening(machine, SEED, len(booked))
        machine.wait_for(IDLE, timeout_s=START_S)
        evening.buys("CARD-LINUS")
        assert house.receipts() == ["K1-000001", "K1-000002"]
        machine.set_network(up=True)
        machine.wait_for("WaWi ok", timeout_s=START_S)
        machine.ssh("kpos sync", till.key)
    books = till.books()
    assert list(books.receipts) == [f"K1-{number:06}" for number in range(1, len(booked) + 2)]
    assert house.hashes() == list(books.hashes)
    assert house.receipts() == list(books.receipts)
    house.check()
    for day in till.days:
        explorer = Explorer(day, day.history(till.folder / "day"), SEED, "honest")
        tally = explored(explorer, size(quick=100, ci=500, long=5000), till.folder)
        assert set(tally.classes) == {"whole"}, tally
