"""Readers of coins and notes on a port: plugged in, asked, pulled out."""

from collections.abc import Callable
from itertools import cycle

import pytest

from hardware.cash import CashDevice
from hardware.cash_input import CCTALK_LINE, SSP_LINE, open_cash
from hardware.cctalk import CoinAcceptor
from hardware.errors import Absent, Unplugged
from hardware.serial_port import Line
from hardware.ssp import NoteValidator
from tests.hardware.ptys import PtyPlug
from tests.hardware.test_opening import descriptors

KINDS: tuple[tuple[Callable[[], CashDevice], Line, bytes], ...] = (
    (CoinAcceptor, CCTALK_LINE, bytes.fromhex("02 00 01 FE FF")),
    (NoteValidator, SSP_LINE, bytes.fromhex("7F 80 01 11 65 82")),
)


@pytest.mark.parametrize(("make", "line", "first"), KINDS, ids=["coins", "notes"])
def test_it_asks_when_its_time_has_come_and_first_whether_anybody_is_there(
    tmp_path, make, line, first
):
    plug = PtyPlug(tmp_path / "cash")
    source = open_cash(str(plug.link), line, lambda: 0, make())
    assert source.deadline_ms == 0
    assert source.flush(0) == []
    assert plug.received() == first
    assert source.read() == []
    source.close()
    assert source.fileno() == -1
    plug.is_pulled()


@pytest.mark.parametrize(
    ("make", "line", "last"),
    [
        (CoinAcceptor, CCTALK_LINE, "02 01 01 E4 00 18"),
        (NoteValidator, SSP_LINE, "7F 00 01 09 36 08"),
    ],
    ids=["coins", "notes"],
)
def test_the_last_thing_it_hears_is_to_take_nothing(tmp_path, make, line, last):
    plug = PtyPlug(tmp_path / "cash")
    source = open_cash(str(plug.link), line, lambda: 0, make())
    source.farewell()
    assert plug.received() == bytes.fromhex(last)
    plug.is_pulled()
    source.farewell()  # nobody hears it
    source.close()


def test_pulling_and_plugging_all_day_leaks_no_descriptor(tmp_path, size):
    link = tmp_path / "cash"
    kinds = cycle(KINDS)
    before = 0
    for _ in range(2 * size(quick=1_000, ci=1_000, long=10_000)):
        make, line, first = next(kinds)
        plug = PtyPlug(link)
        source = open_cash(str(link), line, lambda: 0, make())
        source.flush(0)
        assert plug.received() == first
        plug.is_pulled()
        with pytest.raises(Unplugged):
            source.read()
        with pytest.raises(Unplugged):
            source.flush(10_000)
        source.close()
        with pytest.raises(Absent):
            open_cash(str(link), line, lambda: 0, make())
        before = before or descriptors()
    assert descriptors() == before
