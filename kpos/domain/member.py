"""Members, groups, cards, and who stands at the till."""

from __future__ import annotations

from typing import Literal, TypeAlias

from kpos.domain.ids import Id
from kpos.domain.money import Money
from kpos.domain.values import dataclass

Role: TypeAlias = Literal["member", "trusted", "admin"]
Language: TypeAlias = Literal["de", "en"]

ROLES: tuple[Role, ...] = ("member", "trusted", "admin")
LANGUAGES: tuple[Language, ...] = ("de", "en")

PIN_DIGITS_MIN = 4
PIN_DIGITS_MAX = 8
# Who may move other people's money types two digits more.
PIN_DIGITS_MIN_TRUSTED = 6

# A name longer than this is a paste gone wrong; the display shows 40 characters at most.
NAME_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the master data; `name` is empty once the member was erased."""

    id: Id
    name: str
    wallet: Id
    group: Id
    role: Role = "member"
    number: int | None = None
    language: Language | None = None
    history: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A code that opens a wallet; `code` is empty once its holder was erased."""

    id: Id
    code: str
    wallet: Id
    member: Id | None
    blocked: bool = False
    asks_pin: bool = False


@dataclass(frozen=True, slots=True)
class PinStanding:
    """How a holder stands with PINs: what the till may say before one is typed.

    `locked_ms` is None while one may try, else the wait; `LOCKED_FOR_GOOD` until a reset.
    """

    exists: bool
    attempts_left: int
    locked_ms: int | None = None


LOCKED_FOR_GOOD = -1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a wallet, as known when the card was read: credit may have moved since.

    `shared`: other tills may debit it as well.
    """

    wallet: Id
    group: Id
    credit: Money
    name: str = ""
    number: int | None = None
    member: Id | None = None
    card: Id | None = None
    role: Role = "member"
    language: Language | None = None
    history: bool = False
    asks_pin: bool = False
    shared: bool = False
    pin: PinStanding = PinStanding(exists=False, attempts_left=0)

    @property
    def pin_subject(self) -> Id:
        """Whose attempts are counted: the member's, or the card's (wallet's) for guests."""
        return self.member or self.wallet

    @property
    def is_trusted(self) -> bool:
        """Whether this holder may take cash and top up others."""
        return self.role != "member"


def pin_fault(pin: str, role: Role) -> str | None:
    """Why `pin` cannot be somebody's PIN, or None if it can."""
    digits_min = PIN_DIGITS_MIN if role == "member" else PIN_DIGITS_MIN_TRUSTED
    if not (pin.isascii() and pin.isdigit() and digits_min <= len(pin) <= PIN_DIGITS_MAX):
        return f"a PIN has {digits_min} to {PIN_DIGITS_MAX} digits"
    return None
