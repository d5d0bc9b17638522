"""Tills and branches: who they are, when they were last heard of, what becomes of those lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass
from kpos.ledger import sealed
from kpos.ledger.checks import new_id
from kpos.ledger.database import Database
from kpos.ledger.master import checked_name
from kpos.sync.wire import Heartbeat, Point
from kpos.wawi.core import audit, holds, homes, pins
from kpos.wawi.core.feed import everybody, lock, touch
from kpos.wawi.core.following import SKIPPED, caught_up, follow_waiting
from kpos.wawi.core.following import skip as skip_document
from kpos.wawi.core.office import book_costs
from kpos.wawi.core.rows import has_assortment
from kpos.wawi.core.strands import strand, strand_of

_COLUMNS = (
    "id, branch, prefix, token_hash, scopes, paired_ms, seen_ms, version, queue, skew_ms,"
    " lost_ms, stopped"
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A place of sale."""

    id: Id
    name: str
    place: Id


@dataclass(frozen=True, slots=True)
class Till:
    """A till as the server knows it; times in milliseconds since 1970, None for never.

    `held` and `applied`: where what is stored of its journal ends, and what is projected.
    """

    id: Id
    branch: Id
    prefix: str
    is_paired: bool
    scopes: tuple[str, ...]
    paired_ms: int | None
    seen_ms: int | None
    version: str
    queue: int
    skew_ms: int
    lost_ms: int | None
    stopped: str | None
    held: Point | None
    applied: Point | None


def hash_of(secret: str) -> str:
    """What is kept of a token or a code."""
    return hashlib.sha256(secret.encode()).hexdigest()


def till_of_token(db: Database, token: str) -> Till | None:
    """The till that a token is of; None for one that is not, or no longer, good."""
    return _one(db, "token_hash = ?", hash_of(token))


def till(db: Database, identifier: Id) -> Till | None:
    """A till by id."""
    return _one(db, "id = ?", identifier)


def till_of_prefix(db: Database, prefix: str) -> Till | None:
    """A till by any prefix that it was given."""
    row = db.execute("SELECT till FROM number_range WHERE prefix = ?", (prefix,)).fetchone()
    return till(db, row[0]) if row else None


def tills(db: Database) -> list[Till]:
    """All tills by prefix, those of the past too."""
    query = f"SELECT {_COLUMNS} FROM till WHERE branch IS NOT NULL ORDER BY prefix"  # noqa: S608
    return [_till(db, row) for row in db.execute(query).fetchall()]


def heard(db: Database, of: Id, heartbeat: Heartbeat, now: Instant) -> None:
    """A till said that it is there."""
    db.execute(
        "UPDATE till SET seen_ms = ?, version = ?, queue = ?, skew_ms = ? WHERE id = ?",
        (now.ms, heartbeat.version, heartbeat.queue, heartbeat.at.ms - now.ms, of),
    )


def unpair(db: Database, of: Id, who: str, now: Instant) -> None:
    """A till gives its token back; what it is owed or owes is in what it has sent."""
    _end(db, of, now)
    audit.note(db, who, audit.Changed("till unpaired", {"till": of}), now)


def lose(db: Database, of: Id, who: str, now: Instant) -> None:
    """A till is lost: its token is void, and so is every PIN, since it knew them all."""
    _end(db, of, now)
    db.execute("UPDATE till SET lost_ms = ? WHERE id = ?", (now.ms, of))
    subjects = [row[0] for row in sealed.every(db, "pin", "WHERE verifier IS NOT NULL")]
    pins.drop(db, subjects)
    touch(db, [everybody("pin", subject) for subject in subjects], now)
    audit.note(db, who, audit.Changed("till lost", {"till": of}), now)


def _end(db: Database, of: Id, now: Instant) -> None:
    lock(db)
    db.execute("UPDATE till SET token_hash = NULL WHERE id = ?", (of,))
    holds.drop(db, of)
    homes.till_went(db, of, now)


