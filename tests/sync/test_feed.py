"""What the feed changes at a till: rows, prices, stock, PINs, and names that go."""

from typing import Any

import pytest

from kpos.domain import orders
from kpos.domain.ids import Id
from kpos.domain.values import replace
from kpos.ledger import feed, goods, switching
from kpos.ledger.booking import book
from kpos.ledger.errors import Damaged, DiskFull
from kpos.ledger.good_copy import copy_stammdaten
from kpos.ledger.prices import prices_now
from tests.ledger.kasse import refusing
from tests.sync.tills import Till, pin_fields
from tests.sync.wawi import Wawi

COST: dict[str, Any] = {"cost_cents": 1600, "cost_quantity": 20}


# Rows


def test_a_group_that_is_gone_is_nobodys(cellar: Till, wawi: Wawi) -> None:
    wawi.put("group", "00000000000000e1", name="crew", markup_bp=0)
    cellar.sync()
    assert "crew" in str(cellar.tables(["member_group"]))
    wawi.put("group", "00000000000000e1", "gone")
    cellar.sync()
    assert "crew" not in str(cellar.tables(["member_group"]))


def test_stock_is_kept_of_what_the_wawi_keeps_it_of(cellar: Till) -> None:
    snack = cellar.product("Snack").id
    cellar.deliver("Snack", 20, 1600)
    assert goods.kept(cellar.books, snack) is None
    cellar.sync()
    assert goods.kept(cellar.books, snack) == 20


def test_what_is_gone_at_the_wawi_is_gone_here(cellar: Till, wawi: Wawi) -> None:
    wawi.put("stock", cellar.product("Snack").id, quantity=5, **COST)
    wawi.put("setting", "0000000000000077", key="undo_minutes", value=9)
    wawi.put("supplier", "0000000000000078", private={"name": "Quelle"})
    wawi.put("pin", "0000000000000079", **pin_fields("1234", 1))
    cellar.sync()
    assert cellar.books.settings.undo_minutes == 9
    for (entity, id_), _ in list(wawi.rows.items()):
        if entity != "group":
            wawi.put(entity, id_, "gone")
    wawi.put("hologram", "0000000000000077", "gone")
    wawi.put("hologram", "0000000000000076", shape="cube")
    cellar.sync()
    assert not cellar.engine.trouble
    assert cellar.products() == []
    assert cellar.books.settings.undo_minutes == 5
    tables = cellar.tables(["barcode", "member", "wallet", "card", "supplier", "setting"])
    assert not any(tables.values())
    assert cellar.books.pins.begin(Id("0000000000000079")) is None


def test_news_of_the_wawi_do_not_have_the_end_of_the_journal_checked_again(
    cellar: Till, wawi: Wawi
) -> None:
    """That is for the start: 50 documents would be hashed between two sales."""
    cellar.sync()
    asked: list[str] = []
    cellar.books.journal.db.set_trace_callback(asked.append)
    wawi.put("setting", "0000000000000077", key="undo_minutes", value=9)
    cellar.sync()
    cellar.books.journal.db.set_trace_callback(None)
    assert cellar.books.settings.undo_minutes == 9
    assert asked
    assert not [query for query in asked if "ORDER BY position DESC" in query]


@pytest.mark.parametrize(
    ("entity", "fields"),
    [
        ("product", {"name": "Limo"}),
        ("product", {"name": None, "price_cents": 1, "deposit_cents": 0, "tax_key": "5",
                     "number": None, "unit": "piece", "low_stock": None}),
        ("balance", {"cents": "much", "home": None}),
        ("balance", {"home": None}),
        ("stock", {"cost_cents": 1}),
        ("member", {"group": "x"}),
        ("pin", {"salt": "zz"}),
    ],
)  # fmt: skip
def test_a_row_of_another_form_changes_nothing(
    cellar: Till, wawi: Wawi, entity: str, fields: dict[str, Any]
) -> None:
    wawi.change("product", cellar.product("Snack").id, price_cents=120)
    wawi.put(entity, "00000000000000cc", **fields)
    before = cellar.tables()
    cellar.sync()
    assert "in a form of its own" in cellar.engine.trouble
    assert cellar.engine.failures == 1
    assert cellar.tables() == before
    cellar.buy("Ada", "Snack")
    wawi.put(entity, "00000000000000cc", "gone")
    cellar.sync()
    assert not cellar.engine.trouble
    assert cellar.credit("Ada").cents == 1900


