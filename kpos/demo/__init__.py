"""The demo: real products with their real EANs, and a few people, as data files.

`fill` books them through the office like an admin would, so that a demo till is a real one.
The codes are printed by `kpos demo` and listed in the README.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from kpos.clock import Clock
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.office import perform
from kpos.ledger.office.people import pack_verifier
from kpos.ledger.pins import make_verifier


@dataclass(frozen=True, slots=True)
class DemoCode:
    """Something the demo can scan: a card or a bottle."""

    code: str
    text: str
    is_card: bool


def load() -> dict[str, Any]:
    """The demo's data: groups, products, members, guest cards."""
    data: dict[str, Any] = json.loads((resources.files(__name__) / "demo.json").read_text("utf-8"))
    return data


def codes() -> list[DemoCode]:
    """What can be scanned, cards first."""
    data = load()
    cards = [
        DemoCode(member["card"], member["hint"], is_card=True)
        for member in data["members"]
        if "card" in member
    ]
    cards += [DemoCode(card["code"], card["hint"], is_card=True) for card in data["guest_cards"]]
    goods = [DemoCode(item["barcode"], item["name"], is_card=False) for item in data["products"]]
    return cards + goods


def numbers() -> list[str]:
    """Who logs in by number and PIN, for the hints."""
    return [m["hint"] for m in load()["members"] if "card" not in m]


def fill(folder: Folder, clock: Clock, author: str) -> None:
    """Book the demo's data into a new till."""
    data = load()
    books = Books(folder, clock)
    try:
        for name in data["groups"]:
            perform(books, "group_add", {"name": name}, author)
        for item in data["products"]:
            values = {key: value for key, value in item.items() if key != "barcode"}
            perform(books, "product_add", {**values, "barcodes": [item["barcode"]]}, author)
        for member in data["members"]:
            _add_member(books, member, author)
        for card in data["guest_cards"]:
            issued = {"code": card["code"], "group": card["group"]}
            perform(books, "card_issue", issued, author)
            credit = {"card": card["code"], "cents": card["credit_cents"]}
            perform(books, "top_up", {**credit, "means": "opening"}, author)
    finally:
        books.close()


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
