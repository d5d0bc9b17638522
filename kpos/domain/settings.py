"""Settings that affect bookings: they live in the books as documents, not in kpos.toml."""

from __future__ import annotations

from collections.abc import Callable

from kpos.domain.barcode import Layout
from kpos.domain.lots import COST_FLOWS, CostFlow
from kpos.domain.money import Money
from kpos.domain.tax import DEFAULT_KEY, RATES_BP, TAX_KEYS
from kpos.domain.values import dataclass, fields, replace

_UNDO_MINUTES_MAX = 7 * 24 * 60
_RATE_BP_MAX = 5000


@dataclass(frozen=True, slots=True)
class Settings:
    """What `kpos setting` shows and sets; each default is what a small club would choose."""

    # Taxed as an exempt small business (Kleinunternehmer) until somebody says otherwise.
    default_tax_key: str = DEFAULT_KEY
    rate_1_bp: int = RATES_BP["1"]
    rate_2_bp: int = RATES_BP["2"]
    # Purchases above this ask the PIN of a buyer who has one.
    free_limit_cents: int = 2000
    undo_minutes: int = 5
    # How many empties one may bring: what this wallet holds, what the house sold, any number.
    deposit_return: str = "wallet"
    # Which lot the next unit comes from: the oldest, the newest, or all at their average cost.
    cost_flow: CostFlow = "fifo"
    # What is not in stock: sold with a mark, and costed when its delivery is booked; or refused.
    empty_stock: str = "allow"
    # Name of the price group of anonymous cards.
    guest_group: str = "guests"
    # Patterns of in-store codes with a value inside, e.g. 28IIIIcWWWWWC; none: plain codes.
    in_store_layouts: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"

    def rate_bp(self, tax_key: str) -> int:
        """The rate of a tax key now, in basis points."""
        return {"1": self.rate_1_bp, "2": self.rate_2_bp}.get(tax_key, 0)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The in-store layouts, parsed."""
        return tuple(Layout.parse(pattern) for pattern in self.in_store_layouts)


def parse_setting(key: str, text: str) -> str | int | tuple[str, ...]:
    """The value a person typed for a setting.

    Raises:
        ValueError: if there is no such setting or the value is out of range, and says which
            values there are.
    """
    parser = _PARSERS.get(key)
    if parser is None:
        msg = f"no setting {key!r}; there are {', '.join(SETTING_KEYS)}"
        raise ValueError(msg)
    return parser(text)


def with_setting(settings: Settings, key: str, value: str | int | list[str]) -> Settings:
    """`settings` with one value changed; a key of a newer version is passed over."""
    if key not in SETTING_KEYS:
        return settings
    stored = tuple(value) if isinstance(value, list) else value
    changed: Settings = replace(settings, **{key: stored})  # type: ignore[arg-type]
    return changed


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            msg = f"{text[:20]!r} is not a whole number from {low} to {high}"
            raise ValueError(msg)
        return int(text)

    return parse


def _one_of(*values: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in values:
            msg = f"{text[:20]!r} is none of {', '.join(values)}"
            raise ValueError(msg)
        return text

    return parse


def _name(text: str) -> str:
    if not text.strip():
        msg = "a name is needed"
        raise ValueError(msg)
    return text


def _layouts(text: str) -> tuple[str, ...]:
    patterns = tuple(text.split())
    for pattern in patterns:
        Layout.parse(pattern)
    return patterns


def _cents(text: str) -> int:
    amount = Money.parse(text)
    if amount.cents < 0:
        msg = "a limit is not negative"
        raise ValueError(msg)
    return amount.cents


_PARSERS: dict[str, Callable[[str], str | int | tuple[str, ...]]] = {
    "default_tax_key": _one_of(*TAX_KEYS),
    "rate_1_bp": _whole(0, _RATE_BP_MAX),
    "rate_2_bp": _whole(0, _RATE_BP_MAX),
    "free_limit_cents": _cents,
    "undo_minutes": _whole(0, _UNDO_MINUTES_MAX),
    "deposit_return": _one_of("wallet", "house", "off"),
    "cost_flow": _one_of(*COST_FLOWS),
    "empty_stock": _one_of("allow", "refuse"),
    "guest_group": _name,
    "in_store_layouts": _layouts,
    "zone": _name,
}
SETTING_KEYS = tuple(field.name for field in fields(Settings))
