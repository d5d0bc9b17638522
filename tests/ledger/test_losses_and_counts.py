"""What is lost, and what is counted by one and approved by another."""

import sqlite3
from typing import Any

import pytest

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.domain.refusal import Refused
from kpos.ledger.booking import book
from kpos.ledger.counting import COUNTS_MAX, count, counts
from kpos.ledger.errors import Damaged, LedgerError
from kpos.ledger.goods import QUANTITY_MAX
from kpos.ledger.stock import stock
from tests.ledger.goods_books import check_goods
from tests.ledger.kasse import Kasse, refusing
from tests.ledger.test_office_goods import refused

CRATE = "4029764001814"
MATES = {"line": 1, "product": "Mate", "counted": "18"}


@pytest.fixture
def full(kasse: Kasse) -> Kasse:
    """20 Mate at 0.80 and 10 Snacks at 0.55."""
    lines = [
        {"product": "Mate", "quantity": "20", "cost": "0.80"},
        {"product": "Snack", "quantity": "10", "cost": "0.55"},
    ]
    kasse.office("delivery_add", lines=lines, paid_by="opening")
    kasse.office("barcode_add", product="Mate", code=CRATE, pack=6)
    return kasse


def stock_of(kasse: Kasse, name: str) -> int:
    books = kasse.books
    return stock(books.current(), kasse.product(name).id, books.identity.place)


def counted(kasse: Kasse, *lines: dict[str, Any], **more: Any) -> int:
    number: int = kasse.office("stocktake_count", lines=lines, **more)["count"]
    return number


# Losses


@pytest.mark.parametrize(
    ("reason", "lost", "deposit"),
    [("breakage", 95, 285), ("gift", 95, 285), ("expiry", 80, 300), ("own_use", 80, 300)],
)
def test_with_the_bottle_its_deposit_is_lost(full, reason, lost, deposit):
    full.office("write_off", reason=reason, lines=[["Mate", "1"]])
    assert full.balance(f"writeoff:{reason}") == lost
    assert full.balance("deposit") == deposit
    check_goods(full)


def test_a_crate_is_lost_with_all_its_bottles(full):
    done = full.office("write_off", reason="gift", lines=[[CRATE, "2"]], note="summer party")
    assert stock_of(full, "Mate") == 8
    answer = full.office("reverse", receipt=done["receipt_number"])
    assert answer["credit_cents"] is None
    assert stock_of(full, "Mate") == 20
    assert full.balance("writeoff:gift") == 0


def test_what_is_lost_before_it_came_costs_what_it_cost_then(kasse):
    lost = kasse.office("write_off", reason="breakage", lines=[["Snack", "2"]])
    assert kasse.balance("writeoff:breakage") == 0
    snack = {"product": "Snack", "quantity": "10", "cost": "0.55"}
    kasse.office("delivery_add", lines=[snack], paid_by="opening")
    assert kasse.balance("writeoff:breakage") == 110
    kasse.office("reverse", receipt=lost["receipt_number"])
    assert (kasse.balance("writeoff:breakage"), kasse.balance("inventory")) == (0, 550)
    check_goods(kasse)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "amount"),
        ([["Beer", "1"]], "unknown"),
        ([["Mate", "0"]], "amount"),
        ([["Mate", "one"]], "amount"),
        ([["Mate", f"{QUANTITY_MAX + 1}"]], "amount"),
    ],
)
def test_a_loss_that_cannot_be_one_is_refused(full, lines, code):
    assert refused(full, "write_off", reason="gift", lines=lines)[0] == code


def test_a_loss_has_a_reason_and_a_note_of_one_line(full):
    lines = [["Mate", "1"]]
    assert refused(full, "write_off", reason="theft", lines=lines)[0] == "invalid"
    assert refused(full, "write_off", reason="gift", lines=lines, note="a\nb")[0] == "invalid"
    nobody = orders.WriteOff("gift", ((Id("00000000000000ff"), 1),))
    with pytest.raises(Refused, match="there is no product"):
        full.book(nobody)


def test_a_loss_over_two_lots_is_taken_back_into_both(full):
    mate = {"product": "Mate", "quantity": "2", "cost": "0.90"}
    full.office("delivery_add", lines=[mate], paid_by="opening")
    done = full.office("write_off", reason="expiry", lines=[["Mate", "22"], ["Mate", "1"]])
    assert full.balance("writeoff:expiry") == 1600 + 180
    full.office("reverse", receipt=done["receipt_number"])
    assert full.balance("inventory") == 1600 + 180 + 550
    check_goods(full)


