"""What an admin books says who did it, and in its private part why."""

from typing import Any

import pytest

from kpos.domain import orders
from kpos.ledger.reading import position_of

MATE = {"product": "Mate", "quantity": "20", "cost": "0.80"}
BOOKINGS: dict[str, dict[str, Any]] = {
    "top_up": {"member": "Ada", "cents": 100},
    "payout": {"member": "Ada", "cents": 100},
    "transfer": {"source": {"member": "Ada"}, "target": {"card": "CARD-Zoe"}, "cents": 100},
    "cash_move": {"purpose": "pay_in", "cents": 100},
    "cash_count": {"cents": 2000},
    "delivery_add": {"lines": [MATE], "paid_by": "bank"},
    "write_off": {"reason": "gift", "lines": [["Mate", "1"]]},
}


@pytest.mark.parametrize("request_", BOOKINGS)
def test_a_booking_says_who_and_why(kasse, request_):
    kasse.add_member("Zoe")
    done = kasse.office(request_, **BOOKINGS[request_], note="because")
    document = kasse.documents()[-1]
    assert (document.receipt_number, document.author) == (done["receipt_number"], "uid:0")
    assert kasse.books.journal.private_part(position_of(document.ref)) == {"note": "because"}
    kasse.verify()


def test_a_count_says_who_counted_who_approved_and_why(kasse):
    kasse.add_member("Zoe")
    count = kasse.office(
        "stocktake_count",
        lines=[{"line": 2, "product": "Mate", "counted": "3"}],
        counted_by="Zoe",
        note="in the cellar",
    )["count"]
    kasse.office("stocktake_approve", count=count, approved_by="Ada")
    document = kasse.documents()[-1]
    zoe, ada = (f"member:{kasse.holder(name).member}" for name in ("Zoe", "Ada"))
    assert (document.body["counted_by"], document.body["approved_by"]) == (zoe, ada)
    assert document.body["counted_at"] == "2026-11-20T19:00:00.000Z"
    assert document.author == "uid:0"
    assert kasse.books.journal.private_part(position_of(document.ref)) == {"note": "in the cellar"}


def test_a_sale_says_when_its_first_scan_was(kasse):
    cart = kasse.cart("Mate")
    kasse.wait(90_000)
    kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    sale = kasse.documents()[-2]
    assert (sale.body["began_at"], sale.at) == (
        "2026-11-20T19:00:00.000Z", "2026-11-20T19:01:30.000Z",
    )  # fmt: skip


def test_what_a_new_member_brings_along_is_no_cash(kasse):
    kasse.office("member_add", name="Zoe", opening_cents=300)
    document = kasse.documents()[-1]
    assert (document.body["means"], document.author) == ("opening", "uid:0")
    assert {each.account: each.cents for each in document.postings}["opening"] == 300


def test_closings_and_reversals_say_who(kasse):
    receipt = kasse.office("top_up", member="Ada", cents=100)["receipt_number"]
    for request, arguments in (("reverse", {"receipt": receipt}), ("closing", {})):
        done = kasse.office(request, **arguments)
        document = kasse.documents()[-1]
        assert (document.receipt_number, document.author) == (done["receipt_number"], "uid:0")
