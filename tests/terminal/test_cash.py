"""Coins and notes at the till: who is credited, and that each is booked once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kpos.checkout.states import buyer_of
from kpos.clock import real_ms
from kpos.config import CashConfig
from kpos.ledger.errors import DiskFull
from kpos.terminal.cash import CashInputs
from kpos.terminal.till import Ticker
from kpos.terminal.wiring import Wiring
from tests.hardware.cash_devices import EmulatedCoinAcceptor, EmulatedNoteValidator, Noise
from tests.hardware.ptys import PtyPlug
from tests.terminal.kiosk import PATIENCE_MS, Kiosk

MATE = "4029764001807"
EURO, TWO_EUROS = 7, 8
TEN_EUROS = 2


class CashKiosk(Kiosk):
    """Emulated readers on ptys, which the till's own loop serves; their polls take real time."""

    def __init__(self, data: Path, dev: Path) -> None:
        super().__init__(data, dev)
        self.coins = EmulatedCoinAcceptor(Noise())
        self.notes_reader = EmulatedNoteValidator(Noise())
        self.readers: dict[str, EmulatedCoinAcceptor | EmulatedNoteValidator] = {}
        self.readers |= {"coins": self.coins, "notes": self.notes_reader}
        self.ports: dict[str, PtyPlug] = {}
        for name in self.readers:
            self.plug_in(name)
        config = CashConfig(coins=f"{dev}/coins", notes=f"{dev}/notes")
        wiring = Wiring(self.loop, self.notes.append, self._open, real_ms)
        self.cash = CashInputs(config, self.till, wiring)

    def plug_in(self, name: str) -> None:
        port, reader = PtyPlug(self._dev / name), self.readers[name]
        self.ports[name] = port
        self.loop.add(port.device, lambda: port.sends(reader.serve(os.read(port.device, 4096))))

    def unplug(self, name: str) -> None:
        self.loop.remove(self.ports[name].device)
        self.ports[name].is_pulled()

    def waits_until(self, true: Callable[[], object]) -> None:
        give_up_ms = real_ms() + PATIENCE_MS
        ticker = Ticker(self.till, self._clock)

        def look() -> None:
            if true() or real_ms() > give_up_ms:
                self.loop.stop()

        self.loop._stopped = False
        due = self.cash.due_ms
        self.loop.run(
            lambda: min(due() or 0, 50), [self.inputs.after, self.cash.after, ticker.after, look]
        )
        assert true(), (self.screen, self.shown.sounds, self.notes)

    def polls(self, times: int = 3) -> None:
        enough = self.coins.polls + times
        self.waits_until(lambda: self.coins.polls >= enough)

    def logs_in(self, keys: str = "77#", pin: str = "4711#", name: str = "Mona") -> None:
        self.types(keys)
        self.sees("PIN")
        self.types(pin)
        self.sees(f"Hallo {name}")

    def accepts(self) -> bool:
        return self.coins.master and self.notes_reader.is_enabled

    def balance(self) -> int:
        """What the reader's box holds, by the books."""
        assert self.till.books is not None
        row = self.till.books.current().execute(
            "SELECT cents FROM balance WHERE account LIKE 'cash:%-reader'"
        )
        return sum(cents for (cents,) in row)

    def close(self) -> None:
        self.cash.close()
        for name in self.ports:
            if self.ports[name].device >= 0:
                self.unplug(name)
        super().close()


@pytest.fixture
def kiosk(data, tmp_path) -> Iterator[CashKiosk]:
    pytest.importorskip("evdev", reason="evdev is not installed: it needs a C compiler to build")
    kiosk = CashKiosk(data, tmp_path / "dev")
    yield kiosk
    kiosk.close()


def credit(kiosk: CashKiosk) -> int:
    buyer = buyer_of(kiosk.till.state.dialogue)
    assert buyer is not None
    return buyer.credit.cents


def test_who_is_identified_puts_money_in_and_buys(kiosk):
    kiosk.logs_in()
    before = credit(kiosk)
    kiosk.waits_until(kiosk.accepts)
    kiosk.sees("Artikel scannen oder Geld einwerfen")
    assert kiosk.coins.insert(TWO_EUROS)
    kiosk.waits_until(lambda: credit(kiosk) == before + 200)
    assert kiosk.notes_reader.insert(TEN_EUROS)
    kiosk.waits_until(lambda: credit(kiosk) == before + 1200)
    assert kiosk.shown.sounds[-2:] == ["accept", "accept"]
    assert kiosk.balance() == 1200

    kiosk.scans(MATE)
    kiosk.sees("Club-Mate")
    kiosk.types("#")
    kiosk.sees("Danke, Mona!")
    kiosk.waits_until(lambda: not kiosk.accepts())
    kiosk.polls()
    assert kiosk.balance() == 1200
    kiosk.logs_in()
    kiosk.unplug("notes")
    kiosk.sees("Artikel scannen oder Münzen einwerfen")


