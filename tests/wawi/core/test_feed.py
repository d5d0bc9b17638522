"""One feed with one cursor: every row at its last revision, for the tills whom it concerns."""

import pytest

from kpos.domain.instant import DAY_MS
from kpos.sync.backend import CursorExpired, Revoked
from kpos.sync.wire import Heartbeat
from kpos.wawi.core import feed, pages, tills
from kpos.wawi.core.desk import Desk
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import OFFICE, Haus


def entities(changes: object) -> list[tuple[str, str]]:
    return [(each.entity, each.action) for each in changes]  # type: ignore[attr-defined]


def test_a_new_till_takes_all_there_is_and_then_what_changed(haus: Haus):
    product = haus.add_product("Mate", 150, barcodes=["4029764001807"])
    haus.add_member("Ada", 2000)
    haus.office("supplier_add", name="Brewery")
    haus.office("condition_add", kind="fixed", value=120, product="Mate")
    haus.office("setting_set", key="undo_minutes", value="3")
    haus.office(
        "pin_set",
        member="Ada",
        pin={"salt": "00" * 16, "key": "11" * 32, "n": 8192, "r": 8, "p": 1},
    )
    till = haus.add_till()
    kinds = {entity for entity, _ in till.rows}
    assert kinds == set(
        "product barcode group member wallet card supplier setting condition balance pin".split()
    )
    pin = next(row for key, row in till.rows.items() if key[0] == "pin")
    assert pin.fields == {
        "salt": "00" * 16, "verifier": "11" * 32, "n": 8192, "r": 8, "p": 1,
        "version": haus.clock.now().ms // 1000,
    }  # fmt: skip
    card = next(row for key, row in till.rows.items() if key[0] == "card")
    assert card.private is not None
    assert card.private["code"] == "CARD-Ada"
    haus.office("product_set", product="Mate", changes={"price_cents": 160})
    haus.office("product_set", product="Mate", changes={"price_cents": 170})
    [page] = till.pull()
    [change] = page.changes
    assert (change.entity, change.id, change.fields["price_cents"]) == ("product", product, 170)
    [page] = till.pull()
    assert page.changes == ()


def test_rows_that_change_between_two_pages_come_again_later(haus: Haus):
    for number in range(60):
        haus.add_product(f"Product {number:02}", 100)
    till = haus.add_till()
    first = till.desk.pull(None)
    assert not first.is_last
    haus.office("product_set", product="Product 00", changes={"price_cents": 200})
    haus.office("product_retire", product="Product 01")
    rest = [till.desk.pull(first.cursor)]
    while not rest[-1].is_last:
        rest.append(till.desk.pull(rest[-1].cursor))
    prices = [
        each.fields["price_cents"]
        for page in (first, *rest)
        for each in page.changes
        if each.entity == "product" and each.fields["name"] == "Product 00"
    ]
    assert prices == [100, 200]


def test_what_is_gone_is_told_to_who_had_it_and_to_nobody_new(haus: Haus):
    haus.add_product("Mate", 150, barcodes=["4029764001807"])
    till = haus.add_till()
    haus.office("barcode_retire", code="4029764001807")
    [page] = till.pull()
    assert entities(page.changes) == [("barcode", "gone")]
    assert ("barcode", "gone") not in entities(haus.add_till().rows.values())


def test_a_barcode_that_goes_while_a_new_till_reads_is_told_at_the_end(haus: Haus):
    haus.add_product("Mate", 150, barcodes=["4029764001807"])
    for number in range(60):
        haus.add_product(f"Product {number:02}", 100)
    till = haus.add_till()
    first = till.desk.pull(None)
    assert ("barcode", "set") in entities(first.changes)
    haus.office("barcode_retire", code="4029764001807")
    rest = till.desk.pull(first.cursor)
    assert ("barcode", "gone") in entities(rest.changes)


