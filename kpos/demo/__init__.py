"""The demo: real products with their real EANs, and a few people, as data files.

`fill` books them through the office like an admin would, so that a demo till is a real one.
`kpos demo` shows what can be scanned and which letter does.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from kpos.clock import Clock
from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.orders import Deliver, DeliveredGoods
from kpos.domain.values import dataclass
from kpos.ledger.booking import book
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.localday import day_of
from kpos.ledger.office import find, perform
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import make_verifier

# Of a product: its barcode goes into a list, its letter is of this demo alone.
_NOT_BOOKED = ("barcode", "key")


@dataclass(frozen=True, slots=True)
class DemoCode:
    """Something the demo can scan, a card or a bottle, and the letter of the keyboard that does."""

    key: str
    code: str
    text: str
    is_card: bool


def load() -> dict[str, Any]:
    """The demo's data: groups, products, conditions, members, guest cards."""
    data: dict[str, Any] = json.loads((resources.files(__name__) / "demo.json").read_text("utf-8"))
    return data


def codes(language: Language = "de") -> list[DemoCode]:
    """What can be scanned, cards first; no two have the same letter."""
    data = load()
    cards = [(member["card"], member) for member in data["members"] if "card" in member]
    cards += [(card["code"], card) for card in data["guest_cards"]]
    found = [
        DemoCode(card["key"], code, card["hint"][language], is_card=True) for code, card in cards
    ]
    goods = data["products"]
    return found + [
        DemoCode(item["key"], item["barcode"], item["name"], is_card=False) for item in goods
    ]


def numbers(language: Language = "de") -> list[str]:
    """Who logs in by number and PIN, for the hints."""
    return [member["hint"][language] for member in load()["members"] if "card" not in member]


def fill(folder: Folder, clock: Clock, author: str) -> None:
    """Book the demo's data into a new till."""
    data = load()
    books = Books(folder, clock)
    try:
        for name in data["groups"]:
            perform(books, "group_add", {"name": name}, author)
        for item in data["products"]:
            values = {name: value for name, value in item.items() if name not in _NOT_BOOKED}
            perform(books, "product_add", {**values, "barcodes": [item["barcode"]]}, author)
        for condition in data["conditions"]:
            perform(books, "condition_add", condition, author)
        _stock(books, data["stock"], author)
        for member in data["members"]:
            _add_member(books, member, author)
        for card in data["guest_cards"]:
            issued = {"code": card["code"], "group": card["group"]}
            perform(books, "card_issue", issued, author)
            credit = {"card": card["code"], "cents": card["credit_cents"]}
            perform(books, "top_up", {**credit, "means": "opening"}, author)
    finally:
        books.close()


def _stock(books: Books, names: dict[str, list[int]], author: str) -> None:
    """What is on the shelf of a few products, so that a newcomer meets the last of something."""
    db = books.current()
    lines = tuple(
        DeliveredGoods(find.product(db, name).id, quantity, Money(cost_cents))
        for name, (quantity, cost_cents) in names.items()
    )
    today = day_of(books.settings.zone, books.believed_now())
    book(books, Deliver(lines, today, "opening", author=author))


def _add_member(books: Books, member: dict[str, Any], author: str) -> None:
    pin = member.get("pin")
    arguments = {
        "name": member["name"],
        "number": member["number"],
        "role": member.get("role", "member"),
        "history": member.get("history", False),
        "pin": pack_verifier(make_verifier(pin)) if pin else None,
        "opening_cents": member["credit_cents"],
    }
    perform(books, "member_add", arguments, author)
    if "card" in member:
        issued = {"code": member["card"], "member": member["name"]}
        perform(books, "card_issue", {**issued, "asks_pin": False}, author)
