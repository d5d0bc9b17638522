"""Goods of tills that joined with some: they keep a place of their own beside the branch's."""

from kpos.domain import orders
from kpos.ledger import goods
from kpos.ledger.joining import Assigned, pair, unpair
from kpos.ledger.pairing import Pairing
from tests.wawi.core.haus import OFFICE, Haus
from tests.wawi.core.whole import WholeTill


def attic_till(haus: Haus) -> WholeTill:
    """A till of its own: 20.00 of Ada's, and two teas that cost 1.00."""
    attic = WholeTill(haus.folder / "attic", haus.clock.now())
    attic.add_product("Tea", 100)
    attic.add_member("Ada", 2000)
    attic.deliver("Tea", 2, 100)
    return attic


def test_what_comes_back_goes_to_the_place_it_left_and_is_sold_from_there(haus: Haus):
    """The third tea was sold before it was delivered: it is one of those that come back."""
    haus.add_till()
    attic = attic_till(haus)
    bought = attic.buy("Ada", ("Tea", 2))
    attic.buy("Ada", "Tea")
    own = attic.books.identity.place
    attic.join(haus)
    assert attic.books.identity.place != own
    assert haus.stock("Tea") == (0, 0, -1)
    reversal = attic.undo(bought).documents[0]
    assert {each.place for each in reversal.movements} == {own}
    attic.talk()
    assert haus.stock("Tea") == (1, 50, 0)
    assert goods.kept(attic.books, attic.product("Tea").id) == 1
    haus.is_sound()
    assert attic.verify().projections_compared
    attic.close()


def test_the_office_takes_back_what_was_delivered_to_another_branch(haus: Haus):
    """Whichever branch the office stands for when it does."""
    haus.add_till()
    roof = WholeTill.of_house(haus, "roof", "Dach")
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    line = {"product": "Mate", "quantity": "5", "cost": "=4.00"}
    receipt = haus.office("delivery_add", "Dach", lines=[line], paid_by="bank")["receipt_number"]
    roof.talk()
    roof.buy("Ada", ("Mate", 2))
    roof.talk()
    assert haus.stock("Mate", "Dach") == (3, 240, 0)
    haus.office("reverse", "Keller", receipt=receipt)
    assert haus.stock("Mate", "Dach") == (0, 0, -2)
    assert haus.stock("Mate", "Keller") == (0, 0, 0)
    assert haus.balance("inventory") == 0
    haus.is_sound()
    roof.close()


def moved_and_alone(haus: Haus, attic: WholeTill) -> None:
    """It joined at another place, and left again before it ever reached the WaWi."""
    own = attic.books.identity
    elsewhere = Assigned(own.till, haus.branch("Dach").place, own.prefix)
    pair(attic.books, Pairing("https://wawi", "a token", "Dach"), elsewhere, OFFICE)
    unpair(attic.books, OFFICE, "the WaWi was never reached")


def test_a_till_that_moved_and_is_its_own_again_takes_back_what_came_before(haus: Haus):
    attic = attic_till(haus)
    delivery = next(each for each in attic.documents() if each.kind == "delivery")
    bought = attic.buy("Ada", ("Tea", 2))
    own = attic.books.identity
    moved_and_alone(haus, attic)
    attic.undo(bought)
    attic.buy("Ada", "Tea")
    attic.book(orders.Reverse(delivery.ref))
    [gone] = attic.documents()[-1].movements
    assert (gone.place, gone.quantity) == (own.place, -2)
    assert attic.balance("inventory") == 0
    assert attic.verify().projections_compared
    attic.close()


def test_a_count_from_before_it_moved_is_of_the_goods_that_were_counted(haus: Haus):
    attic = attic_till(haus)
    count = {"line": 1, "name": "Tea", "counted": "1"}
    number = attic.office("stocktake_count", lines=[count])["count"]
    moved_and_alone(haus, attic)
    attic.office("stocktake_approve", count=number, approved_by="Ada")
    assert attic.balance("writeoff:stocktake") == attic.balance("inventory") == 50
    assert attic.verify().projections_compared
    attic.close()