def test_a_language_chosen_here_lasts_until_the_wawi_has_it(cellar: Till, wawi: Wawi) -> None:
    ada = cellar.holder("Ada")
    assert ada.member is not None
    wawi.is_stalled = True
    book(cellar.books, orders.SetLanguage(ada.member, "en"))
    wawi.change("member", ada.member, role="trusted")
    cellar.sync()
    member = cellar.tables(["member"])["member"]
    assert [(row[5], row[6]) for row in member] == [("member", "en")]
    wawi.is_stalled = False
    wawi.apply()
    cellar.sync()
    assert cellar.tables(["member"])["member"][0][6] == "en"


# Goods


def test_goods_leave_without_a_lot_and_cost_what_the_wawi_says(cellar: Till, wawi: Wawi) -> None:
    mate = cellar.product("Mate").id
    wawi.put("stock", mate, quantity=20, **COST)
    cellar.sync()
    cost = prices_now(cellar.books).cost(cellar.product("Mate"))
    assert cost is not None
    assert (cost.cents, cost.quantity) == (1600, 20)
    sold = cellar.buy("Ada", ("Mate", 2))
    assert [(each.lot, each.cost_cents) for each in sold.documents[0].movements] == [(None, None)]
    assert goods.kept(cellar.books, mate) == 18
    cellar.undo(sold)
    assert goods.kept(cellar.books, mate) == 20
    cellar.sync()
    assert goods.kept(cellar.books, mate) == 20
    assert "costing" not in cellar.kinds()


def test_what_the_wawi_keeps_no_stock_of_is_not_short(cellar: Till, wawi: Wawi) -> None:
    wawi.put("setting", "0000000000000077", key="empty_stock", value="refuse")
    wawi.put("stock", cellar.product("Mate").id, quantity=2)
    cellar.sync()
    assert prices_now(cellar.books).cost(cellar.product("Mate")) is None
    cellar.buy("Ada", "Snack")
    with refusing("stock", "not enough of Mate"):
        cellar.buy("Ada", ("Mate", 2), "Mate")
    cellar.buy("Ada", ("Mate", 2))


def test_goods_taken_in_here_are_there_at_once(cellar: Till, wawi: Wawi) -> None:
    mate = cellar.product("Mate").id
    wawi.put("stock", mate, quantity=1, **COST)
    cellar.sync()
    cellar.deliver("Mate", 20, 1600)
    assert goods.kept(cellar.books, mate) == 21
    wawi.is_stalled = True
    wawi.change("stock", mate, quantity=3)
    cellar.sync()
    assert goods.kept(cellar.books, mate) == 23
    assert cellar.verify().projections_compared


def test_what_was_booked_of_goods_is_taken_back_at_the_wawi(cellar: Till) -> None:
    delivered = cellar.deliver("Mate", 20, 1600)
    with refusing("paired", "taken back at the WaWi"):
        cellar.book(orders.Reverse(delivered.documents[0].ref))


@pytest.mark.parametrize(("cost", "worth"), [(COST, 240), ({}, 0)])
def test_what_a_count_finds_is_worth_what_the_next_one_costs(
    cellar: Till, wawi: Wawi, cost: dict[str, Any], worth: int
) -> None:
    mate = cellar.product("Mate").id
    wawi.put("stock", mate, quantity=2, **cost)
    cellar.sync()
    cellar.office("stocktake_count", lines=[{"product": "Mate", "counted": "5"}], counted_by="Ada")
    done = cellar.office("stocktake_approve", count=1, approved_by=None)
    assert done
    movement = cellar.documents()[-1].movements[0]
    assert (movement.quantity, movement.cost_cents) == (3, worth)


