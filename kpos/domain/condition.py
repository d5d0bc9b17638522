"""Conditions (Kondition): who pays what for which product, from when to when, from how many on.

A condition names a member, or a price group, or nobody; a product, or none. It fixes a price, or
sets it by a markup on what the next unit cost. Which of them applies is `pricing`'s to know.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import CENTS_MAX, ZERO, Money
from kpos.domain.values import dataclass

Kind: TypeAlias = Literal["fixed", "markup"]
Scope: TypeAlias = Literal["member+product", "member", "group+product", "product", "group", "house"]

KINDS: tuple[Kind, ...] = ("fixed", "markup")
# In the order of precedence: the first that has one that applies decides.
SCOPES: tuple[Scope, ...] = (
    "member+product", "member", "group+product", "product", "group", "house"
)  # fmt: skip

# From giving it away to eleven times its cost; more is a slipped finger.
MARKUP_BP_MIN, MARKUP_BP_MAX = -10_000, 100_000
# More pieces than a cart holds (100 scans of 99) are never reached.
QUANTITY_MAX = 9_900
COMMENT_LENGTH_MAX = 200
_LEVY_NAME_LENGTH_MAX = 30
_LEVY_NAME = "abcdefghijklmnopqrstuvwxyz0123456789-"


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the master data. `value` is cents, or basis points on cost, as `kind` says.

    It applies from `start` until just before `end`, to whoever takes at least `min_quantity`
    (pieces, or whole kilograms) of a product; the levy comes on top, per piece, and is booked to
    the account ``levy:<levy_for>``.
    """

    id: Id
    kind: Kind
    value: int
    member: Id | None = None
    group: Id | None = None
    product: Id | None = None
    min_quantity: int = 1
    levy: Money = ZERO
    levy_for: str = ""
    start: Instant | None = None
    end: Instant | None = None
    comment: str = ""
    retired: bool = False

    @property
    def scope(self) -> Scope:
        """What it names."""
        if self.member is not None:
            return "member" if self.product is None else "member+product"
        if self.group is not None:
            return "group" if self.product is None else "group+product"
        return "house" if self.product is None else "product"

    @property
    def levy_account(self) -> str:
        """The income account of its levy."""
        return f"levy:{self.levy_for}"

    def is_valid(self, at: Instant) -> bool:
        """Whether it applies at this time."""
        begun = self.start is None or self.start <= at
        return begun and (self.end is None or at < self.end)

    def meets(self, other: Condition) -> bool:
        """Whether both name the same and there is a time at which both apply."""
        mine = (self.member, self.group, self.product, self.min_quantity)
        its = (other.member, other.group, other.product, other.min_quantity)
        return mine == its and _before(self.start, other.end) and _before(other.start, self.end)


def fault_of(condition: Condition) -> str | None:
    """Why this cannot be a condition, or None if it can."""
    if condition.member is not None and condition.group is not None:
        return "a condition is for a member or for a group: a member has one"
    if not 1 <= condition.min_quantity <= QUANTITY_MAX:
        return f"a quantity is from 1 to {QUANTITY_MAX}"
    if condition.start and condition.end and condition.start >= condition.end:
        return "it ends before it starts"
    comment = condition.comment
    if not (comment.isprintable() and len(comment) <= COMMENT_LENGTH_MAX):
        return f"a comment is one line of at most {COMMENT_LENGTH_MAX} characters"
    return _value_fault(condition) or _levy_fault(condition)


def _value_fault(condition: Condition) -> str | None:
    if condition.kind == "fixed":
        fits = 0 <= condition.value <= CENTS_MAX
        return None if fits else f"a price is from 0.00 to {Money(CENTS_MAX)}"
    fits = MARKUP_BP_MIN <= condition.value <= MARKUP_BP_MAX
    most = f"{MARKUP_BP_MIN // 100} to {MARKUP_BP_MAX // 100} percent"
    return None if fits else f"a markup is from {most}"


def _levy_fault(condition: Condition) -> str | None:
    if not ZERO <= condition.levy <= Money(CENTS_MAX):
        return f"a levy is from 0.00 to {Money(CENTS_MAX)}"
    name = condition.levy_for
    if bool(condition.levy) != bool(name):
        return "a levy has an amount and a name: what it is for"
    if len(name) > _LEVY_NAME_LENGTH_MAX or any(letter not in _LEVY_NAME for letter in name):
        return f"a levy's name has at most {_LEVY_NAME_LENGTH_MAX} of a-z, 0-9 and -"
    return None


def _before(start: Instant | None, end: Instant | None) -> bool:
    """Whether something that starts then has begun before something ends then."""
    return start is None or end is None or start < end
