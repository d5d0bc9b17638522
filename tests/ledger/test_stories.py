"""The club and the shop: what is sold, delivered and counted gives the bookings that are told."""

import pytest

from kpos.domain.document import receipt_number
from kpos.ledger.reading import position_of
from tests.ledger import story
from tests.ledger.kasse import Kasse
from tests.ledger.told_evening import Evening


@pytest.fixture
def club(empty_kasse: Kasse) -> Evening:
    told = story.read("club")
    evening = Evening(empty_kasse, told, ("6", 0))
    empty_kasse.add_product("mate", 150, deposit_cents=15)
    empty_kasse.add_product("snack", 100)
    for name in ("ada", "linus"):
        evening.wallets[name] = empty_kasse.add_member(name, history=name == "linus").wallet
    for name in ("g1", "g2"):
        evening.wallets[name] = empty_kasse.add_guest(name).wallet
    evening.play(told)
    return evening


@pytest.fixture
def shop(empty_kasse: Kasse) -> Evening:
    told = story.read("shop")
    evening = Evening(empty_kasse, told, ("1", 1900))
    empty_kasse.add_product("mate", 150, deposit_cents=15, tax_key="1")
    empty_kasse.add_product("milk", 119, tax_key="2")
    evening.wallets["ada"] = empty_kasse.add_member("ada").wallet
    evening.play(told)
    return evening


@pytest.fixture(params=["club", "shop"])
def evening(request: pytest.FixtureRequest) -> tuple[Evening, story.Story]:
    evening: Evening = request.getfixturevalue(request.param)
    return evening, story.read(request.param)


def test_every_booking_is_to_the_cent_as_it_is_told(evening):
    played, told = evening
    for line in told.told:
        document = played.booked[line.line]
        assert document.kind == line.kind
        postings = {(posting.account, posting.cents) for posting in line.postings}
        assert played.postings_of(document) == postings, line.line


def test_the_same_goods_move_between_the_same_lots(evening):
    played, told = evening
    for line in told.told:
        assert played.movements_of(played.booked[line.line]) == list(line.movements), line.line


def test_every_document_has_the_number_that_is_told(evening):
    played, told = evening
    for line in told.told:
        prefix, _, number = (line.number or "").partition("-")
        expected = receipt_number(prefix, int(number)) if line.number else None
        assert played.booked[line.line].receipt_number == expected


def test_the_story_ends_with_its_balances(evening):
    played, told = evening
    assert played.ends_with() == told.balances


def test_after_the_story_the_books_verify_and_rebuild_to_the_same(evening):
    played, told = evening
    before = played.kasse.tables()
    verified = played.kasse.verify()
    assert verified.projections_compared
    assert verified.receipts == sum(1 for line in told.told if line.number)
    played.kasse.rebuild()
    assert played.kasse.tables() == before
    assert played.ends_with() == told.balances


def test_no_booking_of_the_story_breaks_a_rule_of_the_books(evening):
    played, told = evening
    cash = 0
    for line in told.told:
        document = played.booked[line.line]
        accounts = {posting.account: posting.cents for posting in document.postings}
        assert sum(accounts.values()) == 0
        assert len(accounts) == len(document.postings)
        assert 0 not in accounts.values()
        costs = sum(movement.cost_cents or 0 for movement in document.movements)
        assert accounts.get("inventory", 0) == costs
        cash += accounts.get("cash:K1", 0)
        assert cash >= 0
        deposit = accounts.get("deposit", 0)
        assert deposit == sum(cents * quantity for cents, quantity in line.house)


def test_lots_empty_to_nothing_and_stock_is_lots_and_what_is_open(evening):
    played, _ = evening
    db = played.kasse.books.current()
    lots = db.execute("SELECT quantity_left, cost_left FROM lot").fetchall()
    assert all(quantity > 0 or (quantity, cents) == (0, 0) for quantity, cents in lots)
    stock = db.execute("SELECT quantity, cost_cents, open_quantity FROM stock").fetchall()
    assert all(open_quantity <= 0 for _, _, open_quantity in stock)
    assert sum(quantity for quantity, _ in lots) == sum(quantity for quantity, _, _ in stock)
    assert sum(cents for _, cents in lots) == sum(cents for _, cents, _ in stock)
    assert sum(cents for _, cents in lots) == played.kasse.balance("inventory")


def test_what_was_reversed_is_known_by_its_original(evening):
    played, told = evening
    expected = sorted(
        (
            position_of(played.booked[line.original or ""].ref),
            position_of(played.booked[line.line].ref),
        )
        for line in told.told
        if line.kind == "reversal"
    )
    reversed_ = played.kasse.tables(["reversed"])["reversed"]
    assert [row[:2] for row in reversed_] == expected


def test_the_shop_freezes_the_shares_of_tax_that_are_told(shop):
    [mate, milk] = shop.booked["04"].body["lines"]
    assert (mate["gross_cents"], mate["tax_cents"]) == (450, 72)
    assert [charge["tax_cents"] for charge in mate["charges"]] == [7]
    assert (milk["gross_cents"], milk["tax_cents"]) == (119, 8)


def test_only_the_private_part_tells_that_linus_keeps_a_history(club):
    private = club.kasse.books.journal.private_part
    positions = {line: position_of(document.ref) for line, document in club.booked.items()}
    assert private(positions["07"]) is None
    part = private(positions["09"])
    assert part is not None
    assert part["wallet"] == club.wallets["linus"]
    assert club.booked["07"].body.keys() == club.booked["09"].body.keys()
