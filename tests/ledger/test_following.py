"""stammdaten.db follows the journal: behind, ahead, damaged, deleted, older, newer or full."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kpos.domain import orders
from kpos.domain.money import Money
from kpos.domain.postings import top_up
from kpos.ledger import books as books_module
from kpos.ledger import unknown
from kpos.ledger.books import Books
from kpos.ledger.errors import Damaged, DiskFull, LedgerError, NotWritable
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.schema import prepare_stammdaten
from kpos.ledger.verify import verify
from tests.ledger.kasse import Kasse, refusing


def refuse_balances(kasse: Kasse) -> None:
    """From now on no balance can be written, as on a disk that is full for this file alone."""
    kasse.books.db.execute(
        "CREATE TRIGGER full BEFORE INSERT ON balance BEGIN SELECT RAISE(ABORT, 'full'); END"
    )


def change_stammdaten(kasse: Kasse, *statements: str) -> None:
    with closing(sqlite3.connect(kasse.folder.stammdaten, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def overwrite(path: Path, at: int, garbage: bytes = b"\xff" * 4096) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(garbage)


def test_a_booking_stands_though_projecting_it_failed_and_the_next_check_knows_of_it(kasse):
    refuse_balances(kasse)
    sold = kasse.buy("Ada", ("Mate", 10))
    assert sold.credit == Money(2000 - 1650)
    assert kasse.kinds()[-2:] == ["sale", "debit"]
    with refusing("credit", r"3\.50"):
        kasse.buy("Ada", ("Mate", 3))
    assert kasse.credit("Ada") == Money(350)
    assert kasse.verify().projections_compared


def test_verify_does_not_take_what_is_only_behind_for_damage(kasse):
    refuse_balances(kasse)
    kasse.buy("Ada", "Mate")
    assert kasse.verify().projections_compared


def test_goods_that_came_and_went_leave_the_same_rows_document_by_document_as_all_at_once(kasse):
    kasse.deliver("Mate", 10, 800)
    kasse.office("write_off", reason="expiry", lines=[["Mate", "10"]])
    kasse.rebuild()
    assert kasse.verify().projections_compared


@pytest.mark.parametrize(
    "order",
    [
        lambda k: orders.TopUp(k.holder("Ada").wallet, Money(100)),
        lambda k: orders.Payout(k.holder("Ada").wallet, Money(100)),
        lambda k: orders.SetHistory(k.holder("Ada").member, True),
        lambda k: orders.SetLanguage(k.holder("Ada").member, "en"),
        lambda k: orders.ReplaceCard(k.holder("Ada").wallet, "NEW"),
    ],
)
def test_nobody_is_told_that_a_booking_failed_once_it_is_booked(kasse, order):
    """Else somebody would take the cash a second time."""
    order, wallet = order(kasse), kasse.holder("Ada").wallet
    before = len(kasse.documents())
    kasse.books.db.execute("PRAGMA query_only=ON")
    booked = kasse.book(order)
    assert len(kasse.documents()) == before + len(booked.documents)
    with pytest.raises(LedgerError):
        kasse.books.current()
    kasse.books.db.execute("PRAGMA query_only=OFF")
    assert kasse.books.credit(wallet) == booked.credit


def test_several_bookings_behind_are_caught_up_together(kasse):
    wallet = kasse.holder("Ada").wallet
    kasse.books.db.execute("PRAGMA query_only=ON")
    for _ in range(3):
        kasse.post(top_up(wallet, Money(100), "cash", "cash:K1", None))
    kasse.books.db.execute("PRAGMA query_only=OFF")
    assert kasse.credit("Ada") == Money(2300)


def test_catching_up_goes_on_in_batches_and_tells_how_far_it_is(kasse, monkeypatch):
    for _ in range(4):
        kasse.buy("Ada", "Snack")
    expected = kasse.tables()
    kasse.close()
    kasse.lose_stammdaten()
    monkeypatch.setattr(books_module, "_CATCH_UP_BATCH", 5)
    told: list[int] = []
    kasse.books = Books(kasse.folder, kasse.clock, progress=told.append)
    assert told == [5, 10, 15]
    assert kasse.tables() == expected


def damage_header(kasse: Kasse) -> None:
    overwrite(kasse.folder.stammdaten, 0)


def damage_every_page(kasse: Kasse) -> None:
    size = kasse.folder.stammdaten.stat().st_size
    overwrite(kasse.folder.stammdaten, 4096, b"\xff" * (size - 4096))


def empty_file(kasse: Kasse) -> None:
    kasse.folder.stammdaten.write_bytes(b"")


def delete(kasse: Kasse) -> None:
    kasse.lose_stammdaten()


def make_older(kasse: Kasse) -> None:
    change_stammdaten(kasse, "PRAGMA user_version=0")


def make_newer(kasse: Kasse) -> None:
    change_stammdaten(kasse, "PRAGMA user_version=99")


def of_another_journal(kasse: Kasse) -> None:
    change_stammdaten(kasse, "UPDATE applied SET hash = 'somebody elses'")


def ahead(kasse: Kasse) -> None:
    change_stammdaten(kasse, "UPDATE applied SET position = position + 100")


def without_a_table(kasse: Kasse) -> None:
    change_stammdaten(kasse, "DROP TABLE applied")


@pytest.mark.parametrize("good_copy", ["none", "good", "damaged", "foreign"])
@pytest.mark.parametrize(
    "break_it",
    [
        damage_header,
        damage_every_page,
        empty_file,
        delete,
        make_older,
        make_newer,
        of_another_journal,
        ahead,
        without_a_table,
    ],
)
def test_whatever_happened_to_stammdaten_the_till_opens_with_the_same_tables(
    kasse, break_it: Callable[[Kasse], None], good_copy: str
):
    if good_copy != "none":
        copy_stammdaten(kasse.folder)
    kasse.buy("Ada", "Mate")
    expected = kasse.tables()
    kasse.close()
    if good_copy == "damaged":
        overwrite(kasse.folder.good_copy, 4096, b"\xff" * 40000)
    if good_copy == "foreign":
        with closing(sqlite3.connect(kasse.folder.good_copy, isolation_level=None)) as db:
            db.execute("UPDATE applied SET hash = 'x'")
    break_it(kasse)
    kasse.open()
    assert kasse.tables() == expected
    kasse.buy("Ada", "Mate")
    assert kasse.verify().projections_compared


def test_a_page_that_turns_bad_in_the_middle_of_the_evening_is_mended_before_the_next_look(kasse):
    copy_stammdaten(kasse.folder)
    ada = kasse.holder("Ada")
    cart = kasse.cart("Mate")
    kasse.reopen()
    kasse.books.db.execute("PRAGMA cache_size=0")
    damage_every_page(kasse)
    with pytest.raises(Damaged, match="S-01"):
        kasse.book(orders.Purchase(cart, ada))
    assert kasse.book(orders.Purchase(cart, ada)).credit == Money(1835)
    assert kasse.verify().projections_compared


def test_damage_to_the_journal_is_not_blamed_on_stammdaten(kasse):
    for _ in range(30):
        kasse.buy("Ada", "Mate") if kasse.credit("Ada") > Money(200) else kasse.office(
            "top_up", member="Ada", cents=2000
        )
    kasse.close()
    with closing(sqlite3.connect(kasse.folder.journal, isolation_level=None)) as db:
        db.execute("DROP TRIGGER document_is_never_changed")
        db.execute("UPDATE document SET content = '[]' WHERE seq = 1")
    kasse.open()
    copy_stammdaten(kasse.folder)
    kasse.close()
    change_stammdaten(kasse, "DELETE FROM applied", "DELETE FROM balance")
    with pytest.raises(Damaged, match="J-07"):
        kasse.open()
    assert kasse.folder.good_copy.exists()


def test_where_there_is_no_room_to_catch_up_the_till_says_so_and_recovers(kasse):
    pages = kasse.books.db.execute("PRAGMA page_count").fetchone()[0]
    kasse.books.db.execute(f"PRAGMA max_page_count={pages}")
    for number in range(200):  # until a page is full
        kasse.office("group_add", name=f"group {number} {'x' * 150}")
        if not kasse.books._in_step:
            break
    with pytest.raises(DiskFull):
        kasse.books.current()
    kasse.books.db.execute("PRAGMA max_page_count=100000")
    kasse.books.current()
    assert kasse.verify().projections_compared


def test_a_barcode_nobody_knew_is_counted_until_somebody_adds_it(kasse):
    for code in ("00000040111445", "00000040111445", "CARD?"):
        kasse.books.note_unknown(code)
    listed = unknown.unknown_codes(kasse.books.current())
    assert [(each.code, each.count) for each in listed] == [("00000040111445", 2), ("CARD?", 1)]
    kasse.office("barcode_add", product="Snack", code="40111445")
    assert [each.code for each in unknown.unknown_codes(kasse.books.current())] == ["CARD?"]
    assert kasse.office("unknown_clear") == {"removed": 1}


def test_the_list_of_unknown_barcodes_forgets_what_was_wanted_least(kasse, monkeypatch):
    monkeypatch.setattr(unknown, "UNKNOWN_CODES_MAX", 3)
    for code in ("A", "A", "B", "C", "D", "D", "C", "E"):
        kasse.wait(1)
        kasse.books.note_unknown(code)
    listed = unknown.unknown_codes(kasse.books.current())
    assert {each.code for each in listed} == {"C", "D", "E"}


def test_verify_without_stammdaten_checks_the_journal_alone(kasse):
    kasse.close()
    kasse.lose_stammdaten()
    assert not verify(kasse.folder).projections_compared
    with closing(sqlite3.connect(kasse.folder.stammdaten)) as db:
        prepare_stammdaten(db)
    assert not verify(kasse.folder).projections_compared


def test_verify_finds_a_page_of_stammdaten_that_turned_bad(kasse):
    kasse.close()
    damage_every_page(kasse)
    with pytest.raises(Damaged, match="S-01"):
        verify(kasse.folder)


def test_where_the_list_of_unknown_barcodes_cannot_be_written_the_till_keeps_its_file(kasse):
    kept = kasse.folder.stammdaten.stat().st_ino
    kasse.books.db.execute("PRAGMA query_only=ON")
    with pytest.raises(NotWritable):
        kasse.books.note_unknown("40111445")
    with pytest.raises(NotWritable):
        kasse.office("unknown_clear")
    assert kasse.folder.stammdaten.stat().st_ino == kept


def test_a_setting_that_cannot_be_read_is_read_anew_from_the_journal(kasse):
    kasse.office("setting_set", key="undo_minutes", value="7")
    kasse.close()
    change_stammdaten(kasse, "UPDATE setting SET value = 'no JSON'")
    kasse.open()
    assert kasse.books.settings.undo_minutes == 7
    kasse.verify()


def test_a_stammdaten_that_followed_another_journal_as_far_is_built_anew(kasse):
    """Somebody copied files about: the place of the last document is the same, the document not."""
    kasse.close()
    before = {path: path.read_bytes() for path in (kasse.folder.journal, kasse.folder.stammdaten)}
    kasse.open()
    kasse.buy("Ada", "Mate")
    kasse.close()
    of_another_evening = kasse.folder.stammdaten.read_bytes()
    for path, content in before.items():
        path.write_bytes(content)
    kasse.open()
    kasse.buy("Ada", ("Mate", 2))
    kasse.close()
    kasse.folder.stammdaten.write_bytes(of_another_evening)
    with pytest.raises(Damaged, match="S-03"):
        kasse.verify()
    kasse.open()
    assert kasse.credit("Ada") == Money(1670)
