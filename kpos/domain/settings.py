"""Settings that affect bookings: they live in the books as documents, not in kpos.toml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kpos.domain.barcode import Layout
from kpos.domain.lots import COST_FLOWS, CostFlow
from kpos.domain.money import Money
from kpos.domain.tax import DEFAULT_KEY, RATES_BP, TAX_KEYS
from kpos.domain.values import dataclass, fields, replace

_UNDO_MINUTES_MAX = 7 * 24 * 60
_RATE_BP_MAX = 5000
_STEP_MAX = Money(100)
# Keys 5 and 6 are what they are without a tax.
TAXED_KEYS = ("1", "2")


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
    # Whether all cash is the till's, or each trusted person's own until it is collected.
    cash_per: str = "till"
    # Name of the price group of anonymous cards.
    guest_group: str = "guests"
    # Patterns of in-store codes with a value inside, e.g. 28IIIIcWWWWWC; none: plain codes.
    in_store_layouts: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"
    # Prices by markup are rounded up to a multiple of this.
    price_step_cents: int = 5
    # What a wallet that several tills may debit can lose at one of them without the WaWi.
    offline_limit_cents: int = 2000
    # Rates that came, or will come, into force on a day: key, day, basis points. In order.
    tax_rates: tuple[str, ...] = ()

    def rate_bp(self, tax_key: str, day: str) -> int:
        """The rate of a tax key on a day (``2026-11-22``, in the till's zone), in basis points."""
        rate_bp = {"1": self.rate_1_bp, "2": self.rate_2_bp}.get(tax_key, 0)
        for key, since, changed_bp in map(split_rate, self.tax_rates):
            if key == tax_key and since <= day:
                rate_bp = changed_bp
        return rate_bp

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The in-store layouts, parsed."""
        return tuple(Layout.parse(pattern) for pattern in self.in_store_layouts)


def split_rate(rate: str) -> tuple[str, str, int]:
    """Tax key, first day and basis points of ``1:2027-01-01:2000``.

    Raises:
        ValueError: if it is none of that form.
    """
    key, _, rest = rate.partition(":")
    since, _, rate_bp = rest.partition(":")
    try:
        if key in TAXED_KEYS and str(date.fromisoformat(since)) == since:
            return key, since, _whole(0, _RATE_BP_MAX)(rate_bp)
    except ValueError as error:
        msg = f"{rate[:30]!r} is no rate: {error}"
        raise ValueError(msg) from error
    msg = f"{rate[:30]!r} is no rate (write 1:2027-01-01:2000, key 1 or 2)"
    raise ValueError(msg)


def with_rate(rates: tuple[str, ...], tax_key: str, since: str, rate_bp: int) -> tuple[str, ...]:
    """`rates` with one more, in the place of one of the same key and day.

    Raises:
        ValueError: if it cannot be one.
    """
    added = f"{tax_key}:{since}:{rate_bp}"
    split_rate(added)
    others = [rate for rate in rates if split_rate(rate)[:2] != (tax_key, since)]
    return tuple(sorted([*others, added]))


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


def _rates(text: str) -> tuple[str, ...]:
    rates: tuple[str, ...] = ()
    for rate in text.split():
        rates = with_rate(rates, *split_rate(rate))
    return rates


def _cents(text: str) -> int:
    amount = Money.parse(text)
    if amount.cents < 0:
        msg = "a limit is not negative"
        raise ValueError(msg)
    return amount.cents


def _step(text: str) -> int:
    step = Money.parse(text)
    if not Money(1) <= step <= _STEP_MAX:
        msg = f"a step is from {Money(1)} to {_STEP_MAX}"
        raise ValueError(msg)
    return step.cents


_PARSERS: dict[str, Callable[[str], str | int | tuple[str, ...]]] = {
    "default_tax_key": _one_of(*TAX_KEYS),
    "rate_1_bp": _whole(0, _RATE_BP_MAX),
    "rate_2_bp": _whole(0, _RATE_BP_MAX),
    "free_limit_cents": _cents,
    "undo_minutes": _whole(0, _UNDO_MINUTES_MAX),
    "deposit_return": _one_of("wallet", "house", "off"),
    "cost_flow": _one_of(*COST_FLOWS),
    "empty_stock": _one_of("allow", "refuse"),
    "cash_per": _one_of("till", "person"),
    "guest_group": _name,
    "in_store_layouts": _layouts,
    "zone": _name,
    "price_step_cents": _step,
    "offline_limit_cents": _cents,
    "tax_rates": _rates,
}
SETTING_KEYS = tuple(field.name for field in fields(Settings))
