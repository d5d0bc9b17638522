"""Conditions in the books: what an admin sets, what is told of it, and what is priced by it."""

import json

import pytest

from kpos.domain import orders
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import canonical
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger import conditions, stammdaten
from kpos.ledger.checks import Booked
from kpos.ledger.localday import moment
from kpos.ledger.office import find
from kpos.ledger.prices import prices_at, prices_now
from tests.ledger.kasse import DAY_MS, FRIDAY_EVENING, Kasse

HOUR_MS = 3_600_000


def add(kasse: Kasse, kind="fixed", value=100, **names):
    more = {key: names.pop(key) for key in list(names) if key not in ("member", "group", "product")}
    done = kasse.office("condition_add", kind=kind, value=value, more=more, **names)
    return done["id"], done["warnings"]


def refused(kasse: Kasse, request: str, **arguments: object) -> str:
    """Why nothing was booked."""
    before = len(kasse.documents())
    with pytest.raises(Refused) as told:
        kasse.office(request, **arguments)
    assert len(kasse.documents()) == before
    return told.value.refusal.message


def price(kasse: Kasse, product="Mate", who=None, pieces=1):
    """What somebody, or nobody yet, pays for one of so many; None for nothing."""
    prices, wanted = prices_now(kasse.books), kasse.product(product)
    if who is None:
        offer = prices.house_offer(wanted)
    else:
        holder = kasse.holder(who)
        offer = prices.offer(wanted, holder.group, holder.member)
    return offer.at(pieces).price.cents if offer.is_priced else None


def deliver(kasse: Kasse, product: str, quantity: int, cents: int) -> Booked:
    goods = orders.DeliveredGoods(kasse.product(product).id, quantity, Money(cents))
    return kasse.book(orders.Deliver((goods,), "2026-11-20", "bank"))


def test_a_condition_is_for_whom_and_what_it_names(kasse):
    kasse.add_member("Linus")
    kasse.add_guest("Guest")
    add(kasse, value=140, group="members", product="Mate")
    add(kasse, value=120, member="Ada", product="12")
    add(kasse, value=180, group="guests", product="Mate")
    add(kasse, value=200, group="guests")
    kasse.add_product("Tea", None)
    names = ("Ada", "Linus", "Guest", None)
    assert [price(kasse, who=name) for name in names] == [120, 140, 180, 140]
    assert [price(kasse, "Tea", who=name) for name in names] == [None, None, 200, None]
    assert [price(kasse, "Snack", who=name) for name in names] == [100, 100, 100, 100]
    kasse.rebuild()
    assert [price(kasse, who=name) for name in names] == [120, 140, 180, 140]


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


def test_a_day_counts_as_a_whole_in_the_zone_of_the_till(kasse):
    kasse.office("setting_set", key="zone", value="America/New_York")
    [begin, end] = [
        moment("America/New_York", "2026-12-24", is_end=is_end) for is_end in (False, True)
    ]
    assert (str(begin), str(end)) == ("2026-12-24T05:00:00.000Z", "2026-12-25T05:00:00.000Z")
    identifier, _ = add(kasse, product="Mate", start="2026-12-24", end="2026-12-24")
    found = find.condition(kasse.books.current(), identifier)
    assert (found.start, found.end) == (begin, end)
    assert str(moment("Europe/Berlin", "2026-12-24T18:00Z")) == "2026-12-24T18:00:00.000Z"
    for text in ("Christmas", "", "1999-12-31", "2100-01-01", "0001-01-01T00:00+14:00"):
        with pytest.raises(ValueError, match="is no time"):
            moment("Europe/Berlin", text)


def test_what_is_changed_counts_from_the_next_look_on(kasse):
    identifier, _ = add(kasse, value=120, product="Mate")
    assert price(kasse) == 120
    changes = {"value": 130, "min_quantity": 6, "comment": " six-pack "}
    kasse.office("condition_set", condition=identifier[:6], changes=changes)
    assert [price(kasse, pieces=n) for n in (1, 5, 6)] == [150, 150, 130]
    assert find.condition(kasse.books.current(), identifier).comment == "six-pack"
    levy = {"levy_cents": 10, "levy_for": "donation", "start": "2026-01-01", "end": "2026-12-31"}
    kasse.office("condition_set", condition=identifier, changes=levy)
    kasse.office("condition_set", condition=identifier, changes={"start": None, "end": None})
    found = find.condition(kasse.books.current(), identifier)
    assert (found.start, found.end, found.levy) == (None, None, Money(10))
    kasse.office("condition_retire", condition=identifier)
    assert price(kasse, pieces=6) == 150
    assert "there is no such condition" in refused(kasse, "condition_retire", condition=identifier)
    [kept] = [each for each in conditions.conditions(kasse.books.current()) if each.product]
    assert kept.retired


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"value": -1}, "a price is from 0.00"),
        ({"kind": "markup", "value": 100_001}, "a markup is from"),
        ({"kind": "discount"}, "none of fixed, markup"),
        ({"member": "Ada", "group": "members"}, "a member has one"),
        ({"member": "Nobody"}, "there is no member"),
        ({"group": "nobody"}, "there is no group"),
        ({"product": "Nothing"}, "there is no product"),
        ({"more": {"min_quantity": 0}}, "a quantity is from"),
        ({"more": {"start": "soon"}}, "'soon' is no time"),
        ({"more": {"start": "2026-12-02", "end": "2026-12-01"}}, "it ends before it starts"),
        ({"more": {"levy_cents": 10}}, "what it is for"),
        ({"more": {"product": "Mate"}}, "cannot be changed"),
        ({"more": {"comment": "two\nlines"}}, "a comment is one line"),
    ],
)
def test_what_cannot_be_meant_is_refused(kasse, arguments, why):
    assert why in refused(kasse, "condition_add", **{"kind": "fixed", "value": 100} | arguments)