# What else may be wrong


def test_a_damaged_row_of_the_feed_is_replaced(cellar: Till) -> None:
    cellar.books.db.execute("UPDATE feed SET cursor = 'x'")
    assert cellar.sync() == []
    assert "S-03" in cellar.engine.trouble
    cellar.sync()
    assert not cellar.engine.trouble
    assert cellar.credit("Ada").cents == 2000


def test_verify_finds_a_balance_that_follows_from_nothing(cellar: Till) -> None:
    from kpos.ledger import sealed

    wallet = cellar.wallet("Ada")
    sealed.put(cellar.books.db, "balance", f"wallet:{wallet}", -999_999)
    with pytest.raises(Damaged, match="S-03"):
        cellar.verify()


@pytest.mark.parametrize("table", ["product", "wallet", "own_move"])
def test_verify_finds_a_row_of_the_feed_that_changed_by_itself(cellar: Till, table: str) -> None:
    cellar.buy("Ada", "Mate")
    cellar.books.db.execute(f"UPDATE {table} SET seal = seal + 1")
    with pytest.raises(Damaged, match=f"S-03.*{table}"):
        cellar.verify()


def test_a_full_disk_is_said_and_tried_again(
    cellar: Till, wawi: Wawi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        msg = "the disk is full"
        raise DiskFull(msg)

    wawi.post(cellar.wallet("Ada"), 100)
    monkeypatch.setattr(switching, "stage", full)
    cellar.sync()
    assert cellar.engine.trouble == "the disk is full"
    monkeypatch.undo()
    cellar.sync()
    assert cellar.credit("Ada").cents == 2100


def test_a_wallet_that_nobody_knows_is_nobodys_to_spend(cellar: Till) -> None:
    holder = replace(cellar.holder("Ada"), wallet=Id("00000000000000ff"))
    with refusing("offline", "nobody knows"):
        book(cellar.books, orders.Purchase(cellar.cart("Snack"), holder))
    assert feed.cost(cellar.books.current(), Id("00000000000000ff")) is None


def test_before_the_first_feed_goods_are_as_short_as_the_books_say(tmp_path) -> None:
    till = Till(tmp_path / "till")
    till.add_product("Snack", 100)
    till.add_member("Ada", 1000)
    till.office("setting_set", key="empty_stock", value="refuse")
    till.deliver("Snack", 2, 100)
    till.pair(Wawi())
    with refusing("stock", "not enough of Snack"):
        till.buy("Ada", ("Snack", 3))
    till.buy("Ada", ("Snack", 2))
    till.close()


# Homes, and the copy beside the file


def test_an_older_copy_gives_no_wallet_back_that_went_home_elsewhere(
    cellar: Till, roof: Till, wawi: Wawi, shared: str
) -> None:
    """Free as it was, it could be spent here up to the limit, and there to the last cent."""
    copy_stammdaten(cellar.folder)
    wawi.move_home(shared, roof.books.identity.till)
    cellar.sync()
    cellar.rebuild()
    with refusing("offline", "until the WaWi is reached"):
        cellar.buy("Ada", "Mate")
    cellar.sync()
    with refusing("offline", "kept for another till"):
        cellar.buy("Ada", "Mate")


def test_a_page_is_not_taken_while_the_older_copy_cannot_go(cellar: Till, wawi: Wawi) -> None:
    """Whoever asked for the next one would say that it knows."""
    wallet = cellar.wallet("Ada")
    cellar.folder.good_copy.mkdir()
    before = feed.taken(cellar.books.current())
    wawi.move_home(wallet, None)
    cellar.sync()
    assert "stammdaten.good.db cannot be removed" in cellar.engine.trouble
    assert feed.taken(cellar.books.current()) == before
    cellar.folder.good_copy.rmdir()
    cellar.sync()
    assert not cellar.engine.trouble
    assert feed.standing(cellar.books.current(), cellar.books.identity.till, wallet).home == "free"
