"""Closings: the figures that the stories are told to end with, and what they are good for."""

from collections import Counter

import pytest

from kpos.domain import orders
from kpos.domain.closing import Closing, TaxTotal, read_closing
from kpos.domain.document import Document, Draft, Posting
from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.ledger import closings
from kpos.ledger.errors import Damaged
from tests.ledger import test_stories as stories
from tests.ledger.kasse import DAY_MS, Kasse
from tests.ledger.told_evening import Evening

club, shop = stories.club, stories.shop


def closed(kasse: Kasse, author: str | None = None) -> Closing:
    [document] = kasse.book(orders.Close(author)).documents
    return read_closing(document.body)


def so_far(kasse: Kasse) -> Closing | None:
    names = closings.Names(kasse.books.current())
    return closings.figures(kasse.books.journal.db, names)


def z_of(evening: Evening, line: str) -> Closing:
    return read_closing(evening.booked[line].body)


def test_the_first_closing_of_the_club_is_as_it_is_told(club):
    z = z_of(club, "49")
    assert z.z_number == 1
    [key] = z.taxes
    assert (key.tax_key, key.goods_cents, key.levies_cents) == ("6", 3430, 10)
    assert [(each.account, each.gross_cents) for each in z.levies] == [("levy:donation", 10)]
    goods = {each.name: (each.quantity, each.gross_cents) for each in z.products}
    assert goods == {"mate": (22, 3330), "snack": (1, 100)}
    assert {each.name: each.cost_cents for each in z.products} == {"mate": 1760, "snack": 60}
    assert (z.deposit_charged_cents, z.deposit_returned_cents) == (330, 75)
    [paid] = z.payments
    assert (paid.means, paid.count, paid.cents) == ("wallet", 6, 3770)
    box = next(each for each in z.cash if each.account == "cash:K1")
    assert (box.in_cents, box.out_cents, box.expected_cents) == (10125, 8439, 1686)
    assert (box.counted_cents, box.difference_cents) == (5260, -35)
    assert (z.reversals, z.reversed_cents) == (4, 165 + 330 + 2000 + 550)
    assert {each.means: each.cents for each in z.top_ups} == {
        "cash": 2500, "opening": 500, "reader": 300, "transfer": 1000,
    }  # fmt: skip
    assert {each.name: (each.count, each.cents) for each in z.groups} == {
        "members": (5, 3565), "guests": (1, 205),
    }  # fmt: skip


def test_the_first_closing_of_the_shop_is_as_it_is_told(shop):
    z = z_of(shop, "11")
    general, reduced = z.taxes
    assert (general.gross_cents, general.net_cents, general.tax_cents) == (465, 391, 74)
    assert (general.goods_cents, general.deposit_cents) == (450, 15)
    assert reduced == TaxTotal(
        "2", 700, goods_cents=119, gross_cents=119, net_cents=111, tax_cents=8
    )


@pytest.mark.parametrize("told", ["club", "shop"])
def test_a_closing_agrees_with_the_balances_and_nothing_is_reset(told, request):
    kasse = request.getfixturevalue(told).kasse
    [(_, z)] = closings.closings(kasse.books.journal.db)
    assert {each.account: each.cents for each in z.balances} == balances(kasse)
    for box in z.cash:
        assert box.expected_cents == kasse.balance(box.account)
    kasse.add_member("Zoe", 700)
    second = closed(kasse)
    assert {each.account: each.cents for each in second.balances} == balances(kasse)
    assert second.balance("wallet") == z.balance("wallet") - 700
    for box in second.cash:
        assert box.expected_cents == kasse.balance(box.account), "it begins where the last ended"


def balances(kasse: Kasse) -> dict[str, int]:
    found: Counter[str] = Counter()
    for account, cents in kasse.books.current().execute("SELECT account, cents FROM balance"):
        found["wallet" if account.startswith("wallet:") else account] += cents
    return {account: cents for account, cents in found.items() if cents}


def test_x_shows_what_z_would_book(kasse):
    kasse.buy("Ada", ("Mate", 2), "Snack")
    x = so_far(kasse)
    assert x == so_far(kasse)
    assert closed(kasse) == x


def test_closings_together_cover_every_document_once(kasse):
    for _day in range(3):
        kasse.buy("Ada", "Mate")
        closed(kasse)
        kasse.wait(DAY_MS)
    found = list(closings.closings(kasse.books.journal.db))
    assert [figures.z_number for _, figures in found] == [3, 2, 1]
    covered = 0
    for document, figures in reversed(found):
        first, last = figures.from_document, figures.to_document
        assert (first.epoch, first.seq) == (1, covered + 1)
        assert figures.documents == last.seq - first.seq + 1
        assert document.prev_hash == last.hash
        covered = document.seq
    assert kasse.verify().documents == covered


def test_what_corrects_an_older_day_falls_into_the_running_one(kasse):
    sale = kasse.buy("Ada", ("Mate", 3))
    returned = kasse.bring_back("Ada", 1)
    topped_up = kasse.documents()[-3]
    closed(kasse)
    kasse.undo(sale, (1, 1), wallet=kasse.holder("Ada").wallet)
    kasse.book(orders.Reverse(returned.documents[0].ref))
    z = closed(kasse)
    assert topped_up.kind == "sale"
    [mate] = z.products
    assert (mate.quantity, mate.gross_cents) == (-1, -150)
    assert [(each.count, each.cents) for each in z.groups] == [(0, -165)]
    assert (z.deposit_charged_cents, z.deposit_returned_cents) == (-15, -15)
    assert (z.reversals, z.reversed_cents) == (2, 165 + 15)
    both = closings.closings(kasse.books.journal.db)
    total = sum(each.gross_cents for _, figures in both for each in figures.taxes)
    assert total == 2 * 165


