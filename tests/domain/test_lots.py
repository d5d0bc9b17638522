"""Which goods leave next, held against shelves of single units."""

from hypothesis import given
from hypothesis import strategies as st

from kpos.domain.ids import Id
from kpos.domain.lots import COST_FLOWS, Lot, Shelf, Take, cost_of, give_back

costs = st.integers(0, 5000)
deliveries = st.lists(st.tuples(st.integers(1, 20), costs), min_size=1, max_size=5)
quantities = st.lists(st.integers(1, 30), min_size=1, max_size=8)


def shelf_of(delivered: list[tuple[int, int]], flow: str) -> Shelf:
    shelf = Shelf(flow=flow)  # type: ignore[arg-type]
    for place, (quantity, cents) in enumerate(delivered):
        lot = Lot(Id(f"{place:016x}"), (place, 0))
        shelf = shelf.moved(lot, quantity, cents)
    return shelf


def units_of(delivered: list[tuple[int, int]], *, newest_first: bool) -> list[str]:
    """One name of a lot for each unit on the shelf, the next one to leave first."""
    units = [
        f"{place:016x}" for place, (quantity, _) in enumerate(delivered) for _ in "x" * quantity
    ]
    return sorted(units, reverse=newest_first)


@given(deliveries, quantities, st.sampled_from(COST_FLOWS))
def test_units_leave_in_the_order_of_their_lots(delivered, wanted, flow):
    shelf = shelf_of(delivered, flow)
    units = units_of(delivered, newest_first=flow == "lifo")
    for quantity in wanted:
        takes, shelf = shelf.take(quantity)
        left = [str(take.lot) for take in takes if take.lot for _ in "x" * take.quantity]
        assert left == units[:quantity]
        del units[:quantity]
        assert sum(take.quantity for take in takes) == quantity
        assert all(take.cost_cents is not None for take in takes if take.lot is not None)
    assert sum(lot.quantity_left for lot in shelf.lots) == len(units)


@given(deliveries, quantities, st.sampled_from(COST_FLOWS))
def test_whatever_leaves_a_shelf_and_what_stays_cost_what_was_paid(delivered, wanted, flow):
    shelf = shelf_of(delivered, flow)
    paid = sum(cents for _, cents in delivered)
    gone = 0
    for quantity in wanted:
        takes, shelf = shelf.take(quantity)
        assert all(take.cost >= 0 for take in takes)
        gone += cost_of(takes)
    assert gone + shelf.pool[1] == paid
    if not shelf.lots:
        assert shelf.pool == (0, 0)
        assert gone == paid


@given(deliveries, st.data(), st.sampled_from(COST_FLOWS))
def test_parts_that_come_back_add_up_to_what_was_taken(delivered, data, flow):
    takes, shelf = shelf_of(delivered, flow).take(sum(quantity for quantity, _ in delivered) + 2)
    assert shelf.lots == ()
    back: list[Take] = []
    left = list(takes)
    while left:
        some = data.draw(st.integers(1, sum(take.quantity for take in left)))
        given_back = give_back(left, some)
        assert sum(take.quantity for take in given_back) == some
        back += given_back
        left = _without(left, given_back)
    assert cost_of(back) == cost_of(takes)
    assert sum(take.quantity for take in back if take.lot is None) == 2


def _without(takes: list[Take], back: tuple[Take, ...]) -> list[Take]:
    gone = {take.lot: take for take in back}
    rest = []
    for take in takes:
        quantity = take.quantity - (gone[take.lot].quantity if take.lot in gone else 0)
        cost = take.cost - (gone[take.lot].cost if take.lot in gone else 0)
        if quantity:
            rest.append(Take(take.lot, quantity, None if take.lot is None else cost))
    return rest


def test_of_what_was_never_in_a_lot_the_cost_is_not_known():
    takes, shelf = Shelf().take(3)
    assert (takes, shelf) == ((Take(None, 3, None),), Shelf())
    assert give_back(takes, 2) == (Take(None, 2, None),)
    assert cost_of(takes) == 0


def test_the_last_comes_back_first_to_its_own_lot():
    takes = (Take(Id("a"), 2, 100), Take(Id("b"), 1, 80))
    assert give_back(takes, 1) == (Take(Id("b"), 1, 80),)
    assert give_back(takes, 2) == (Take(Id("b"), 1, 80), Take(Id("a"), 1, 50))
