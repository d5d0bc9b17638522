"""What a product costs whom, at one place and time: conditions, costs and rates looked up.

Nothing is worked out beforehand. A scan reads the few conditions that concern its product and its
buyer, and the lot that the next unit comes from; whatever changes one of them has changed the
price of the next scan, of that product alone.
"""

from __future__ import annotations

from kpos.domain import pricing
from kpos.domain.cart import Cart, Entry
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.pricing import Cost, Judged, Request
from kpos.domain.product import Offer, Product
from kpos.domain.settings import Settings
from kpos.domain.values import dataclass, replace
from kpos.ledger import conditions, stammdaten
from kpos.ledger.database import Database
from kpos.ledger.localday import rate_bp
from kpos.ledger.seam import Books
from kpos.ledger.stock import next_cost


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices as they are at one place and time; `at` is a believed time.

    `fed`: what goods cost is said by a WaWi, not by lots of the till's own.
    """

    db: Database
    settings: Settings
    place: str
    at: Instant
    fed: bool = False

    def offer(self, product: Product, group: Id | None, member: Id | None = None) -> Offer:
        """What a scan offers to somebody of this group."""
        found = conditions.applicable(self.db, product.id, group, member, self.at)
        return pricing.offer(found, self._request(product, group, member))

    def house_offer(self, product: Product) -> Offer:
        """What members pay: for whoever did not say yet who they are."""
        return self.offer(product, _group(self.db, stammdaten.MEMBERS))

    def guest_offer(self, product: Product) -> Offer | None:
        """What guests pay; None where there are none, or nothing they could pay."""
        group = _group(self.db, self.settings.guest_group)
        offer = self.offer(product, group) if group is not None else None
        return offer if offer is not None and offer.is_priced else None

    def explain(
        self, product: Product, group: Id | None, member: Id | None, quantity: int
    ) -> tuple[Judged, ...]:
        """Which condition applies and why, the winner first; those that are over, too."""
        found = conditions.applicable(self.db, product.id, group, member, None)
        return pricing.explain(found, self._request(product, group, member), quantity)

    def cost(self, product: Product) -> Cost | None:
        """What the next unit of a product comes from; None if it never was delivered."""
        if self.fed:
            from kpos.ledger import feed  # a till of its own need not know how

            given = feed.cost(self.db, product.id)
            return Cost(*given) if given is not None else None
        found = next_cost(self.db, product.id, self.place, self.settings.cost_flow)
        return Cost(*found) if found is not None else None

    def repriced(self, cart: Cart, group: Id, member: Id | None) -> tuple[Cart, str]:
        """A cart with somebody's prices, and the name of a product that has none for them.

        What a scale's label says stays; what has no price is left out.
        """
        priced, lost = Cart((), cart.began_at), ""
        for entry in cart.entries:
            offer = entry.offer
            if offer.price_from != "label":
                weight = offer.weight
                offer = replace(self.offer(offer.product, group, member), weight=weight)
            if offer.is_priced:
                priced = priced.plus(Entry(offer, entry.quantity))
            else:
                lost = offer.product.name
        return priced, lost

    def _request(self, product: Product, group: Id | None, member: Id | None) -> Request:
        return Request(
            product=product,
            at=self.at,
            group=group,
            member=member,
            cost=self.cost(product),
            step_cents=self.settings.price_step_cents,
            rate_bp=rate_bp(self.settings, product.tax_key, self.at),
        )


def prices_now(books: Books) -> Prices:
    """Prices as they are now."""
    return prices_at(books, books.believed_now())


def prices_at(books: Books, at: Instant) -> Prices:
    """Prices as they are, or were, at a time: with the conditions and costs of now."""
    fed = books.journal.is_fed
    return Prices(books.current(), books.settings, books.identity.place, at, fed)


def _group(db: Database, name: str) -> Id | None:
    group = stammdaten.group_of_name(db, name)
    return group.id if group is not None and not group.retired else None