def test_a_condition_is_found_by_the_beginning_of_its_id(kasse):
    first, _ = add(kasse, product="Mate")
    assert find.condition(kasse.books.current(), first[:15]).id == first
    for text in ("", "x", "f" * 17):
        with pytest.raises(Refused):
            find.condition(kasse.books.current(), text)


def test_two_for_the_same_at_once_are_told_with_who_decides(kasse):
    _, none = add(kasse, value=130, product="Mate")
    assert none == []
    later, [told] = add(kasse, value=120, product="Mate", start="2026-01-01")
    assert "this one decides" in told
    assert price(kasse) == 120
    _, warnings = add(kasse, value=110, product="Mate", start="2025-01-01", end="2026-12-31")
    assert sorted(warning.rpartition(": ")[2] for warning in warnings) == [
        "that one decides",
        "this one decides",
    ]
    assert any(later in warning and "that one" in warning for warning in warnings)
    assert add(kasse, value=110, product="Mate", min_quantity=6)[1] == []
    assert add(kasse, value=110, product="Mate", group="members")[1] == []
    assert add(kasse, value=110, product="Mate", end="2024-12-31")[1] != []


def test_every_group_has_a_default_and_keeps_one(kasse):
    kasse.office("group_add", name="crew", markup_bp=2500)
    db = kasse.books.current()
    crew = stammdaten.group_of_name(db, "crew")
    assert crew is not None
    [default] = conditions.defaults_of(db, crew.id)
    assert (default.kind, default.value, default.scope) == ("markup", 2500, "group")
    assert "it is its group's default" in refused(kasse, "condition_retire", condition=default.id)
    add(kasse, "markup", 3000, group="crew", end="2026-12-31")
    assert "it is its group's default" in refused(kasse, "condition_retire", condition=default.id)
    kasse.office("condition_set", condition=default.id, changes={"value": 4000})
    add(kasse, "markup", 5000, group="crew")
    kasse.office("condition_retire", condition=default.id)
    house, _ = add(kasse, "markup", 1000)
    kasse.office("condition_retire", condition=house)
    assert "a markup is from" in refused(kasse, "group_add", name="x", markup_bp=100_001)


def test_a_group_that_opens_again_has_the_default_it_is_given_then(kasse):
    group = kasse.office("group_add", name="crew", markup_bp=2500)["id"]
    kasse.office("group_retire", group="crew")
    assert kasse.office("group_add", name="crew", markup_bp=1000)["id"] == group
    [default] = conditions.defaults_of(kasse.books.current(), group)
    assert default.value == 1000


def test_a_till_of_before_has_no_default_and_sells_at_its_prices(kasse):
    kasse.books.current().execute("DELETE FROM condition")
    assert price(kasse) == 150
    kasse.add_product("Tea", None)
    assert price(kasse, "Tea") is None


def test_whom_a_condition_names_is_told_in_its_private_part_alone_and_can_be_erased(kasse):
    linus = kasse.add_member("Linus")
    add(kasse, value=0, member="Linus", product="Mate", comment="Linus has birthday")
    add(kasse, value=0, member="Linus", comment="and again")
    add(kasse, value=120, group="members", product="Mate", comment="spring")
    assert price(kasse, who="Linus") == 0
    told = [each for each in kasse.documents() if each.body.get("entity") == "condition"]
    assert str(linus.member) not in canonical([each.body for each in told])
    assert "birthday" not in canonical([each.body for each in told])
    kasse.office("erase", member="Linus")
    assert str(linus.member) not in json.dumps(kasse.tables(["condition"]))
    left = {each.comment for each in conditions.conditions(kasse.books.current())}
    assert left == {"", "spring"}
    assert not kasse.books.journal.rows("SELECT 1 FROM private WHERE instr(part, 'birthday')")
    kasse.verify()
    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before


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


def test_it_is_explained_with_what_is_over_and_what_comes(kasse):
    add(kasse, value=110, product="Mate", end="2026-01-31")
    add(kasse, value=120, product="Mate", start="2027-01-01")
    wanted = kasse.product("Mate")
    members = kasse.holder("Ada").group
    told = prices_now(kasse.books).explain(wanted, members, None, 1)
    assert [(each.condition.value, each.lost) for each in told] == [
        (150, ""),
        (120, "has not begun"),
        (110, "is over"),
        (0, "has no cost to add to"),
    ]
    new_year = prices_at(kasse.books, FRIDAY_EVENING.plus_ms(60 * DAY_MS))
    assert new_year.explain(wanted, members, None, 1)[0].condition.value == 120
    assert new_year.house_offer(wanted).price == Money(120)
    assert new_year.guest_offer(wanted) is None


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


def test_a_rate_begins_today_unless_a_day_is_named(kasse):
    assert kasse.office("tax_set", tax_key="2", rate_bp=800)["since"] == "2026-11-20"
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