def test_nothing_is_accepted_from_nobody(kiosk):
    kiosk.polls()
    assert not kiosk.coins.insert(EURO)
    assert not kiosk.notes_reader.insert(TEN_EUROS)
    kiosk.scans(MATE)  # goods first, and nobody known yet
    kiosk.sees("Club-Mate")
    kiosk.polls()
    assert not kiosk.coins.insert(EURO)
    assert kiosk.balance() == 0


class Deaf(Noise):
    """A line on which nothing arrives."""

    def passes(self, message: bytes) -> bytes:
        return b""


def test_a_coin_that_was_falling_when_somebody_left_is_theirs(kiosk):
    kiosk.logs_in()
    kiosk.waits_until(kiosk.accepts)
    assert kiosk.coins.insert(TWO_EUROS)
    kiosk.coins.noise = Deaf()  # nobody hears of it for as long as one likes
    kiosk.types("*")
    kiosk.logs_in("42#", "1234#", "Ada")
    before = credit(kiosk)
    kiosk.waits_until(lambda: any("does not answer" in note for note in kiosk.notes))
    assert not kiosk.notes_reader.is_enabled, "nobody pays in while it is not clear whose it is"
    kiosk.coins.noise = Noise()
    kiosk.waits_until(lambda: kiosk.balance() == 200)
    kiosk.waits_until(kiosk.accepts)
    assert credit(kiosk) == before
    assert kiosk.coins.insert(EURO)
    kiosk.waits_until(lambda: credit(kiosk) == before + 100)


def test_on_a_bad_line_each_coin_is_booked_once(kiosk):
    kiosk.logs_in()
    kiosk.waits_until(kiosk.accepts)
    before = credit(kiosk)
    kiosk.coins.noise.share = 0.15
    for _ in range(3):
        kiosk.waits_until(lambda: kiosk.coins.master)
        kiosk.coins.insert(EURO)
        kiosk.types("1")  # somebody is there
    kiosk.waits_until(lambda: credit(kiosk) >= before + 300)
    kiosk.coins.noise.share = 0
    kiosk.polls()
    assert (credit(kiosk), kiosk.balance()) == (before + 300, 300)


def test_a_full_disk_books_later_and_takes_no_more_meanwhile(kiosk, monkeypatch):
    kiosk.logs_in()
    kiosk.waits_until(kiosk.accepts)
    before = credit(kiosk)

    def full(*_arguments):
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr("kpos.terminal.cash.book", full)
        kiosk.coins.insert(TWO_EUROS)
        kiosk.waits_until(lambda: any("cannot be booked yet" in note for note in kiosk.notes))
        polls = kiosk.coins.polls
        kiosk.waits_until(lambda: len([note for note in kiosk.notes if "yet" in note]) >= 2)
        assert kiosk.coins.polls == polls
    kiosk.waits_until(lambda: credit(kiosk) == before + 200)
    assert kiosk.balance() == 200


def test_a_reader_that_is_unplugged_and_back_takes_money_again(kiosk):
    kiosk.logs_in()
    kiosk.waits_until(kiosk.accepts)
    kiosk.unplug("coins")
    kiosk.waits_until(
        lambda: any("coins: " in note and "unplugged" in note for note in kiosk.notes)
    )
    before = credit(kiosk)
    kiosk.sees("Artikel scannen oder Schein einschieben")
    kiosk.coins.insert(EURO)  # its own power is on, and it was not told otherwise
    kiosk.plug_in("coins")
    kiosk.waits_until(lambda: credit(kiosk) == before + 100)
    kiosk.waits_until(kiosk.accepts)
    kiosk.coins.insert(TWO_EUROS)
    kiosk.waits_until(lambda: credit(kiosk) == before + 300)


def test_a_till_that_ends_leaves_no_reader_that_takes_money(kiosk):
    kiosk.logs_in()
    kiosk.waits_until(kiosk.accepts)
    kiosk.cash.close()
    kiosk.cash._readers = []
    kiosk.waits_until(lambda: not kiosk.coins.master and not kiosk.notes_reader.is_enabled)
