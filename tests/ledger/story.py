"""The bookings told in `stories/`, line by line, and the balances they end with.

`nn kind number | postings | movements | deposit units of the house | units a wallet holds # note`;
indented lines continue the one before.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from kpos.domain.document import Movement, Posting

STORIES = Path(__file__).parent / "stories"
PLACE = "main"
SHORT = {"w": "wallet", "clr": "clearing", "rev": "revenue", "dep": "deposit", "inv": "inventory"}
SHORT["wo"] = "writeoff"
# Where a line says how many units a wallet holds, they are bottles of this value.
BOTTLE_CENTS = 15


@dataclass(frozen=True)
class Told:
    """One line of a story: a document."""

    line: str
    kind: str
    number: str | None
    postings: tuple[Posting, ...]
    movements: tuple[Movement, ...]
    house: tuple[tuple[int, int], ...]
    wallet: tuple[str, int] | None
    original: str | None


@dataclass(frozen=True)
class Story:
    """All lines, and the balances block by key."""

    told: tuple[Told, ...]
    balances: dict[str, str]


def read(name: str) -> Story:
    """A story with its balances."""
    text = (STORIES / f"{name}.txt").read_text(encoding="utf-8")
    told, balances = re.findall(r"```\w+\n(.*?)```", text, re.DOTALL)
    lines = re.sub(r"\n +", " ", told).splitlines()
    entries = re.split(r"; |\n", balances.strip())
    keyed = (entry.rsplit(" ", 2 if entry.startswith("lot ") else 1) for entry in entries)
    return Story(
        tuple(_told(line) for line in lines), {key: " ".join(rest) for key, *rest in keyed}
    )


def _told(line: str) -> Told:
    text, _, note = line.partition(" # ")
    columns = [column.strip() for column in text.split("|")] + [""] * 4
    words = columns[0].split()
    original = re.match(r"of (\d\d)", note)
    return Told(
        line=words[0],
        kind=words[1],
        number=words[2] if len(words) > 2 else None,
        postings=tuple(_posting(part) for part in _parts(columns[1])),
        movements=tuple(_movement(part) for part in _parts(columns[2])),
        house=tuple(_units(part) for part in _parts(columns[3])),
        wallet=_held(columns[4]),
        original=original.group(1) if original else None,
    )


def _parts(column: str) -> list[str]:
    return [part.strip() for part in column.split(";") if part.strip()]


def _posting(text: str) -> Posting:
    account, cents = text.split()
    first, colon, rest = account.partition(":")
    return Posting(SHORT.get(first, first) + colon + rest, int(cents))


def _movement(text: str) -> Movement:
    product, lot, quantity, *cost = text.split()
    return Movement(
        product=product,
        place=PLACE,
        lot=None if lot == "-" else lot,
        quantity=int(quantity),
        cost_cents=None if cost in ([], ["?"]) else int(cost[0]),
    )


def _units(text: str) -> tuple[int, int]:
    quantity, cents = text.split("x")
    return int(cents), int(quantity)


def _held(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    wallet, quantity = text.split()
    return wallet, int(quantity)