# Counts


def test_a_count_without_a_difference_is_booked_all_the_same(full):
    number = counted(full, {**MATES, "counted": "20"})
    full.office("stocktake_approve", count=number, approved_by="Ada")
    document = full.documents()[-1]
    assert (document.kind, document.postings, document.movements) == ("stocktake", (), ())


def test_selling_goes_on_until_a_count_is_approved(full):
    number = counted(full, MATES, {"line": 2, "name": "Snack", "counted": "12"})
    as_of = full.documents()[-1].ref
    full.buy("Ada", ("Mate", 3))
    done = full.office("stocktake_approve", count=number, approved_by="Ada")
    document = full.documents()[-1]
    assert done["receipt_number"] == document.receipt_number
    assert document.body["as_of"] == {"epoch": as_of.epoch, "seq": as_of.seq}
    assert (stock_of(full, "Mate"), stock_of(full, "Snack")) == (15, 12)
    assert full.balance("writeoff:stocktake") == 2 * (80 + 15) - 2 * 55
    assert counts(full.books) == []
    check_goods(full)


def test_a_count_is_taken_back_whole_also_what_was_found_and_sold(full):
    number = counted(full, MATES, {"line": 2, "name": "Snack", "counted": "12"})
    receipt = full.office("stocktake_approve", count=number, approved_by="Ada")["receipt_number"]
    full.buy("Ada", ("Snack", 12))
    full.office("reverse", receipt=receipt)
    assert (stock_of(full, "Mate"), stock_of(full, "Snack")) == (20, -2)
    assert full.balance("writeoff:stocktake") == 0
    check_goods(full)


def test_found_goods_cost_what_the_last_ones_cost_that_stayed(full):
    wrong = {"product": "Snack", "quantity": "1", "cost": "99.00"}
    receipt = full.office("delivery_add", lines=[wrong], paid_by="bank")["receipt_number"]
    full.office("reverse", receipt=receipt)
    number = counted(full, {"line": 1, "product": "Snack", "counted": "11"})
    full.office("stocktake_approve", count=number, approved_by="Ada")
    assert full.balance("inventory") == 1600 + 11 * 55


# Who drank them left the empties.
@pytest.mark.parametrize(
    ("reason", "lost", "deposit"), [("own_use", 160, 300), ("breakage", 190, 270)]
)
def test_a_difference_has_a_reason_where_one_is_known(full, reason, lost, deposit):
    number = counted(full, MATES)
    full.office("stocktake_approve", count=number, reasons=[["Mate", reason]], approved_by="Ada")
    assert (full.balance(f"writeoff:{reason}"), full.balance("deposit")) == (lost, deposit)


def test_empties_are_counted_beside_the_full_bottles(full):
    full.bring_back("Ada", 4, limited=False)
    number = counted(full, empties=[[15, 7], [150, 2]])
    full.office("stocktake_approve", count=number, approved_by="Ada")
    assert full.balance("deposit") == 27 * 15 + 2 * 150
    assert full.balance("writeoff:stocktake") == -3 * 15 - 2 * 150
    full.verify()


def test_a_member_counts_and_the_command_line_approves(full):
    number = counted(full, MATES, counted_by="Ada", note="in the cellar")
    assert counts(full.books)[0].body.counted_by == f"member:{full.holder('Ada').member}"
    assert refused(full, "stocktake_approve", count=number, approved_by="Ada")[0] == "invalid"
    full.office("stocktake_approve", count=number)
    assert stock_of(full, "Mate") == 18


def test_a_count_finds_nothing_or_as_much_as_a_truck_brings(full):
    mate = full.product("Mate").id
    full.add_product("Gouda", 1990, unit="kg")
    gouda = full.product("Gouda").id
    count(full.books, orders.Count(((mate, 0), (gouda, QUANTITY_MAX)), "uid:1", ((15, 0),)))
    full.office("stocktake_approve", count=1, approved_by="Ada")
    assert (stock_of(full, "Mate"), stock_of(full, "Gouda")) == (0, QUANTITY_MAX)
    assert full.balance("inventory") == 550
    check_goods(full)