def test_a_reversed_top_up_counts_against_its_means(kasse):
    done = kasse.office("top_up", member="Ada", cents=500)
    kasse.office("reverse", receipt=done["receipt_number"])
    [cash] = closed(kasse).top_ups
    assert (cash.means, cash.count, cash.cents) == ("cash", 2, 2000)


def test_a_purchase_that_was_taken_back_whole_leaves_nothing(kasse):
    kasse.undo(kasse.buy("Ada", ("Mate", 2)))
    z = closed(kasse)
    [mate] = z.products
    assert (mate.quantity, mate.gross_cents, mate.tax_cents) == (0, 0, 0)
    assert z.deposit_charged_cents == 0
    assert all(not each.gross_cents for each in z.taxes)


def test_nothing_is_closed_twice(empty_kasse):
    assert closed(empty_kasse).z_number == 1
    with pytest.raises(Refused, match="nothing was booked"):
        closed(empty_kasse)
    assert so_far(empty_kasse) is None
    empty_kasse.add_member("Ada", 100)
    assert closed(empty_kasse).z_number == 2


def test_a_closing_is_never_reversed(kasse):
    [document] = kasse.book(orders.Close()).documents
    with pytest.raises(Refused, match="never reversed"):
        kasse.book(orders.Reverse(document.ref))


def test_a_closing_does_not_change_when_names_do(kasse):
    kasse.add_guest("G", 500)
    kasse.buy("Ada", "Mate", "Snack")
    kasse.buy("G", "Mate")
    before = closed(kasse)
    kasse.office("product_set", product="Mate", changes={"name": "Cola"})
    kasse.office("group_set", group="guests", name="people")
    _, shown = next(closings.closings(kasse.books.journal.db))
    assert shown == before
    assert {each.name for each in shown.products} == {"Mate", "Snack"}


def test_later_costs_count_where_they_become_known(kasse):
    kasse.buy("Ada", ("Mate", 2))
    [mate] = closed(kasse).products
    assert (mate.quantity, mate.cost_cents) == (2, 0)
    goods = orders.DeliveredGoods(kasse.product("Mate").id, 20, Money(1599))
    kasse.book(orders.Deliver((goods,), "2026-11-20", paid_by="opening"))
    [mate] = closed(kasse).products
    assert (mate.name, mate.quantity, mate.cost_cents) == ("Mate", 0, 160)


def test_an_account_that_is_empty_keeps_its_number_in_the_cash_book(kasse):
    kasse.book(orders.CashMove("skim", Money(2000)))
    first = closed(kasse)
    [box] = first.cash
    assert (box.entries, box.expected_cents) == (2, 0)
    kasse.book(orders.CashCount())
    [box] = closed(kasse).cash
    assert (box.entries, box.opening_cents, box.counted_cents) == (3, 0, 0)


def test_what_nobody_knows_has_no_name(kasse):
    names = closings.Names(kasse.books.current())
    assert names.group("0000000000000000") == ""
    assert names.product("0000000000000000") == ("", "piece")


def test_a_closing_that_was_damaged_is_found_before_the_next(kasse):
    closed(kasse)
    db = kasse.books.journal.db
    db.execute("DROP TRIGGER document_is_never_changed")
    db.execute("UPDATE document SET content = replace(content, 'z_number\":1', 'z_number\":7')")
    with pytest.raises(Damaged):
        closed(kasse)
    db.execute("UPDATE document SET content = replace(content, 'z_number\":7', 'z_number\":1')")


def test_a_journal_that_cannot_be_read_is_not_closed(kasse):
    db = kasse.books.journal.db
    db.execute("PRAGMA legacy_alter_table = ON")
    db.execute("ALTER TABLE document RENAME TO gone")
    with pytest.raises(Damaged, match=r"journal\.db: ") as told:
        closed(kasse)
    assert told.value.code == "J-01"
    db.execute("ALTER TABLE gone RENAME TO document")


@pytest.mark.parametrize("table", ["member_group", "product"])
def test_names_that_cannot_be_read_are_not_the_journals_fault(kasse, table):
    kasse.deliver("Mate", 1, 80)
    kasse.buy("Ada", "Mate")
    names = closings.Names(kasse.books.current())
    kasse.books.current().execute(f"ALTER TABLE {table} RENAME TO gone")
    with pytest.raises(Damaged, match=r"stammdaten\.db: ") as told:
        closings.figures(kasse.books.journal.db, names)
    assert told.value.code == "S-01"
    kasse.books.current().execute(f"ALTER TABLE gone RENAME TO {table}")


def test_documents_of_a_newer_version_are_counted(kasse):
    kasse.post(Draft("invoice", {"v": 1}, (Posting("bank", 5), Posting("x", -5))))
    kinds = {each.kind: (each.count, each.cents) for each in closed(kasse).kinds}
    assert kinds["invoice"] == (1, 5)


def test_each_kind_goes_over_what_was_paid_whatever_the_goods_cost(kasse):
    kasse.deliver("Mate", 20, 1599)
    kasse.undo(kasse.buy("Ada", ("Mate", 2)), (1, 1))
    kinds = {each.kind: (each.count, each.cents) for each in closed(kasse).kinds}
    assert (kinds["delivery"], kinds["sale"], kinds["reversal"]) == ((1, 1599), (1, 330), (1, 165))


def by_kind(documents: list[Document]) -> Counter[str]:
    return Counter(document.kind for document in documents)


def test_every_document_is_counted_by_its_kind(kasse):
    kasse.buy("Ada", "Mate")
    counted = by_kind(kasse.documents())
    assert {each.kind: each.count for each in closed(kasse).kinds} == counted
