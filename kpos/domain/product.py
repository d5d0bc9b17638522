"""Products, and the offer one scan of a product makes to one buyer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from kpos.domain.ids import Id
from kpos.domain.money import ZERO, Money, portion
from kpos.domain.values import dataclass, replace

Unit: TypeAlias = Literal["piece", "kg"]
# A label is a scale's; none: nobody knows a price.
PriceFrom: TypeAlias = Literal["house", "condition", "personal", "label", "none"]

# The account of a charge that comes back with the empty.
DEPOSIT = "deposit"
UNITS: tuple[Unit, ...] = ("piece", "kg")
THOUSANDTHS = 1000
# Short numbers are typed with one hand; barcodes begin at six digits.
NUMBER_MAX = 99_999
# Pieces in a crate or on a pallet; more is a barcode in the wrong field.
PACK_MAX = 9_999
_DIGITS_MAX = 8


@dataclass(frozen=True, slots=True)
class Product:
    """One row of the master data. `price` is per piece or per kilogram, gross.

    Without a price of its own it has that of a condition.
    """

    id: Id
    name: str
    price: Money | None
    deposit: Money = ZERO
    tax_key: str = "6"
    number: int | None = None
    unit: Unit = "piece"
    # As much or less of it is little (thousandths of a kilogram where it is weighed).
    low_stock: int | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """A crate that a barcode stands for: how many pieces, and its deposit beside theirs."""

    size: int
    deposit: Money = ZERO


PIECE = Pack(1)


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A barcode that leads to a product, and what of it it stands for."""

    id: Id
    code: str
    product: Id
    pack: Pack = PIECE


@dataclass(frozen=True, slots=True)
class Charge:
    """What a unit costs beside its price: deposit (``deposit``) or a levy (``levy:<id>``)."""

    account: str
    per_unit: Money
    tax_key: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Tier:
    """What a unit costs from `min_quantity` on (pieces, or whole kilograms), and whence."""

    min_quantity: int
    price: Money
    charges: tuple[Charge, ...]
    price_from: PriceFrom
    condition: Id | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a scan puts before the buyer: product, price, where the price came from, charges.

    `weight` is in thousandths of a kilogram when a scale's label named it, else None. `tiers` are
    the prices by quantity, from 1 on; empty where there is but one.
    """

    product: Product
    price: Money
    rate_bp: int
    charges: tuple[Charge, ...] = ()
    price_from: PriceFrom = "house"
    condition: Id | None = None
    weight: int | None = None
    tiers: tuple[Tier, ...] = ()

    def __hash__(self) -> int:
        """Offers are compared by all they say and found by their product: carts do it a lot."""
        return hash(self.product.id)

    @property
    def is_priced(self) -> bool:
        """Whether it can be sold."""
        return self.price_from != "none"

    def at(self, quantity: int) -> Offer:
        """The offer as it is for whoever takes `quantity` of the product in all."""
        reached = quantity // THOUSANDTHS if self.product.unit == "kg" else quantity
        offer = self
        for tier in self.tiers:
            if tier.min_quantity <= max(reached, 1):
                offer = self._of(tier)
        return offer

    def _of(self, tier: Tier) -> Offer:
        return replace(
            self,
            price=tier.price,
            charges=tier.charges,
            price_from=tier.price_from,
            condition=tier.condition,
        )

    @property
    def tax_keys(self) -> frozenset[str]:
        """Those of the goods and of all charges."""
        return frozenset((self.product.tax_key, *(charge.tax_key for charge in self.charges)))

    def has_rates(self, rates: Mapping[str, int]) -> bool:
        """Whether the offer was made at these rates, by tax key."""
        charged = all(charge.rate_bp == rates[charge.tax_key] for charge in self.charges)
        return charged and self.rate_bp == rates[self.product.tax_key]

    def taxed(self, rates: Mapping[str, int]) -> Offer:
        """The same offer, gross as it was, at other rates."""
        charges = tuple(replace(each, rate_bp=rates[each.tax_key]) for each in self.charges)
        return replace(self, rate_bp=rates[self.product.tax_key], charges=charges, tiers=())

    def gross(self, quantity: int) -> Money:
        """Price of `quantity` (pieces, or thousandths of a kilogram), without charges."""
        if self.product.unit == "kg":
            return Money(portion(self.price.cents, quantity, THOUSANDTHS))
        return self.price * quantity

    def charged(self, quantity: int) -> Money:
        """Deposit and levies of `quantity`."""
        return Money(sum([charge.per_unit.cents for charge in self.charges]) * quantity)


def parse_quantity(text: str, unit: Unit) -> int:
    """Read pieces (``24``), or kilograms (``2.5`` or ``2,5``) as thousandths.

    Raises:
        ValueError: for anything else.
    """
    whole, mark, part = text.strip().replace(",", ".", 1).partition(".")
    decimals = len(str(THOUSANDTHS)) - 1 if unit == "kg" else 0
    exact = not mark or (part.isascii() and part.isdigit() and len(part) <= decimals)
    if not (whole.isascii() and whole.isdigit() and len(whole) <= _DIGITS_MAX and exact):
        example = "2.5 for 2.5 kg" if unit == "kg" else "whole pieces, as 24"
        msg = f"not a quantity: {text[:20]!r} (write {example})"
        raise ValueError(msg)
    if unit == "piece":
        return int(whole)
    return int(whole) * THOUSANDTHS + int(part.ljust(decimals, "0") or 0)


def quantity_text(quantity: int, unit: Unit) -> str:
    """A quantity as a person writes it: pieces, or kilograms with their decimals."""
    if unit == "piece":
        return str(quantity)
    sign = "-" if quantity < 0 else ""
    whole, part = divmod(abs(quantity), THOUSANDTHS)
    return f"{sign}{whole}.{part:03}"


def house_offer(product: Product, rate_bp: int) -> Offer:
    """The offer everybody gets while no condition says otherwise: for the product's own price."""
    charges: tuple[Charge, ...] = ()
    if product.deposit:
        charges = (Charge(DEPOSIT, product.deposit, product.tax_key, rate_bp),)
    if product.price is None:
        return Offer(product, ZERO, rate_bp, charges, "none")
    return Offer(product, product.price, rate_bp, charges)
