"""The office costs what left at paired tills, which take no lots, by the till's own code."""

from __future__ import annotations

from collections.abc import Iterable

from kpos.domain.document import Draft
from kpos.domain.goods import costing
from kpos.domain.ids import Id
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.ledger.stock import Stockroom
from kpos.wawi.core.places import HousePlaces


def drafts(db: Database, moved: Iterable[tuple[str, str]]) -> list[Draft]:
    """Costings of what left, or came back, without a lot, of these (product, place)s.

    What came back goes to the lot that it was costed from meanwhile; then what is there covers
    what still waits, the oldest first.
    """
    by_place: dict[str, list[Id]] = {}
    for product, place in moved:
        by_place.setdefault(place, []).append(Id(product))
    flow = stammdaten.settings(db).cost_flow
    made: list[Draft] = []
    for place, products in by_place.items():
        room = Stockroom(db, HousePlaces(db), place, flow)
        back = [item for product in dict.fromkeys(products) for item in room.take_back(product)]
        made += [costing(items, place) for items in (back, room.cover(products)) if items]
    return made
