"""What the cells of a list say, and the columns that each noun has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kpos.cli.types import PERCENT, percent_text
from kpos.domain.goods import PAID_BY
from kpos.domain.instant import is_day
from kpos.domain.member import LANGUAGES, ROLES
from kpos.domain.money import Money
from kpos.domain.product import UNITS
from kpos.domain.refusal import Refused
from kpos.domain.tax import TAX_KEYS

_DIGITS_MAX = 9


class Fault(ValueError):
    """What is wrong with one line."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in `export`, headers that mean it, and how a cell is read and written.

    An empty cell is None; a column that is not there is not in the row at all.
    """

    name: str
    words: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a noun, called `nouns` in messages."""

    nouns: str
    columns: tuple[Column, ...]


def text(cell: str) -> str:
    """A text as it is."""
    return cell


def number(cell: str) -> int:
    """A whole number, not negative."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= _DIGITS_MAX):
        msg = f"{cell[:20]!r} is no whole number"
        raise Fault(msg)
    return int(cell)


def cents(cell: str) -> int:
    """``20``, ``20.5``, ``-3,50 €``."""
    plain = re.sub(r"\s*(€|eur|euro)$", "", cell, flags=re.IGNORECASE)
    plain = re.sub(r"([.,]\d)$", r"\g<1>0", plain)
    return Money.parse(plain).cents


def amount(value: int) -> str:
    """Cents as they are read again."""
    return str(Money(value))


def day(cell: str) -> str:
    """``2026-11-22`` or ``22.11.2026``."""
    german = re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", cell)
    iso = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}" if german else cell
    if not is_day(iso):
        msg = f"{cell[:20]!r} is no day: write 2026-11-22"
        raise Fault(msg)
    return iso


def percent(cell: str) -> int:
    """``25``, ``12,5 %``: basis points."""
    try:
        return PERCENT.convert(cell, None, None)
    except Refused as refused:
        raise Fault(refused.refusal.message) from refused


def codes(cell: str) -> list[str]:
    """Several codes with blanks between them."""
    return cell.split()


def yes(cell: str) -> bool:
    """``yes`` or ``no``, also in German, as digits, or as spreadsheets say it."""
    words = {"yes": True, "ja": True, "true": True, "wahr": True, "1": True, "x": True}
    words |= dict.fromkeys(("no", "nein", "false", "falsch", "0"), False)
    if cell.casefold() not in words:
        msg = f"{cell[:20]!r} is neither yes nor no"
        raise Fault(msg)
    return words[cell.casefold()]


def one_of(*values: str) -> Callable[[str], str]:
    """One of some words."""

    def read_one(cell: str) -> str:
        if cell not in values:
            msg = f"{cell[:20]!r} is none of {', '.join(values)}"
            raise Fault(msg)
        return cell

    return read_one


_ID = Column("id", "kposid", text)
MEMBERS = Sheet(
    "members",
    (
        Column(
            "name",
            "mitglied member membername mitgliedsname vorname nickname nick",
            text,
            needed=True,
        ),
        Column(
            "number", "no nr nummer membernumber mitgliedsnummer mitgliedsnr mitgliednummer", number
        ),
        Column("group", "gruppe pricegroup preisgruppe", text),
        Column("role", "rolle", one_of(*ROLES)),
        Column("language", "sprache", one_of(*LANGUAGES)),
        Column(
            "cards",
            "card cardcode cardnumber karte karten kartennummer kartennr kartencode code uid rfid",
            codes,
            " ".join,
        ),
        Column(
            "credit",
            "openingcredit guthaben startguthaben balance saldo kontostand stand",
            cents,
            amount,
        ),
        _ID,
    ),
)
CONDITIONS = Sheet(
    "conditions",
    (
        Column("member", "mitglied", text),
        Column("group", "gruppe preisgruppe pricegroup", text),
        Column("product", "artikel produkt", text),
        Column("from_quantity", "abmenge menge minquantity", number),
        Column("price", "preis fixed festpreis", cents, amount),
        Column("markup", "aufschlag", percent, percent_text),
        Column("levy", "abgabe", cents, amount),
        Column("levy_for", "abgabefür abgabefuer", text),
        Column("start", "beginn von ab", text),
        Column("end", "ende bis", text),
        Column("comment", "kommentar bemerkung", text),
        _ID,
    ),
)
DELIVERIES = Sheet(
    "deliveries",
    (
        Column("supplier", "lieferant", text),
        Column("invoice", "rechnung rechnungsnummer rechnungsnr beleg", text),
        Column("date", "datum lieferdatum day", day),
        Column("paid", "bezahlt zahlung", one_of(*PAID_BY)),
        Column("member", "mitglied ausgelegtvon", text),
        Column("product", "artikel produkt ean barcode", text, needed=True),
        Column("quantity", "menge anzahl", text, needed=True),
        Column("cost", "kosten ek ekpreis einkaufspreis preis", text, needed=True),
        Column("best_before", "mhd haltbarbis bestbefore", day),
        Column("tax", "vorsteuer", cents, amount),
        Column("note", "notiz bemerkung", text),
    ),
)
PRODUCTS = Sheet(
    "products",
    (
        Column("name", "artikel produkt product bezeichnung artikelname", text, needed=True),
        Column("price", "preis vk vkpreis verkaufspreis brutto", cents, amount),
        Column("deposit", "pfand", cents, amount),
        Column("number", "no nr nummer kurznummer shortnumber", number),
        Column("barcodes", "barcode ean gtin code strichcode", codes, " ".join),
        Column("tax_key", "steuerschluessel steuerschlüssel ustschluessel", one_of(*TAX_KEYS)),
        Column("unit", "einheit", one_of(*UNITS)),
        _ID,
    ),
)

COUNTED = Sheet(
    "counts",
    (
        Column("product", "id artikelid", text),
        Column("barcode", "ean gtin strichcode", text),
        Column("name", "artikel produkt bezeichnung artikelname", text),
        Column("counted", "gezaehlt gezählt menge anzahl quantity bestand", text, needed=False),
    ),
)
