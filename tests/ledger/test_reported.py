"""What reports read follows from the documents: every line sold or taken back, all money."""

import pytest

from kpos.domain import orders
from kpos.domain.cart import Cart, Entry
from kpos.domain.document import Ref
from kpos.domain.money import Money
from kpos.domain.product import Charge, Offer
from tests.ledger.kasse import FRIDAY_EVENING, MINUTE_MS, Kasse

COLUMNS = (
    "(at_ms - ?1) / ?2, kind, product.name, member_group.name, sale_line.tax_key, sale_line.unit,"
    " quantity, gross_cents, tax_cents, sale_line.deposit_cents, levy_cents, levy_tax_cents,"
    " cost_cents, uncosted"
)


def sold_lines(kasse: Kasse) -> list[tuple[object, ...]]:
    """In the words of a person, minutes since the beginning first."""
    return (
        kasse.books.current()
        .execute(
            f"SELECT {COLUMNS} FROM sale_line JOIN product ON product.id = product"
            " JOIN member_group ON member_group.id = member_group ORDER BY at_ms, position, line",
            (FRIDAY_EVENING.ms, MINUTE_MS),
        )
        .fetchall()
    )


def test_a_line_stands_there_as_it_was_sold_and_as_it_came_back(kasse: Kasse):
    sold = kasse.buy("Ada", ("Mate", 3), "Snack")
    kasse.wait(2 * MINUTE_MS)
    kasse.undo(sold, (1, 1))
    kasse.wait(MINUTE_MS)
    kasse.undo(sold)
    # 4.95 at 19 %: tax 79, of which goods 450 get 72. One of three: 24 of 72, then 48.
    mate = ("Mate", "members", "1", "piece")
    snack = ("Snack", "members", "6", "piece")
    assert sold_lines(kasse) == [
        (0, "sale", *mate, 3, 450, 72, 45, 0, 0, 0, 3),
        (0, "sale", *snack, 1, 100, 0, 0, 0, 0, 0, 1),
        (2, "reversal", *mate, -1, -150, -24, -15, 0, 0, 0, -1),
        (3, "reversal", *mate, -2, -300, -48, -30, 0, 0, 0, -2),
        (3, "reversal", *snack, -1, -100, 0, 0, 0, 0, 0, -1),
    ]


def test_a_whole_purchase_taken_back_leaves_nothing_and_a_levy_is_no_deposit(kasse: Kasse):
    kasse.add_guest("Grete", 500)
    levy = Charge("levy:donation", Money(10), "1", 1900)
    product = kasse.product("Mate")
    offer = Offer(product, Money(180), 1900, (levy,), "condition", None)
    cart = Cart((Entry(offer, 2),), FRIDAY_EVENING)
    sold = kasse.book(orders.Purchase(cart, kasse.holder("Grete")))
    guest = ("Mate", "guests", "1", "piece")
    # 3.80 at 19 %: tax 61, of which goods 360 get 58 and the levy 3.
    assert sold_lines(kasse) == [(0, "sale", *guest, 2, 360, 58, 0, 20, 3, 0, 2)]
    kasse.undo(sold)
    assert sold_lines(kasse)[1:] == [(0, "reversal", *guest, -2, -360, -58, 0, -20, -3, 0, -2)]


def test_only_reversals_of_sales_take_lines_back(kasse: Kasse):
    top_up = kasse.documents()[-1]
    kasse.book(orders.Reverse(Ref(top_up.epoch, top_up.seq)))
    assert sold_lines(kasse) == []


@pytest.mark.parametrize("weight", [1, 345, 1999])
def test_what_is_weighed_is_counted_in_thousandths(kasse: Kasse, weight):
    kasse.add_product("Käse", 1990, unit="kg")
    kasse.office("top_up", member="Ada", cents=5000)
    kasse.buy("Ada", ("Käse", weight))
    [line] = sold_lines(kasse)
    assert line[5:8] == ("kg", weight, (2 * 1990 * weight + 1000) // 2000)


def posted(kasse: Kasse) -> dict[tuple[int, str, str], int]:
    """Quarters since the beginning, which is at the full hour, account and kind."""
    first = FRIDAY_EVENING.ms // (15 * MINUTE_MS)
    rows = kasse.books.current().execute("SELECT * FROM posting_sum").fetchall()
    return {(quarter - first, account, kind): cents for quarter, account, kind, cents in rows}


def test_money_is_summed_up_by_quarter_of_an_hour_and_of_all_wallets_together(kasse: Kasse):
    kasse.wait(15 * MINUTE_MS)
    kasse.add_member("Linus", 700)
    kasse.buy("Ada", "Snack")
    kasse.wait(15 * MINUTE_MS - 1)
    kasse.buy("Linus", "Snack")
    kasse.wait(1)
    sold = kasse.buy("Linus", "Mate")
    kasse.undo(sold)
    kasse.buy("Linus", "Mate")
    wallets = kasse.holder("Ada").wallet, kasse.holder("Linus").wallet
    kasse.book(orders.Transfer(*wallets, Money(50)))
    kasse.book(orders.Reverse(kasse.documents()[-1].ref))
    top_up = kasse.book(orders.TopUp(wallets[0], Money(300)))
    kasse.book(orders.TopUp(wallets[0], Money(11)))
    kasse.book(orders.Reverse(top_up.documents[0].ref))
    # Mate: 1.65 at 19 % has 26 of tax, 24 of them in the goods.
    assert posted(kasse) == {
        (0, "cash:K1", "top_up"): 2000,
        (0, "wallet", "top_up"): -2000,
        (1, "cash:K1", "top_up"): 700,
        (1, "wallet", "top_up"): -700,
        (1, "revenue:6", "sale"): -200,
        (1, "wallet", "debit"): 200,
        (2, "cash:K1", "top_up"): 11,
        (2, "wallet", "top_up"): -11,
        (2, "revenue:1", "sale"): -126,
        (2, "tax:1", "sale"): -26,
        (2, "deposit", "sale"): -15,
        (2, "deposit_tax", "sale"): 2,
        (2, "wallet", "debit"): 165,
    }


def test_a_delivery_that_comes_late_costs_what_was_sold_on_the_day_of_its_sale(kasse: Kasse):
    kasse.buy("Ada", "Snack")
    kasse.wait(MINUTE_MS)
    late = kasse.deliver("Snack", 10, 550)
    snack = ("Snack", "members", "6", "piece")
    assert sold_lines(kasse) == [(0, "sale", *snack, 1, 100, 0, 0, 0, 0, 55, 0)]
    kasse.wait(MINUTE_MS)
    sold = kasse.buy("Ada", ("Snack", 2))
    kasse.wait(MINUTE_MS)
    kasse.undo(sold, (1, 1))
    assert sold_lines(kasse)[1:] == [
        (2, "sale", *snack, 2, 200, 0, 0, 0, 0, 110, 0),
        (3, "reversal", *snack, -1, -100, 0, 0, 0, 0, -55, 0),
    ]
    kasse.undo(late)
    assert [row[-2:] for row in sold_lines(kasse)] == [(0, 1), (55, 1), (-55, 0)]


def test_what_was_written_off_before_its_delivery_is_no_sale(kasse: Kasse):
    snack = kasse.product("Snack").id
    kasse.book(orders.WriteOff("expiry", ((snack, 2),)))
    kasse.deliver("Snack", 10, 550)
    assert sold_lines(kasse) == []
    assert kasse.balance("writeoff:expiry") == 110
