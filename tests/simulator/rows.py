"""What must hold of what tills know beside credit: master data, goods, and who is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kpos.ledger import feed, sealed, stock
from kpos.wawi.core.applying import OFFICE

if TYPE_CHECKING:
    from tests.simulator.server import Server
    from tests.simulator.till import Till
    from tests.simulator.world import World

_MASTER_DATA = ("product", "barcode", "condition", "member_group", "member", "wallet", "card")
# What a till decides of a row; the rest is the WaWi's.
_OWN = {"member": ("language", "history"), "card": ("blocked",)}


def fault_at(world: World, till: Till) -> str:
    """What a till says that follows neither from the feed nor from its own documents."""
    db, place = till.books.current(), till.books.identity.place
    taken = feed.taken(db)
    if taken is None:
        return ""
    if taken.position:
        query = "SELECT hash FROM document WHERE position = ?"
        if till.books.journal.rows(query, taken.position) != [(taken.hash,)]:
            return "it took the feed over up to another document than the feed says"
    own = [known for _, known in world.truth.own_after(till, taken.position)]
    for product, quantity, _, _ in sealed.every(db, "fed_stock", ""):
        there = stock.stock(db, product, place)
        expected = quantity + sum(known.goods.get((product, place), 0) for known in own)
        if there != expected:
            return f"there are {there} of {product} instead of {expected}"
    shown = {row[1] for row in sealed.every(db, "history", "WHERE named")}
    named = till.books.journal.rows("SELECT position FROM private WHERE instr(part, '\"wallet\":')")
    if shown != {position for (position,) in named}:
        return "members are not shown the purchases that name them"
    changes = (known.change for known in own if known.change is not None)
    changed = {(entity, identifier): fields for entity, identifier, fields in changes}
    for (entity, identifier), fields in changed.items():
        for name in _OWN.get(entity, ()):
            query = f"SELECT {name} FROM {entity} WHERE id = ?"
            if db.execute(query, (identifier,)).fetchall() != [(fields[name],)]:
                return f"{entity} {identifier}: what was changed here is undone: {name}"
    return ""


def wrong_home(world: World) -> str:
    """A till that thinks it may spend what is at home at another one, or that it alone may.

    Whoever may not any more knows it first. Nobody promises that of tills that were put back.
    """
    if world.truth.partings:
        return ""
    homes = dict(
        world.server.rows(
            "SELECT wallet.id, home.till FROM wallet LEFT JOIN home ON home.wallet = wallet.id"
        )
    )
    paired = {row[0] for row in world.server.rows("SELECT id FROM till WHERE token_hash NOT NULL")}
    for till in world.living():
        seen = (homes, till.state())
        if till.is_stranger or till.id not in paired or till.homes_seen == seen:
            continue
        till.homes_seen = seen
        for wallet, thinks in till.books.db.execute("SELECT wallet, home FROM fed_wallet"):
            home = homes.get(wallet, thinks)
            if home != till.id and thinks in ((None, till.id) if home else (till.id,)):
                return f"wallet {wallet} is at home at {home}, and {till.name} thinks {thinks}"
    return ""


def difference(server: Server, till: Till) -> str:
    """The first row that is another one at a till, or only there; nothing if all are the same."""
    for table in _MASTER_DATA:
        query = f"SELECT * FROM {table}"
        here, there = set(till.books.current().execute(query)), set(server.rows(query))
        if here != there:
            return f"{table} differs: {sorted(here ^ there, key=repr)[:2]}"
    place = till.books.identity.place
    query = (
        "SELECT product, sum(quantity + open_quantity) FROM stock WHERE place IN"
        " (SELECT place FROM branch_place WHERE branch = ?) GROUP BY product"
    )
    for product, quantity in server.rows(query, till.branch):
        level = stock.stock(till.books.current(), product, place)
        if level != quantity:
            return f"there are {level} of product {product} instead of {quantity}"
    return ""


def still_named(world: World) -> str:
    """Who is named by somebody's private part, though they were erased, or keep no history."""
    members = "SELECT id, wallet, name FROM member WHERE name = '' OR NOT history"
    silent = world.server.rows(members)
    parts = [("the server", part) for (part,) in world.server.rows("SELECT part FROM document")]
    for till in world.living():
        rows = till.books.journal.rows("SELECT part FROM private")
        parts += [(till.name, part) for (part,) in rows]
    for where, part in parts:
        named = list(json.loads(part).values()) if part is not None else []
        for member, wallet, name in silent:
            if wallet in named or (member in named and not name):
                return f"{where} still names member {member}: {part}"
    return ""


def named_from_before(world: World) -> str:
    """A purchase that names somebody who has switched their history off since, anywhere.

    It may where its till had said before that the history is on, which came to the server later.
    """
    if world.truth.partings:
        return ""
    number = {digest: number for number, digest in enumerate(world.truth.documents)}
    arrived = dict(world.server.rows("SELECT hash, position FROM document"))
    said: dict[str, list[tuple[str, str, bool]]] = {}
    for digest, known in world.truth.documents.items():
        if known.change is not None and known.change[0] == "member":
            fields = known.change[2]
            said.setdefault(fields["wallet"], []).append((digest, known.till, fields["history"]))
    for till, digest, wallet in _named(world):
        for off in (each for each, _, _ in said[wallet] if each in world.truth.switched_off):
            if number[off] > number[digest] and not any(
                is_on and where == till and number[on] < number[digest]
                for on, where, is_on in said[wallet]
                if arrived[on] > arrived[off]
            ):
                return f"{till} sold {digest} to wallet {wallet}, before its history was off"
    return ""


def _named(world: World) -> Iterator[tuple[str, str, str]]:
    """Till, hash and wallet of purchases that name their buyer, at the server or at a till."""
    query = "WHERE instr(part, '\"wallet\":')"
    rows = world.server.rows(f"SELECT till, hash, part FROM document {query}")
    for till in world.living():
        own = till.books.journal.rows(
            f"SELECT hash, part FROM private JOIN document USING (position) {query}"
        )
        rows += [(till.id, *row) for row in own]
    for seller, digest, part in rows:
        yield seller, digest, json.loads(part)["wallet"]


def unsaid(server: Server) -> str:
    """Whose name or number is not what the office said of them last, who were made there."""
    rows = server.rows(
        "SELECT rights, content, part FROM document WHERE kind = 'master_change'"
        ' AND instr(content, \'"entity":"member"\') ORDER BY position'
    )
    said: dict[str, dict[str, object]] = {}
    for rights, content, part in rows:
        identifier = json.loads(content)[8]["id"]
        if rights != OFFICE:
            said.setdefault(identifier, {})
        elif part is not None and said.get(identifier) != {}:
            said[identifier] = json.loads(part)
    for row in server.rows("SELECT id, name, number FROM member WHERE name <> ''"):
        if said[row[0]] not in ({}, dict(zip(("member", "name", "number"), row, strict=True))):
            return f"the office called member {row} {said[row[0]]}"
    return ""


def uncosted(server: Server) -> str:
    """Goods that left without a cost, while there is a lot that they can be of."""
    rows = server.rows(
        "SELECT product, place FROM taken WHERE lot = '' AND quantity > 0 INTERSECT"
        " SELECT product, place FROM lot WHERE quantity_left > 0"
    )
    return f"nobody says what was sold cost: {rows[:2]}" if rows else ""
