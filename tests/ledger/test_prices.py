"""What is charged: costs, times, taxes and levies, as the books have them."""

import pytest

from kpos.domain import orders
from kpos.domain.cart import Cart, Entry
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger import undo
from kpos.ledger.localday import moment
from kpos.ledger.prices import prices_at, prices_now
from tests.ledger.priced import add, deliver, price, refused

HOUR_MS = 3_600_000


def test_a_price_changes_by_itself_at_its_time(kasse):
    hour = {"start": "2026-11-20 21:00", "end": "2026-11-20 22:00"}
    add(kasse, value=100, product="Mate", **hour)
    seen = []
    for _ in range(5):
        seen.append(price(kasse))
        kasse.wait(HOUR_MS // 2)
    assert seen == [150, 150, 100, 100, 150]
    last_ms = moment("Europe/Berlin", "2026-11-20 22:00").plus_ms(-1)
    for at, cents in ((last_ms, 100), (last_ms.plus_ms(1), 150)):
        assert prices_at(kasse.books, at).house_offer(kasse.product("Mate")).price == Money(cents)
    kasse.rebuild()
    assert price(kasse) == 150


def test_a_birthday_beer_is_told_with_the_history_on_alone(kasse):
    identifier, _ = add(kasse, value=0, member="Ada", product="Mate")
    for history, conditions_told in ((False, None), (True, {"1": identifier})):
        ada = kasse.holder("Ada")
        kasse.book(orders.SetHistory(ada.member, history))
        ada = kasse.holder("Ada")
        offer = prices_now(kasse.books).offer(kasse.product("Mate"), ada.group, ada.member)
        sold = kasse.book(orders.Purchase(Cart((Entry(offer, 1),)), ada))
        [line] = sold.documents[0].body["lines"]
        assert (line["price_cents"], line["price_from"], line["condition"]) == (0, "personal", None)
        ref = sold.documents[0].ref
        part = kasse.books.journal.private_part(ref.epoch << 32 | ref.seq) or {}
        assert part.get("conditions") == conditions_told


def test_a_levy_is_income_of_its_own(kasse):
    add(kasse, value=180, product="Mate", levy_cents=10, levy_for="donation")
    ada = kasse.holder("Ada")
    offer = prices_now(kasse.books).offer(kasse.product("Mate"), ada.group, ada.member)
    sold = kasse.book(orders.Purchase(Cart((Entry(offer, 2),)), ada))
    assert sold.credit == Money(2000 - 2 * (180 + 15 + 10))
    # 4.10 at 19 %: tax 65; the levy's 20 have 3 of it, of what the deposit's 30 leave.
    tax = [charge["tax_cents"] for charge in sold.documents[0].body["lines"][0]["charges"]]
    assert kasse.balance("levy:donation") == -(20 - tax[1])
    kasse.undo(sold)
    assert kasse.balance("levy:donation") == 0
    kasse.verify()


def test_a_markup_follows_the_lot_that_the_next_unit_comes_from(kasse):
    """And stays for the whole lot, whatever fraction of a cent is left of its cost."""
    kasse.add_product("Tea", None)
    add(kasse, "markup", 5000, product="Tea")
    assert price(kasse, "Tea") is None
    deliver(kasse, "Tea", 3, 200)  # 66.67 each: exactly 1.00 with half of it on top
    deliver(kasse, "Tea", 2, 180)
    seen = []
    for _ in range(5):
        seen.append(price(kasse, "Tea"))
        kasse.buy("Ada", "Tea")
    assert seen == [100, 100, 100, 135, 135]
    add(kasse, "markup", 0, product="Snack", group="members")
    deliver(kasse, "Snack", 2, 201)  # 1.005: one costs 1.01 then, and 1.00 the other
    for _ in range(2):
        assert price(kasse, "Snack") == 105
        kasse.buy("Ada", "Snack")
    assert price(kasse, "Tea") == 135  # sold out: as the last one was
    reversed_one = deliver(kasse, "Tea", 1, 10)
    assert price(kasse, "Tea") == 15
    kasse.undo(reversed_one)
    assert price(kasse, "Tea") == 135


@pytest.mark.parametrize(
    ("flow", "prices"),
    [("fifo", [100, 105, 110]), ("lifo", [110, 105, 100]), ("average", [105] * 3)],
)
def test_the_cost_is_that_of_the_flow_of_costs(kasse, flow, prices):
    kasse.office("setting_set", key="cost_flow", value=flow)
    kasse.office("setting_set", key="price_step_cents", value="0.01")
    kasse.add_product("Tea", None)
    for cents in (100, 105, 110):
        deliver(kasse, "Tea", 1, cents)
    seen = []
    for _ in range(3):
        seen.append(price(kasse, "Tea"))
        kasse.buy("Ada", "Tea")
    assert seen == prices
    assert price(kasse, "Tea") == 110


def test_a_price_below_cost_is_told_and_taken_all_the_same(kasse):
    """Mate has 19 % tax in its price: of 1.19 one euro is left."""
    assert add(kasse, value=10, product="Snack")[1] == []
    deliver(kasse, "Mate", 10, 1000)
    assert add(kasse, value=119, product="Mate", min_quantity=2)[1] == []
    told = "below cost: Mate costs 1.00, 0.99 of the price is left"
    assert add(kasse, value=118, product="Mate", min_quantity=3)[1] == [told]
    levy = {"levy_cents": 1, "levy_for": "x"}
    assert add(kasse, value=118, product="Mate", min_quantity=4, **levy)[1] == []
    assert add(kasse, "markup", 1000, product="Mate", min_quantity=5)[1] != []
    assert add(kasse, "markup", -100)[1] == ["a markup below zero sells below cost"]
    assert add(kasse, "markup", 0, min_quantity=2)[1] == []
    assert add(kasse, value=118, group="members", min_quantity=2)[1] == [told]
    deliver(kasse, "Snack", 10, 1200)
    two = add(kasse, value=118, group="members", min_quantity=3)[1]
    assert len(two) == 2
    assert two[1] == "and 1 products more"
    cheese = kasse.add_product("Cheese", None, unit="kg")
    deliver(kasse, "Cheese", 2000, 2001)
    assert add(kasse, value=1001, product=cheese)[1] == []
    [warned] = add(kasse, value=1000, product=cheese, min_quantity=2)[1]
    assert warned == "below cost: Cheese costs 10.01, 10.00 of the price is left"


def test_a_line_has_the_tax_rate_of_the_day_it_is_booked(kasse):
    """In the zone of the till: its new year begins an hour before that of UTC."""
    kasse.office("tax_set", tax_key="1", rate_bp=2000, since="2026-11-21")
    cart = kasse.cart("Mate")
    kasse.wait(4 * HOUR_MS - 1)
    before = kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    kasse.wait(1)
    after = kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    rates = []
    for sold in (before, after):
        [line] = sold.documents[0].body["lines"]
        [deposit] = line["charges"]
        assert line["rate_bp"] == deposit["rate_bp"]
        rates.append((line["rate_bp"], line["tax_cents"] + deposit["tax_cents"]))
    assert rates == [(1900, 26), (2000, 28)]
    assert before.credit - after.credit == Money(165)
    [offered] = prices_now(kasse.books).house_offer(kasse.product("Mate")).charges
    assert offered.rate_bp == 2000


def test_a_till_that_was_off_over_night_sells_at_the_rate_of_the_new_day(kasse):
    kasse.office("tax_set", tax_key="1", rate_bp=2000, since="2026-11-21")
    cart = kasse.cart("Mate")
    kasse.close()
    kasse.wait(10 * HOUR_MS)
    kasse.open()
    sold = kasse.book(orders.Purchase(cart, kasse.holder("Ada")))
    assert sold.documents[0].body["lines"][0]["rate_bp"] == 2000
    # And can be taken back as long as any other.
    kasse.wait(kasse.books.settings.undo_minutes * 60_000 - 1)
    assert undo.last_purchase(kasse.books, kasse.holder("Ada").wallet) is not None
    kasse.wait(1)
    assert undo.last_purchase(kasse.books, kasse.holder("Ada").wallet) is None


def test_a_rate_begins_today_unless_a_day_is_named(kasse):
    told = kasse.office("tax_set", tax_key="2", rate_bp=800)
    assert told == {"tax_key": "2", "since": "2026-11-20", "rate_bp": 800}
    kasse.office("tax_set", tax_key="2", rate_bp=900)
    assert kasse.books.settings.tax_rates == ("2:2026-11-20:900",)
    wrongs: list[dict[str, object]] = [
        {"rate_bp": 5001},
        {"rate_bp": 1, "since": "soon"},
        {"rate_bp": -1},
    ]
    for wrong in wrongs:
        assert "is no rate" in refused(kasse, "tax_set", tax_key="2", **wrong)


def test_what_has_no_price_is_never_booked(kasse):
    kasse.add_product("Tea", None)
    with pytest.raises(Refused, match="has no price"):
        kasse.buy("Ada", "Tea")


def test_a_new_price_touches_its_own_rows_and_no_others(kasse):
    """Nothing is worked out beforehand, so that there is nothing of other products to renew."""

    def touched(change) -> dict[str, int]:
        before = kasse.tables()
        change()
        after = kasse.tables()
        counts = {name: len(set(after[name]) - set(before[name])) for name in after}
        return {name: count for name, count in counts.items() if count}

    identifier, _ = add(kasse, "markup", 2500)
    changes = {"condition": identifier, "changes": {"value": 3000}}
    assert touched(lambda: add(kasse, value=130, product="Mate")) == {"condition": 1, "applied": 1}
    assert touched(lambda: kasse.office("condition_set", **changes)) == {
        "condition": 1,
        "applied": 1,
    }
    delivered = touched(lambda: deliver(kasse, "Snack", 10, 500))
    assert delivered.keys() <= {"applied", "balance", "stock", "lot", "posting_sum"}
    assert (delivered["stock"], delivered["lot"]) == (1, 1)
