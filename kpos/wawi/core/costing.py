"""The office costs what left at paired tills, which take no lots, by the till's own code."""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import Draft
from kpos.domain.goods import costing
from kpos.domain.ids import Id
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.ledger.stock import Stockroom
from kpos.wawi.core.places import HousePlaces


def drafts(db: Database, place: str, products: Mapping[Id, bool]) -> list[Draft]:
    """Costings of what left, or came back, without a lot at a place.

    `products`: whether some of each came back. That goes to the lot that it was costed from
    meanwhile; then what is there covers what still waits, the oldest first.
    """
    room = Stockroom(db, HousePlaces(db), place, stammdaten.settings(db).cost_flow)
    returned = [product for product, came_back in products.items() if came_back]
    back = [item for product in returned for item in room.take_back(product)]
    return [costing(items, place) for items in (back, room.cover(products)) if items]