def test_crates_are_counted_as_their_bottles(full):
    counted(full, {"line": 1, "barcode": CRATE, "counted": "3"})
    assert counts(full.books)[0].body.lines[0].counted == 18


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "nothing was counted"),
        ([MATES, {**MATES, "line": 2, "product": "12"}], "line 2: Mate stands in an earlier line"),
        ([{**MATES, "counted": "many"}], "line 1: Mate: not a quantity"),
        ([{**MATES, "counted": None}], "line 1: Mate: not a quantity: ''"),
        ([{**MATES, "product": "Beer"}], "line 1: there is no product 'Beer'"),
        ([{"line": 7, "counted": "1"}], "line 7: say which product"),
        ([{**MATES, "line": 2, "product": "Beer"}, MATES, MATES], "counted:\nline 2: there is"),
        ([{**MATES, "counted": f"{QUANTITY_MAX + 1}"}], "a count is from 0"),
    ],
)
def test_a_count_that_cannot_be_one_is_refused(full, lines, says):
    code, message = refused(full, "stocktake_count", lines=lines)
    assert (code, says in message) == ("invalid" if "line" in says else "amount", True)
    assert counts(full.books) == []


def test_what_the_till_counts_is_checked_too(full):
    mate = full.product("Mate").id
    for wrong, code in (
        (orders.Count(((mate, 1), (mate, 2)), "uid:1"), "invalid"),
        (orders.Count((), "uid:1", ((15, 1), (15, 2))), "invalid"),
        (orders.Count(((Id("00000000000000ff"), 1),), "uid:1"), "unknown"),
        (orders.Count(((mate, -1),), "uid:1"), "amount"),
        (orders.Count(((mate, 1),), "uid:1", note="a\nb"), "invalid"),
    ):
        with refusing(code, "."):
            count(full.books, wrong)


def test_who_counted_does_not_approve_and_reasons_are_known_ones(full):
    number = counted(full, MATES)
    for more, code in (
        ({}, "invalid"),
        ({"approved_by": "Ada", "reasons": [["Mate", "theft"]]}, "invalid"),
        ({"approved_by": "Ada", "reasons": [["Snack", "gift"]]}, "unknown"),
        ({"approved_by": "Bo"}, "unknown"),
    ):
        assert refused(full, "stocktake_approve", count=number, **more)[0] == code
    assert refused(full, "stocktake_approve", count=number + 1)[0] == "unknown"
    assert [each.id for each in counts(full.books)] == [number]


def test_a_count_that_is_wrong_is_discarded(full):
    number = counted(full, MATES)
    assert full.office("stocktake_discard", count=number) == {"count": number}
    assert counts(full.books) == []
    assert refused(full, "stocktake_discard", count=number)[0] == "unknown"
    full.verify()


def test_only_so_many_counts_wait(full):
    for _ in range(COUNTS_MAX):
        counted(full, MATES)
    assert "counts wait already" in refused(full, "stocktake_count", lines=[MATES])[1]


def test_a_count_that_is_not_as_it_was_written_is_not_booked(full):
    wrong, right = counted(full, MATES), counted(full, MATES)
    with full.books.journal.transaction() as booking:
        booking.db.execute("UPDATE stocktake SET content = '{}' WHERE id = ?", (wrong,))
    assert [each.id for each in counts(full.books)] == [right]
    with pytest.raises(Damaged, match="J-13"):
        full.verify()
    assert counted(full, MATES) == right + 1
    full.office("stocktake_discard", count=wrong)
    full.verify()


class Unplugged(Exception):
    """The power went."""


def test_power_that_goes_before_the_commit_leaves_the_count_to_be_approved_once(full):
    number = counted(full, MATES)
    approval = orders.ApproveCount(number, "uid:7")
    before = full.tables()

    class Failing(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if statement == "COMMIT":
                raise Unplugged
            return super().execute(statement, *values)

    real = full.books.journal.db
    full.books.journal.db = sqlite3.connect(
        full.folder.journal, isolation_level=None, factory=Failing
    )
    with pytest.raises((Unplugged, LedgerError)):
        book(full.books, approval)
    full.books.journal.db.close()
    full.books.journal.db = real
    full.reopen()
    assert full.tables() == before
    assert [each.id for each in counts(full.books)] == [number]
    book(full.books, approval)
    assert stock_of(full, "Mate") == 18
    with pytest.raises(Refused, match="no count"):
        book(full.books, approval)
    full.verify()
