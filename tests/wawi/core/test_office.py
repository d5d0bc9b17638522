"""What somebody books at the server, by the till's own functions, in the office's journal."""

import sqlite3

import pytest

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.ledger import master, sealed
from kpos.ledger.booking import book
from kpos.ledger.schema import statements
from kpos.ledger.seam import Books
from kpos.ledger.stock import Stockroom
from kpos.wawi.core import alarms, audit, house, pairing, tills
from kpos.wawi.core.office import begin_epoch
from kpos.wawi.core.places import HousePlaces
from kpos.wawi.core.schema import script
from kpos.wawi.core.transactions import transaction
from tests.ledger.kasse import refusing
from tests.wawi.core.haus import OFFICE, Haus


def deliver(haus: Haus, product: str, quantity: int, cost: str, branch: str = "Keller") -> str:
    line = {"product": product, "quantity": str(quantity), "cost": f"={cost}"}
    done = haus.office("delivery_add", branch, lines=[line], paid_by="bank", invoice=cost)
    return str(done["receipt_number"])


def test_the_office_has_a_chain_and_numbers_of_its_own(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    assert deliver(haus, "Mate", 20, "16.00") == "W-000002"
    with refusing("unknown", "no receipt"):
        haus.office("reverse", receipt="K1-000001")
    assert haus.office("reverse", receipt="W-000002")["receipt_number"] == "W-000003"
    assert haus.stock("Mate") == (0, 0, 0)
    haus.is_sound()


def test_what_left_before_its_delivery_is_costed_wherever_it_left(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    first, second = haus.add_till(), haus.add_till()
    sold = first.kasse.buy("Ada", ("Mate", 3))
    second.kasse.office("write_off", reason="breakage", lines=[["Mate", "1"]])
    first.push()
    second.push()
    assert haus.stock("Mate") == (0, 0, -4)
    deliver(haus, "Mate", 10, "8.00")
    assert haus.stock("Mate") == (6, 480, 0)
    assert haus.balance("cost") == 240
    assert haus.balance("writeoff:breakage") == 80
    # What comes back without a lot goes to the one it was costed from.
    first.kasse.undo(sold, (1, 2))
    first.push()
    assert haus.stock("Mate") == (8, 640, 0)
    assert haus.balance("cost") == 80
    assert haus.rows("SELECT sum(cost_cents), sum(uncosted) FROM sale_line") == [(80, 0)]
    haus.is_sound()


def test_what_comes_back_before_its_delivery_waits_no_more(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    sold = till.kasse.buy("Ada", ("Mate", 3))
    till.kasse.undo(sold, (1, 1))
    till.push()
    deliver(haus, "Mate", 1, "0.80")
    till.kasse.undo(sold, (1, 1))
    till.push()
    # One was costed, one waits: what comes back is the one that waits.
    assert haus.stock("Mate") == (0, 0, 0)
    till.kasse.undo(sold, (1, 1))
    till.push()
    assert haus.stock("Mate") == (1, 80, 0)
    assert haus.balance("cost") == 0
    haus.is_sound()


def test_a_delivery_that_is_taken_back_takes_its_costs_along(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = haus.add_till()
    till.kasse.buy("Ada", ("Mate", 3))
    till.push()
    receipt = deliver(haus, "Mate", 10, "8.00")
    deliver(haus, "Mate", 10, "9.00")
    haus.office("reverse", receipt=receipt)
    assert haus.stock("Mate") == (7, 630, 0)
    assert haus.balance("cost") == 270
    haus.is_sound()


def test_average_costs_know_the_place(haus: Haus):
    haus.office("setting_set", key="cost_flow", value="average")
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    cellar, roof = haus.add_till(), haus.add_till("Dach")
    for till in (cellar, roof):
        till.kasse.buy("Ada", ("Mate", 2))
        till.push()
    deliver(haus, "Mate", 10, "8.00", "Dach")
    receipt = deliver(haus, "Mate", 10, "10.00")
    assert haus.stock("Mate") == (8, 800, 0)
    haus.office("reverse", receipt=receipt)
    assert haus.stock("Mate") == (0, 0, -2)
    assert haus.stock("Mate", "Dach") == (8, 640, 0)
    haus.is_sound()


def test_counting_and_writing_off_at_the_server(haus: Haus):
    haus.add_product("Mate", 150)
    haus.add_member("Ada", role="admin")
    deliver(haus, "Mate", 10, "8.00")
    haus.office("write_off", reason="expiry", lines=[("Mate", "1")])
    line = {"line": 1, "product": "Mate", "counted": "12"}
    count = haus.office("stocktake_count", lines=[line])["count"]
    haus.office("stocktake_approve", count=count, approved_by="Ada")
    assert haus.stock("Mate") == (12, 960, 0)
    with refusing("invalid", "booked already"):
        rows = [{"line": 1, "product": "Mate", "quantity": "1", "cost": "8", "invoice": "8.00"}]
        haus.office("delivery_import", rows=[{**rows[0], "paid": "bank"}], dry_run=False)
    haus.is_sound()


def test_lists_of_members_and_pins(haus: Haus):
    haus.add_member("Ada", 500)
    verifier = {"salt": "00" * 16, "key": "11" * 32, "n": 8192, "r": 8, "p": 1}
    haus.office("pin_set", member="Ada", pin=verifier)
    row = {"line": 1, "name": "Bea", "credit": 100, "cards": ["CARD-Bea"]}
    haus.office("member_import", rows=[row], dry_run=False)
    assert haus.credit("Bea") == 100
    [(member,)] = haus.rows("SELECT id FROM member WHERE name = 'Ada'")
    haus.office("member_import", rows=[{"line": 1, "id": member, "role": "admin"}], dry_run=False)
    assert haus.rows("SELECT verifier FROM pin") == [(None,)]
    seconds = haus.clock.now().ms // 1000
    assert haus.rows("SELECT version, till FROM pin_version") == [(seconds + 1, None)]


def test_whoever_is_erased_is_named_nowhere(haus: Haus):
    haus.add_member("Ada", 100, history=True)
    haus.add_product("Mate", 100)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    till.push()
    named = "SELECT count(*) FROM document WHERE instr(part, 'Ada') > 0"
    query = "SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL"
    assert haus.rows(query) == [(1,)]
    assert haus.rows(named) != [(0,)]
    haus.office("erase", member="Ada")
    assert haus.rows(named) == [(0,)]
    assert haus.rows(query) == [(0,)]
    assert haus.rows("SELECT count(*) FROM audit WHERE instr(became, 'Ada') > 0") == [(0,)]
    haus.is_sound()


def test_history_is_switched_off_for_all_tills(haus: Haus):
    haus.add_member("Ada", 1000, history=True)
    haus.add_product("Mate", 100)
    till = haus.add_till()
    till.kasse.buy("Ada", "Mate")
    till.push()
    [(member,)] = haus.rows("SELECT id FROM member")
    with transaction(haus.db):
        books = house.House(haus.db, haus.clock, haus.branch("Keller").place)
        book(books, orders.SetHistory(member, on=False, author=OFFICE))
    query = "SELECT count(*) FROM document WHERE kind = 'sale' AND part IS NOT NULL"
    assert haus.rows(query) == [(0,)]
    haus.is_sound()


def test_what_only_a_till_can_do_is_done_at_a_till(haus: Haus):
    for request in ("closing", "clock_trust", "unknown_clear"):
        with refusing("invalid", "at a till"):
            haus.office(request)


def test_a_refusal_in_the_middle_of_a_booking_leaves_nothing(haus: Haus):
    haus.add_member("Ada", 100)
    documents = haus.rows("SELECT count(*) FROM document")
    with transaction(haus.db):
        books = house.House(haus.db, haus.clock, haus.branch("Keller").place)
        with pytest.raises(ZeroDivisionError):
            cut_off(books)
    assert haus.rows("SELECT count(*) FROM document") == documents
    haus.add_member("Bea", 100)
    haus.is_sound()


def cut_off(books: house.House) -> None:
    with books.booking() as booking:
        booking.append(master.setting_row("undo_minutes", 1, OFFICE))
        raise ZeroDivisionError


def test_every_change_is_written_down_with_what_was_before(haus: Haus):
    product = haus.add_product("Mate", 150)
    haus.office("product_set", product="Mate", changes={"price_cents": 180})
    newest = audit.events(haus.db, 1)[0]
    assert (newest.who, newest.what) == (OFFICE, f"product {product}")
    assert newest.was is not None
    assert newest.became is not None
    assert '"price_cents":150' in newest.was
    assert '"price_cents":180' in newest.became
    haus.db.execute("UPDATE audit SET who = 'nobody' WHERE id = ?", (newest.id,))
    assert list(audit.faults(haus.db)) == [f"audit row {newest.id} is not as it was written"]


def test_a_clock_that_goes_back_is_said_so_and_prices_go_on(haus: Haus):
    haus.add_product("Mate", 150)
    haus.clock.start = Instant(haus.clock.start.ms - 86_400_000)
    haus.add_product("Cola", 150)
    books: Books = house.House(haus.db, haus.clock, haus.branch("Keller").place)
    assert books.read_clock().clock == "back"
    assert books.believed_now() > haus.clock.now()
    haus.add_member("Ada", 100)
    haus.is_sound()


def test_branches_have_names_of_their_own(haus: Haus):
    haus.add_branch("Keller")
    with refusing("taken", "Keller"):
        haus.add_branch("Keller")
    with refusing("unknown", "branch"), transaction(haus.db):
        pairing.make_code(haus.db, Id("f" * 16), OFFICE, haus.clock.now())
    assert tills.branch(haus.db, Id("f" * 16)) is None


def test_alarms_wait_until_somebody_looked(haus: Haus):
    with transaction(haus.db):
        alarms.raise_alarm(haus.db, "fork", None, "a test", haus.clock.now())
    [alarm] = alarms.alarms(haus.db)
    assert (alarm.kind, alarm.detail, alarm.settled_by) == ("fork", "a test", None)
    with transaction(haus.db):
        alarms.settle(haus.db, alarm.id, OFFICE)
    assert alarms.alarms(haus.db) == []
    assert alarms.alarms(haus.db, everything=True)[0].settled_by == OFFICE


def test_cash_of_the_office(haus: Haus):
    haus.office("cash_move", purpose="float", cents=5000)
    assert haus.balance("cash:W") == 5000
    assert sealed.one(haus.db, "balance", "account", "cash:W") is not None
    haus.is_sound()


def test_a_restored_server_numbers_under_another_prefix(haus: Haus):
    haus.office("cash_move", purpose="float", cents=100)
    with transaction(haus.db):
        assert begin_epoch(haus.db) == "WA"
    assert haus.office("cash_move", purpose="float", cents=100)["receipt_number"] == "WA-000001"
    with transaction(haus.db):
        assert begin_epoch(haus.db) == "WB"
    haus.is_sound()


def test_books_of_a_house_can_be_looked_into(haus: Haus):
    haus.office("member_add", name="Ada")
    with transaction(haus.db):
        books: Books = house.House(haus.db, haus.clock, haus.branch("Keller").place)
        with books.booking() as booking:
            assert booking.documents == []
        named = [books.journal.private_part(position) for position in range(1, 5)]
        assert [part["name"] for part in named if part and "name" in part] == ["Ada"]
        assert books.journal.private_part(999) is None
        assert books.journal.sealed("undo", "") == []
        assert books.credit(haus.wallet("Ada")).cents == 0


def test_what_came_back_is_found_without_what_still_waits():
    """In a house that books no deliveries, all that was ever sold waits."""
    db = sqlite3.connect(":memory:")
    for statement in statements(script()):
        db.execute(statement)
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    Stockroom(db, HousePlaces(db), "b1", "fifo").take_back(Id("00000000000000a1"))
    db.set_trace_callback(None)
    assert len(asked) == 1
    plan = db.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert ["taken_back" in row[3] for row in plan] == [True]
    db.close()
