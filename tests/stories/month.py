"""December 2026 in a club: one till, one shell, one clock that a time server keeps right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kpos.clock import ScriptClock, SystemClock
from kpos.domain.instant import Instant
from tests.cli.admin import Admin
from tests.kiosk import MATE, Kiosk

CRATE = "4029764001999"
BERLIN = ZoneInfo("Europe/Berlin")


class RadioClock(ScriptClock):
    """Somebody who knows the time keeps it right."""

    def is_synchronised(self) -> bool:
        return True


class Month:
    """The club. Either somebody types commands, or an evening goes on at the till."""

    def __init__(self, admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
        self.admin = admin
        self.clock = RadioClock(Instant.parse("2026-12-01T17:00:00Z"))
        monkeypatch.setattr(SystemClock, "now", lambda _: self.clock.now())
        monkeypatch.setattr(SystemClock, "monotonic_ms", lambda _: self.clock.monotonic_ms())
        monkeypatch.setattr(SystemClock, "is_synchronised", lambda _: True)

    def at(self, day: int, time: str) -> None:
        """It is this day of December, in Berlin."""
        moment = datetime.fromisoformat(f"2026-12-{day:02}T{time}").replace(tzinfo=BERLIN)
        ahead_ms = Instant.parse(moment.isoformat()).ms - self.clock.now().ms
        assert ahead_ms >= 0, "a month goes on"
        self.clock.move(ahead_ms)

    def does(self, line: str, *more: str) -> str:
        """A command, its words apart; `more` has those with blanks."""
        return self.admin.does(*line.split(), *more)

    @contextmanager
    def evening(self) -> Iterator[Kiosk]:
        """People come to the till."""
        kiosk = Kiosk(self.admin.data, clock=self.clock)
        yield kiosk
        kiosk.waits(60)
        kiosk.close()


def opens(month: Month) -> None:
    """What is sold, and to whom."""
    month.does("init")
    month.does("group add guests --markup 0")
    month.does(f"product add --name Mate --barcode {MATE} --number 12 --price 1.50 --deposit 0.15")
    month.does(f"barcode add {CRATE} --product Mate --pack 20 --pack-deposit 1.50")
    month.does("product add --name Yoghurt --number 13")
    month.does("condition add --product Yoghurt --markup 50")
    month.does("product add --name Snack --number 14 --price 1.00")
    month.does("condition add --group guests --product Mate --fixed 1.80 --levy 0.10 --levy-for x")
    for name in ("Ada", "Linus", "Grace"):
        month.does(f"member add --name {name}")
        month.does(f"card issue --code CARD-{name.upper()} --member {name}")
    month.admin.does("member", "set", "Grace", "--role", "trusted", "--pin", "-", stdin="161803\n")
    month.does("card issue --code GUEST-1 --group guests")
    month.does(
        "condition add --member Ada --product Mate --fixed 0.50 --start 2026-12-13 --end 2026-12-13"
    )
    month.does("supplier add Meier")


def first_week(month: Month) -> None:
    """Tuesday: money and goods come in. Friday: people buy. Sunday: Z 1."""
    month.does("cash float --amount 50.00")
    month.does(f"delivery add --supplier Meier --invoice R-1 --paid owed --line {CRATE} 2 16.00")
    month.does("delivery add --line Yoghurt 10 0.40 --best-before Yoghurt 2026-12-12")
    month.does("delivery add --paid bank --line Snack 20 =11.00")
    month.does("top-up --card CARD-ADA --amount 30.00")
    month.does("top-up --card CARD-LINUS --amount 20.00")
    month.does("top-up --card GUEST-1 --amount 10.00")
    month.at(4, "20:00")
    with month.evening() as till:
        till.card("CARD-ADA")
        till.type("0#6#")  # she keeps a history from now on
        buys(till, "CARD-ADA", "2", MATE, "13#")
        assert till.shows[1].split() == ["Beleg", "K1-000008", "3,90"]
        buys(till, "CARD-LINUS", "3", MATE, "14#")
        assert till.shows[1].split()[-1] == "5,95"
        buys(till, "GUEST-1", MATE)
        assert till.shows[1].split()[-1] == "2,05"
    month.at(6, "22:00")
    month.does("cash count --total 106.00")
    month.does("closing")


def second_week(month: Month) -> None:
    """Everything comes in dearer; a party, a birthday; what expired goes. Sunday: Z 2."""
    month.at(7, "18:00")
    month.does(f"delivery add --supplier Meier --invoice R-2 --paid owed --line {CRATE} 1 18.00")
    month.does("delivery add --paid bank --line Yoghurt 10 0.44 --best-before Yoghurt 2026-12-19")
    month.does("top-up --card CARD-GRACE --amount 100.00")
    month.at(11, "20:00")
    with month.evening() as till:
        buys(till, "CARD-ADA", "13#", "13#")
        till.waits(10)
        till.card("CARD-LINUS")
        till.type("0#3")
        till.type("3")
        till.scan(MATE)
        till.type("#")  # three empties
        buys(till, "CARD-GRACE", "36", MATE)
        till.type("161803#")
        assert till.shows[1].split()[-1] == "59,40"
        till.waits(10)
        till.card("CARD-GRACE")
        till.type("0#161803#8")
        till.type("11#1#")  # one bottle of the 36 was for somebody who paid it
        assert till.shows[2].split() == ["Guthaben", "42,25"]
    month.at(13, "12:00")
    with month.evening() as till:
        buys(till, "CARD-ADA", MATE)
        assert till.shows[1].split()[-1] == "0,65"
    month.at(13, "22:00")
    month.does("write-off --reason expiry --line Yoghurt 7")
    month.does("cash count --total 205.50")
    month.does("closing")


def third_week(month: Month) -> None:
    """Friday: dearer yoghurt. Sunday: the stocktake lacks a bottle; money to the bank; Z 3."""
    month.at(18, "20:00")
    with month.evening() as till:
        buys(till, "CARD-LINUS", "13#", "13#", "13#")
        buys(till, "GUEST-1", "13#")
        buys(till, "CARD-ADA", "14#", "14#")
    month.at(20, "21:00")
    month.does("stocktake count --line Mate 17 --line Snack 17 --line Yoghurt 6 --counted-by Linus")
    month.does("stocktake approve 1")
    month.does("cash skim --amount 150.00")
    month.does("closing")


def last_week(month: Month) -> None:
    """The supplier is paid. Sunday: Z 4."""
    month.at(23, "10:00")
    month.does("cash settle Meier --amount 63.50")
    month.at(27, "22:00")
    month.does("closing")


def buys(till: Kiosk, card: str, *typed: str) -> None:
    """A card that was not just read, then barcodes and keys, then `#`."""
    till.waits(10)
    till.card(card)
    for each in typed:
        if each == MATE:
            till.scan(each)
        else:
            till.type(each)
    till.type("#")