def test_tombstones_are_kept_for_ninety_days(haus: Haus):
    haus.add_product("Mate", 150, barcodes=["4029764001807"])
    quick, slow = haus.add_till(), haus.add_till()
    with transaction(haus.db):
        feed.purge(haus.db, haus.clock.now())
    haus.office("barcode_retire", code="4029764001807")
    haus.clock.move(91 * DAY_MS)
    quick.pull()
    for _ in range(2):
        with transaction(haus.db):
            feed.purge(haus.db, haus.clock.now())
    assert haus.rows("SELECT count(*) FROM feed WHERE gone = 1") == [(0,)]
    with pytest.raises(CursorExpired):
        slow.pull()
    # Who had read that far may be away for as long as nothing happens.
    [page] = quick.pull()
    assert page.is_last
    slow.cursor = None
    slow.pull()


@pytest.mark.parametrize(
    "cursor", ["", "v1", "v1.x.y", "v2.3.000000000000", "v1.9999.abc", "v1.1.a.b"]
)
def test_a_cursor_that_is_none_begins_anew(haus: Haus, cursor: str):
    haus.add_product("Mate", 150)
    till = haus.add_till()
    with pytest.raises(CursorExpired):
        till.desk.pull(cursor)


def test_a_branch_is_told_of_what_it_sells(haus: Haus):
    mate = haus.add_product("Mate", 150, barcodes=["4029764001807"])
    cola = haus.add_product("Cola", 200)
    haus.office("condition_add", kind="fixed", value=120, product="Mate")
    cellar, roof = haus.add_till(), haus.add_till("Dach")

    def sell(*products: object) -> None:
        with transaction(haus.db):
            chosen = [each for each in (mate, cola) if each in products]
            of = haus.branch("Dach").id
            tills.set_assortment(haus.db, of, chosen, OFFICE, haus.clock.now())

    sell(cola)
    assert tills.assortment(haus.db, haus.branch("Dach").id) == [cola]
    [page] = roof.pull()
    assert sorted(entities(page.changes)) == [
        ("barcode", "gone"), ("condition", "gone"), ("product", "gone"), ("product", "set"),
        ("stock", "gone"), ("stock", "set"),
    ]  # fmt: skip
    [page] = cellar.pull()
    assert {action for _, action in entities(page.changes)} <= {"set", "retire"}
    haus.office("product_set", product="Mate", changes={"price_cents": 160})
    assert entities(roof.pull()[0].changes) == [("product", "gone")]
    assert "Mate" not in {row.fields.get("name") for row in haus.add_till("Dach").rows.values()}
    sell(cola, mate)
    assert ("product", "set") in entities(roof.pull()[0].changes)
    sell()
    assert entities(roof.pull()[0].changes).count(("product", "set")) == 2
    cellar.sync()


def test_stock_is_that_of_the_branch_with_the_cost_of_the_next_unit(haus: Haus):
    mate = haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    cellar, roof = haus.add_till(), haus.add_till("Dach")
    line = {"product": "Mate", "quantity": "10", "cost": "=8.00"}
    haus.office("delivery_add", branch="Dach", lines=[line], paid_by="bank")
    cellar.kasse.buy("Ada", "Mate")
    cellar.sync()
    roof.pull()
    nothing = {"quantity": -1, "cost_cents": None, "cost_quantity": None}
    assert cellar.rows["stock", mate].fields == nothing
    assert roof.rows["stock", mate].fields == {
        "quantity": 10,
        "cost_cents": 800,
        "cost_quantity": 10,
    }


def test_nobody_reads_without_a_token_that_is_good(haus: Haus):
    till = haus.add_till()
    with pytest.raises(Revoked):
        Desk(haus.db, haus.clock, "guessed").pull(None)
    till.desk.unpair()
    with pytest.raises(Revoked):
        till.pull()


def test_who_is_told_nothing_new_need_not_confirm(haus: Haus):
    till = haus.add_till()
    assert not pages.must_confirm(haus.db, till.paired.till)


def test_tills_say_how_they_are(haus: Haus):
    till = haus.add_till()
    at = haus.clock.now().plus_ms(5000)
    with transaction(haus.db):
        tills.heard(haus.db, till.paired.till, Heartbeat("1.2", 7, at), haus.clock.now())
    [found] = tills.tills(haus.db)
    assert (found.version, found.queue, found.skew_ms) == ("1.2", 7, 5000)
    assert found.seen_ms == haus.clock.now().ms
    assert tills.branches(haus.db) == [haus.branch("Keller")]
