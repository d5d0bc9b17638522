"""Taking back: whatever parts, in whatever order, they add up to what was sold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.bodies import Line, Reversal, Sale, Units, read_reversal
from kpos.domain.cart import Cart
from kpos.domain.document import Document, Draft, Movement, Place, Posting, Ref, fault_of, seal
from kpos.domain.instant import Reading
from kpos.domain.orders import LinePart
from kpos.domain.postings import purchase, sale_of
from kpos.domain.undoing import part_of, parts_of, remaining, sale_reversal, whole_reversal
from kpos.domain.values import replace
from tests.domain.shelf import (
    ADA,
    CHEESE,
    HOUSE,
    MATE,
    MILK,
    NOW,
    brought_back,
    cart_of,
    carts,
    uncosted,
)


def booked(draft: Draft) -> Document:
    place = Place(HOUSE, Ref(1, 2), "K1-000001", Reading(NOW, "ok"), "0" * 64)
    return seal(draft, place, None)[0]


def sold(cart: Cart) -> tuple[Document, Sale]:
    draft, _ = purchase(cart, replace(ADA, history=True), uncosted(cart), HOUSE, Ref(1, 3))
    return booked(draft), sale_of(cart, ADA.group)


def add(sums: dict[str, int], postings: tuple[Posting, ...]) -> None:
    for posting in postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.cents


@given(carts, st.data())
def test_reversals_in_any_parts_and_order_add_up_to_the_sale_negated(cart, data):
    document, sale = sold(cart)
    sums: dict[str, int] = {}
    units: dict[int, int] = {}
    credited, moved = 0, 0
    add(sums, document.postings)
    reversals: list[Reversal] = []
    left = remaining(sale, reversals)
    while left:
        chosen = data.draw(st.permutations(left).map(lambda lines: lines[: len(lines) // 2 + 1]))
        wanted = [
            LinePart(line.line, data.draw(st.integers((line.quantity + 1) // 2, line.quantity)))
            for line in chosen
        ]
        parts = parts_of(left, wanted)
        assert parts is not None
        draft, cents, held = sale_reversal(document, parts, brought_back(parts), whole=False)
        assert fault_of(draft) is None
        add(sums, draft.postings)
        for each in held:
            units[each.cents_per_unit] = units.get(each.cents_per_unit, 0) + each.quantity
        credited += cents
        moved += sum(movement.quantity for movement in draft.movements)
        reversals.append(read_reversal(draft.body))
        left = remaining(sale, reversals)
    assert not any(sums.values())
    assert credited == sale.total_cents
    assert moved == sum(line.quantity for line in sale.lines)
    deposit = sum(line.quantity * c.cents_per_unit for line in sale.lines for c in line.charges
                  if c.account == "deposit")  # fmt: skip
    assert -sum(cents * quantity for cents, quantity in units.items()) == deposit


@given(carts)
def test_a_whole_reversal_says_no_lines_and_leaves_nothing(cart):
    document, sale = sold(cart)
    draft, cents, _ = sale_reversal(document, sale.lines, brought_back(sale.lines), whole=True)
    assert draft.body["lines"] == []
    assert cents == sale.total_cents
    assert {p.account: -p.cents for p in draft.postings} == {
        p.account: p.cents for p in document.postings
    }
    assert remaining(sale, [read_reversal(draft.body)]) == ()


@given(carts)
def test_a_reversal_names_nobody(cart):
    document, sale = sold(cart)
    draft, _, _ = sale_reversal(document, sale.lines, brought_back(sale.lines), whole=False)
    told = repr((draft.body, draft.postings, draft.author, draft.private))
    for secret in (ADA.wallet, ADA.name):
        assert secret not in told


@pytest.mark.parametrize(
    "wanted",
    [
        [LinePart(1, 4)],
        [LinePart(1, 0)],
        [LinePart(1, -1)],
        [LinePart(3, 1)],
        [LinePart(1, 1), LinePart(1, 1)],
    ],
)
def test_what_is_not_there_cannot_be_taken_back(wanted):
    lines = sale_of(cart_of((MATE, 3), (MILK, 1)), ADA.group).lines
    assert parts_of(lines, wanted) is None


def test_no_wish_is_all_that_is_left():
    lines = sale_of(cart_of((MATE, 3), (MILK, 1)), ADA.group).lines
    assert parts_of(lines, ()) == lines
    assert parts_of((), ()) == ()


@given(st.integers(1, 2999))
def test_a_part_of_a_weighed_line_and_its_rest_are_the_line(grams):
    [line] = sale_of(cart_of((CHEESE, 3000)), ADA.group).lines
    part = part_of(line, grams)
    document, sale = sold(cart_of((CHEESE, 3000)))
    draft, _, _ = sale_reversal(document, (part,), brought_back((part,)), whole=False)
    [rest] = remaining(sale, [read_reversal(draft.body)])
    assert cents_of(part) + cents_of(rest) == cents_of(line)
    assert part.quantity + rest.quantity == 3000


def cents_of(line: Line) -> int:
    return line.gross_cents + line.tax_cents


def test_one_of_three_bottles_takes_its_share_of_the_tax():
    """The shop's story: 04 sells three at 4.95, 06 takes one back."""
    document, sale = sold(cart_of((MATE, 3)))
    parts = parts_of(sale.lines, [LinePart(1, 1)])
    assert parts is not None
    draft, cents, units = sale_reversal(document, parts, brought_back(parts), whole=False)
    assert cents == 165
    assert units == (Units(15, -1),)
    assert {p.account: p.cents for p in draft.postings} == {
        "clearing": -165, "revenue:1": 126, "tax:1": 26, "deposit": 15, "deposit_tax": -2,
    }  # fmt: skip


def test_what_is_no_sale_is_negated_whole_with_its_costs_and_a_note_apart():
    delivery = booked(
        Draft(
            "delivery",
            {"v": 1},
            (Posting("inventory", 550), Posting("bank", -550)),
            (Movement("snack", "main", "L3", 10, 550), Movement("snack", "main", None, -4)),
        )
    )
    draft = whole_reversal(delivery, "uid:0", "wrong price")
    assert draft.postings == (Posting("inventory", -550), Posting("bank", 550))
    assert draft.movements == (
        Movement("snack", "main", "L3", -10, -550),
        Movement("snack", "main", None, 4),
    )
    assert draft.private == {"note": "wrong price"}
    assert whole_reversal(delivery, None).private is None
    unnumbered = whole_reversal(replace(delivery, receipt_number=None), None)
    assert unnumbered.body["original_receipt"] == ""
