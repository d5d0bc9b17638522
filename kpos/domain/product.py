"""Products, and the offer one scan of a product makes to one buyer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.ids import Id
from kpos.domain.money import ZERO, Money, portion
from kpos.domain.values import dataclass

Unit: TypeAlias = Literal["piece", "kg"]
PriceFrom: TypeAlias = Literal["house", "condition", "personal", "label"]

UNITS: tuple[Unit, ...] = ("piece", "kg")
THOUSANDTHS = 1000
# Short numbers are typed with one hand; barcodes begin at six digits.
NUMBER_MAX = 99_999


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the master data. `price` is per piece or per kilogram, gross."""

    id: Id
    name: str
    price: Money
    deposit: Money = ZERO
    tax_key: str = "6"
    number: int | None = None
    unit: Unit = "piece"
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What a unit costs beside its price: deposit (``deposit``) or a levy (``levy:<id>``)."""

    account: str
    per_unit: Money
    tax_key: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a scan puts before the buyer: product, price, where the price came from, charges.

    `weight` is in thousandths of a kilogram when a scale's label named it, else None.
    """

    product: Product
    price: Money
    rate_bp: int
    charges: tuple[Charge, ...] = ()
    price_from: PriceFrom = "house"
    condition: Id | None = None
    weight: int | None = None

    def __hash__(self) -> int:
        """Offers are compared by all they say and found by their product: carts do it a lot."""
        return hash(self.product.id)

    def gross(self, quantity: int) -> Money:
        """Price of `quantity` (pieces, or thousandths of a kilogram), without charges."""
        if self.product.unit == "kg":
            return Money(portion(self.price.cents, quantity, THOUSANDTHS))
        return self.price * quantity

    def charged(self, quantity: int) -> Money:
        """Deposit and levies of `quantity`."""
        return Money(sum(charge.per_unit.cents for charge in self.charges) * quantity)


def house_offer(product: Product, rate_bp: int) -> Offer:
    """The offer everybody gets while no condition says otherwise."""
    charges: tuple[Charge, ...] = ()
    if product.deposit:
        charges = (Charge("deposit", product.deposit, product.tax_key, rate_bp),)
    return Offer(product, product.price, rate_bp, charges)
