"""Coins, and a till that dies: none is lost whose payer was known, none is booked twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kpos.clock import SystemClock
from kpos.domain.orders import ReaderMark
from kpos.ledger import readers
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from tests.cli.room import Room

KPOS = [sys.executable, "-m", "kpos"]
EURO, TWO_EUROS = 7, 8


class Counter(Room):
    """A till as a process, with a keypad, a display and a coin acceptor that outlive it."""

    def __init__(self, dev: Path, data: Path) -> None:
        super().__init__(dev)
        self.data = data
        self.till: subprocess.Popen[bytes] | None = None

    def starts(self) -> None:
        polls = self.coins.polls
        self.till = subprocess.Popen(
            [*KPOS, "run", "--config", str(self.config), "--data", str(self.data)],
            stdin=subprocess.DEVNULL,
        )
        self.sees("Show card or scan goods")
        self.waits_until(lambda: self.coins.polls >= polls + 2)

    def sees(self, text: str) -> None:
        self.waits_until(lambda: any(text in line for line in self.glass()))

    def mona_comes(self) -> None:
        self.sends("pad", b"77#")
        self.sees("PIN")
        self.sends("pad", b"4711#")
        self.sees("Hello Mona")
        self.sees("insert coins")
        assert self.coins.master

    def stops(self) -> None:
        """From here on it hears nothing, and does nothing."""
        assert self.till is not None
        self.till.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.till.pid, os.WSTOPPED | os.WNOWAIT)

    def dies(self) -> None:
        assert self.till is not None
        self.till.kill()
        self.till.wait()
        # What it had sent to a display that stays is read by the next one's start.
        self.display.power_on()

    def ends(self) -> None:
        assert self.till is not None
        self.till.terminate()
        assert self.till.wait() == 0

    def booked(self) -> int:
        """Cents in the reader's box, by the books of a till that has ended."""
        books = Books(Folder(self.data), SystemClock())
        try:
            row = books.current().execute(
                "SELECT cents FROM balance WHERE account LIKE 'cash:%-reader'"
            )
            return sum(cents for (cents,) in row)
        finally:
            books.close()


@pytest.fixture
def counter(tmp_path, data) -> Iterator[Counter]:
    counter = Counter(tmp_path / "room", data)
    yield counter
    if counter.till is not None and counter.till.poll() is None:
        counter.till.kill()
        counter.till.wait()
    counter.close()


def credit(counter: Counter) -> str:
    [line] = [line for line in counter.glass() if "Hello Mona" in line]
    return line.split()[-1]


def test_a_coin_of_the_moment_in_which_the_till_died_is_its_payers(counter):
    counter.starts()
    counter.mona_comes()
    before = credit(counter)
    counter.stops()
    assert counter.coins.insert(EURO)
    assert counter.coins.insert(TWO_EUROS)
    counter.dies()
    counter.starts()
    assert not counter.coins.master, "nobody is there"
    counter.mona_comes()
    assert float(credit(counter)) == pytest.approx(float(before) + 3)
    counter.ends()
    assert counter.booked() == 300


def test_a_coin_that_was_booked_is_not_booked_again_however_often_the_till_dies(counter):
    counter.starts()
    counter.mona_comes()
    before = credit(counter)
    assert counter.coins.insert(EURO)
    counter.waits_until(lambda: credit(counter) != before)
    for _ in range(3):
        counter.dies()
        counter.starts()
    counter.ends()
    assert counter.booked() == 100


def test_a_coin_that_fell_when_nobody_was_there_any_more_is_said_and_nobodys(counter, capfd):
    counter.starts()
    counter.mona_comes()
    counter.sends("pad", b"*")
    counter.waits_until(lambda: not counter.coins.master)
    polls = counter.coins.polls
    counter.waits_until(lambda: counter.coins.polls > polls)
    counter.dies()
    counter.coins.happens(EURO, 0)  # somebody held its flap open
    counter.starts()
    counter.mona_comes()
    counter.ends()
    assert counter.booked() == 0
    assert "100 cents are in the reader, and nobody was there" in capfd.readouterr().err


def test_an_acceptor_that_lost_its_power_starts_from_nothing(counter):
    counter.starts()
    counter.mona_comes()
    assert counter.coins.insert(EURO)
    counter.sees("insert coins")
    counter.dies()
    counter.coins.loses_power()
    counter.starts()
    counter.mona_comes()
    before = credit(counter)
    assert counter.coins.insert(TWO_EUROS)
    counter.waits_until(lambda: credit(counter) != before)
    counter.ends()


@pytest.fixture
def books(data) -> Iterator[Books]:
    books = Books(Folder(data), SystemClock())
    yield books
    books.close()


def test_after_a_restore_nothing_is_known_of_a_reader(data, tmp_path):
    with closing(Books(Folder(data), SystemClock())) as books:
        readers.keep_soon(books, ReaderMark("coins", 17), None)
    for command in ("backup", "restore"):
        subprocess.run([*KPOS, command, tmp_path / "b.db", "--data", data], check=True)
    with closing(Books(Folder(data), SystemClock())) as books:
        assert readers.recall(books, "coins") is None


def test_keeping_waits_for_no_disk_and_the_next_booking_does_again(books):
    readers.keep_soon(books, ReaderMark("coins", 17), None)
    assert books.journal.db.execute("PRAGMA synchronous").fetchone() == (2,)
