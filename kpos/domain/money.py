"""Money is integer cents; fractions of a cent exist only inside `portion`."""

from __future__ import annotations

from kpos.domain.values import dataclass

# One document can hold no more than this; a typed amount beyond it is a slipped finger or a
# barcode in the wrong field. Far below the 2**63 of SQLite's integers, whatever is summed.
CENTS_MAX = 99_999_999


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in cents, signed. There is no division and no float."""

    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            msg = f"money is integer cents, not {self.cents!r}"
            raise TypeError(msg)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __mul__(self, times: int) -> Money:
        return Money(self.cents * times)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        return self.text(".")

    def text(self, mark: str) -> str:
        """The amount with its decimal mark: ``,`` in German, ``.`` in English."""
        sign = "-" if self.cents < 0 else ""
        euros, cents = divmod(abs(self.cents), 100)
        return f"{sign}{euros}{mark}{cents:02}"

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``20``, ``20.00``, ``20,00`` or ``-0,15``; nothing else is an amount.

        Raises:
            ValueError: for anything else, a third decimal or more than `CENTS_MAX` included.
        """
        sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
        euros, mark, cents = digits.replace(",", ".", 1).partition(".")
        whole = euros.isascii() and euros.isdigit() and len(euros) <= len(str(CENTS_MAX))
        exact = not mark or (cents.isascii() and cents.isdigit() and len(cents) == 2)
        if not (whole and exact):
            msg = f"not an amount: {text[:20]!r} (write 20, 20.00 or 20,00)"
            raise ValueError(msg)
        value = int(euros) * 100 + int(cents or 0)
        if value > CENTS_MAX:
            msg = f"not an amount: {text[:20]!r} is more than {Money(CENTS_MAX)}"
            raise ValueError(msg)
        return cls(sign * value)


ZERO = Money(0)


def portion(total: int, part: int, whole: int) -> int:
    """The one rounding rule: `part`/`whole` of `total`, half up, 0 if `whole` is 0.

    Wherever a whole is cut, it is cut from what is left and then subtracted, so that the last
    cut takes the rest and no cent is lost. All three are non-negative integers.
    """
    if whole == 0:
        return 0
    return (2 * total * part + whole) // (2 * whole)


def sum_money(amounts: tuple[Money, ...]) -> Money:
    """The sum, `ZERO` for none."""
    return Money(sum(amount.cents for amount in amounts))
