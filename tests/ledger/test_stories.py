"""The club and the shop: each booking of the stories, through the ledger, to the end balances."""

from collections.abc import Iterable

import pytest

from kpos.domain.document import Document, Draft, receipt_number
from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.ledger.birth import write_identity
from kpos.ledger.reading import position_of
from tests.ledger import story
from tests.ledger.kasse import Kasse
from tests.ledger.story import BOTTLE_CENTS, Told


@pytest.fixture(params=["club", "shop"])
def told(request: pytest.FixtureRequest) -> story.Story:
    return story.read(request.param)


@pytest.fixture
def kasse(empty_kasse: Kasse, told: story.Story) -> Kasse:
    """The till of the story: K1 in the club, K2 in the shop."""
    name_it_after(empty_kasse, told)
    return empty_kasse


def name_it_after(kasse: Kasse, told: story.Story) -> None:
    prefix = (told.told[0].number or "").partition("-")[0]
    identity = replace(
        kasse.books.identity, prefix=prefix, cash_prefix=prefix, place=Id(story.PLACE)
    )
    with kasse.books.journal.transaction():
        write_identity(kasse.books.journal, identity)


def body_of(line: Told, booked: dict[str, Document]) -> dict[str, object]:
    """The least that a body of this kind says, so that units and originals are known."""
    units = [{"cents_per_unit": cents, "quantity": quantity} for cents, quantity in line.house]
    sold = [
        {"quantity": abs(unit["quantity"]), "charges": [{"account": "deposit", **unit}]}
        for unit in units
    ]
    if line.kind == "debit":
        assert line.wallet is not None
        wallet, quantity = line.wallet
        return {
            "wallet": wallet,
            "units": [{"cents_per_unit": BOTTLE_CENTS, "quantity": quantity}],
        }
    if line.kind == "reversal":
        original = booked[line.original or ""].ref
        return {
            "original": {"epoch": original.epoch, "seq": original.seq},
            "original_receipt": booked[line.original or ""].receipt_number,
            "lines": sold,
        }
    bodies: dict[str, dict[str, object]] = {
        "sale": {"lines": sold},
        "closing": {"z_number": 1},
        "deposit_return": {"wallet": line.wallet[0] if line.wallet else None, "units": units},
    }
    return bodies.get(line.kind, {"units": units})


def in_transactions(lines: Iterable[Told]) -> list[list[Told]]:
    """A debit stands in the transaction of the sale or reversal before it."""
    groups: list[list[Told]] = []
    for line in lines:
        if line.kind == "debit":
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def replay(kasse: Kasse, told: story.Story) -> dict[str, Document]:
    booked: dict[str, Document] = {}
    for lines in in_transactions(told.told):
        drafts = [
            Draft(line.kind, body_of(line, booked), line.postings, line.movements) for line in lines
        ]
        for line, document in zip(lines, kasse.post(*drafts), strict=True):
            booked[line.line] = document
        assert kasse.balance("clearing") == 0
    return booked


def test_the_story_ends_with_its_balances(kasse, told):
    replay(kasse, told)
    assert story.ends_with(kasse.books) == told.balances


def test_every_document_has_the_number_that_is_told(kasse, told):
    booked = replay(kasse, told)
    for line in told.told:
        prefix, _, number = (line.number or "").partition("-")
        expected = receipt_number(prefix, int(number)) if line.number else None
        assert booked[line.line].receipt_number == expected


def test_after_the_story_the_books_verify_and_rebuild_to_the_same(kasse, told):
    replay(kasse, told)
    verified = kasse.verify()
    assert verified.projections_compared
    assert verified.receipts == sum(1 for line in told.told if line.number)

    before = kasse.tables()
    kasse.rebuild()
    assert kasse.tables() == before
    assert story.ends_with(kasse.books) == told.balances


def test_no_booking_of_the_story_breaks_a_rule_of_the_books(kasse, told):
    cash = 0
    for document in replay(kasse, told).values():
        accounts = {posting.account: posting.cents for posting in document.postings}
        assert sum(accounts.values()) == 0
        assert len(accounts) == len(document.postings)
        assert 0 not in accounts.values()
        costs = sum(movement.cost_cents or 0 for movement in document.movements)
        assert accounts.get("inventory", 0) == costs
        cash += accounts.get("cash:K1", 0)
        assert cash >= 0
    for line in told.told:
        deposit = sum(p.cents for p in line.postings if p.account == "deposit")
        assert deposit == sum(cents * quantity for cents, quantity in line.house)


def test_lots_empty_to_nothing_and_stock_is_lots_and_what_is_open(kasse, told):
    replay(kasse, told)
    db = kasse.books.current()
    lots = db.execute("SELECT quantity, cost_cents FROM stock WHERE lot <> ''").fetchall()
    assert all(quantity > 0 or (quantity, cents) == (0, 0) for quantity, cents in lots)
    open_quantities = db.execute("SELECT quantity FROM stock WHERE lot = ''").fetchall()
    assert all(quantity <= 0 for (quantity,) in open_quantities)
    assert sum(cents for _, cents in lots) == kasse.balance("inventory")


def test_what_was_reversed_is_known_by_its_original(kasse, told):
    booked = replay(kasse, told)
    expected = sorted(
        (position_of(booked[line.original or ""].ref), position_of(booked[line.line].ref))
        for line in told.told
        if line.kind == "reversal"
    )
    assert [row[:2] for row in kasse.tables(["reversed"])["reversed"]] == expected