def resolve(db: Database, of: Id, who: str, now: Instant, *, skip: bool) -> str | None:
    """Go on projecting a till's documents; why they stop again, or None.

    `skip`: without the one that they stopped at, which is kept and never projected. Else it is
    tried again, as after an update that knows better.
    """
    lock(db)
    row = db.execute(
        "SELECT id FROM document WHERE till = ? AND position IS NULL AND rights <> ?"
        " ORDER BY id LIMIT 1",
        (of, SKIPPED),
    ).fetchone()
    if skip and row is not None:
        skip_document(db, row[0], now)
    db.execute("UPDATE till SET stopped = NULL WHERE id = ?", (of,))
    audit.note(db, who, audit.Changed("till resolved", {"till": of, "skip": skip}), now)
    rows = db.execute("SELECT id FROM strand WHERE till = ? ORDER BY id", (of,)).fetchall()
    for (number,) in rows:
        book_costs(db, follow_waiting(db, strand(db, number), now), now)
    caught_up(db, of, strand_of(db, of).applied, now)
    stopped: str | None = db.execute("SELECT stopped FROM till WHERE id = ?", (of,)).fetchone()[0]
    return stopped


# Branches


def add_branch(db: Database, name: str, who: str, now: Instant) -> Branch:
    """A new branch; its goods are at a place of the same id.

    Raises:
        Refused: if there is one of this name.
    """
    lock(db)
    checked = checked_name(name)
    if db.execute("SELECT 1 FROM branch WHERE name = ?", (checked,)).fetchone() is not None:
        raise refuse("taken", f"there is a branch {checked!r} already")
    branch = Branch(new_id(), checked, new_id())
    db.execute("INSERT INTO branch VALUES (?, ?, ?)", (branch.id, branch.name, branch.place))
    db.execute("INSERT INTO branch_place VALUES (?, ?)", (branch.place, branch.id))
    changed = audit.Changed("branch added", None, {"branch": branch.id, "name": checked})
    audit.note(db, who, changed, now)
    return branch


def branches(db: Database) -> list[Branch]:
    """All branches by name."""
    return [Branch(*row) for row in db.execute("SELECT * FROM branch ORDER BY name").fetchall()]


def branch(db: Database, identifier: Id) -> Branch | None:
    """A branch by id."""
    row = db.execute("SELECT * FROM branch WHERE id = ?", (identifier,)).fetchone()
    return Branch(*row) if row else None


def assortment(db: Database, of: Id) -> list[Id]:
    """The products that a branch sells; none for all."""
    rows = db.execute("SELECT product FROM assortment WHERE branch = ? ORDER BY product", (of,))
    return [Id(product) for (product,) in rows.fetchall()]


def set_assortment(db: Database, of: Id, products: Iterable[Id], who: str, now: Instant) -> None:
    """Let a branch sell these products only, or all; its tills are told of what comes or goes."""
    lock(db)
    was, had_one = set(assortment(db, of)), has_assortment(db, of)
    becomes = set(products)
    db.execute("DELETE FROM assortment WHERE branch = ?", (of,))
    rows = [(of, product) for product in sorted(becomes)]
    db.executemany("INSERT INTO assortment VALUES (?, ?)", rows)
    everything = not (had_one and becomes)
    concerned = "SELECT id FROM product" if everything else None
    changed = {row[0] for row in db.execute(concerned).fetchall()} if concerned else was ^ becomes
    touch(db, [key for product in sorted(changed) for key in _about(db, product, of)], now)
    detail = {"branch": of, "products": sorted(becomes)}
    audit.note(db, who, audit.Changed("assortment", {"products": sorted(was)}, detail), now)


def _about(db: Database, product: str, of: Id) -> list[tuple[str, str, str]]:
    """The rows that are about a product."""
    keys = [everybody("product", product), ("stock", product, of)]
    for entity in ("barcode", "condition"):
        query = f"SELECT id FROM {entity} WHERE product = ?"  # noqa: S608 - own names
        rows = db.execute(query, (product,)).fetchall()
        keys += [everybody(entity, identifier) for (identifier,) in rows]
    return keys


def _one(db: Database, where: str, value: str) -> Till | None:
    query = f"SELECT {_COLUMNS} FROM till WHERE branch IS NOT NULL AND {where}"  # noqa: S608
    row = db.execute(query, (value,)).fetchone()
    return _till(db, row) if row else None


def _till(db: Database, row: tuple[Any, ...]) -> Till:
    identifier, of, prefix, token_hash, scopes, *rest = row
    on = strand_of(db, identifier)
    about = (token_hash is not None, tuple(scopes.split()), *rest, on.tip, on.applied)
    return Till(identifier, of, prefix, *about)
