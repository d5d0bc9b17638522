"""A till and a server of different times: what one does not know, the other keeps.

Documents that only a newer till could have written are booked by hand into the books of a real
one; what only a newer server could say, the WaWi in memory says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kpos.clock import SystemClock
from kpos.domain.document import Draft, Place, Posting, Ref, seal
from kpos.domain.ids import Id
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.replica import append
from kpos.sync.wire import entry_of
from tests.cli.admin import Admin
from tests.cli.daemon import MATE, buy, running_till
from tests.sync.served import Server
from tests.sync.wawi import Wawi
from tests.wawi.server import kpos_wawi
from tests.wawi.shop import Shop, rows

EXPENSE = (Posting("cash:K1", -100), Posting("expense", 100))
UNKNOWN = Id("00000000000000f1")


@contextmanager
def books_of(shop: Shop) -> Iterator[Books]:
    """While its till does not run."""
    shop.ends()
    books = Books(Folder(shop.data), SystemClock())
    try:
        yield books
    finally:
        books.close()
    shop.starts()


def test_what_only_a_newer_till_books_is_kept_by_the_server_and_counts(
    shop: Shop, tmp_path: Path
) -> None:
    shop.admin.does("backup", tmp_path / "old.db")
    member = rows(shop.data / "stammdaten.db", "SELECT id, wallet FROM member ORDER BY id")[0]
    gift = (Posting("expense", 100), Posting(f"wallet:{member[1]}", -100))
    row = {"entity": "voucher", "id": UNKNOWN, "action": "burn", "fields": {"worth": 5}}
    with books_of(shop) as books, books.booking() as booking:
        booking.append(Draft("gift", {"v": 9, "to": [member[0]]}, gift))
        booking.append(Draft("master_change", {"v": 9, **row, "why": "it is new"}))
        booking.append(Draft("cash_move", {"v": 9, "reason": "x", "coins": {"50": 2}}, EXPENSE))
    shop.admin.does("sync")
    shop.agrees()
    assert rows(shop.house / "wawi.db", "SELECT kind FROM alarm") == []
    # Whoever loses them is given them back.
    shop.ends()
    shop.admin.does("restore", tmp_path / "old.db")
    shop.starts()
    shop.agrees()


def test_one_document_that_the_server_cannot_read_stops_nothing_but_what_it_says(
    shop: Shop,
) -> None:
    """Its till is from somebody who posts an account twice; a purchase stands on either side."""
    shop.buys()
    with books_of(shop) as books:
        head, identity = books.journal.head, books.identity
        ref = Ref(head.ref.epoch, head.ref.seq + 1)
        place = Place(identity.till, ref, None, books.read_clock(), head.hash)
        twice = (*EXPENSE[:1], *EXPENSE[:1], Posting("expense", 200))
        document, content = seal(Draft("debit", {"v": 1, "units": []}, twice), place, None)
        append(books.journal, [entry_of(document, content, None)])
    shop.buys()
    said = f"keeps documents behind {head.ref} that it cannot read: see its alarms"
    assert said in shop.admin.refused("sync")
    status = shop.status()
    assert said in status["wawi_trouble"]
    assert status["wawi_unsent"] == 0
    assert shop.corner == "WaWi: kpos status"
    shop.buys("CARD-LINUS")
    assert rows(shop.house / "wawi.db", "SELECT kind FROM alarm") == [("stopped",)]

    # Somebody looks at it, and goes on without it.
    again = kpos_wawi(shop.house, "till", "resolve", "K1", check=False)
    assert again.returncode == 1
    assert "--skip goes on without that one" in again.stderr
    assert kpos_wawi(shop.house, "till", "resolve", "K1", "--skip").stdout == "K1 goes on.\n"
    shop.admin.does("sync")
    assert shop.corner == "WaWi ok"
    shop.ends()
    shop.is_whole()
    shop.same_credit()


@pytest.fixture
def newer() -> Iterator[Server]:
    with Server(Wawi()).running() as server:
        yield server


def test_what_only_a_newer_server_says_is_passed_over(
    newer: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = Admin(tmp_path / "till", capsys, monkeypatch)
    admin.does("init", "--demo")
    admin.does("pair", newer.url, newer.wawi.code())
    [mate] = [
        row.fields["product"]
        for (entity, _), (_, row) in newer.wawi.rows.items()
        if entity == "barcode" and row.fields["code"] == f"0{MATE}"
    ]
    with running_till(admin.data, "--language", "en") as till:
        newer.wawi.put("voucher", UNKNOWN, worth=5)
        newer.wawi.put("coupon", UNKNOWN, "gone")
        newer.wawi.change("product", mate, colour="brown", price_cents=170)
        admin.does("sync")
        buy(till)
        admin.does("sync")
        till.do(wait_ms=1)
        assert till.shows.endswith("WaWi ok")
    [sale] = [each for each in admin.journal() if each["kind"] == "sale"][-1:]
    assert sale["body"]["total_cents"] == 170 + 15
    admin.does("verify")
