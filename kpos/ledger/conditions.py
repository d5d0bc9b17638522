"""Conditions in stammdaten.db: those that may price a product for a buyer, found by index.

A product has a few of its own among many thousands, a member too, a group a default or two; what
is over costs nothing, since time is the last column of each index. So prices are worked out when
they are asked for, and a change of a condition, a group or a cost has nothing to rebuild.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.condition import Condition
from kpos.domain.document import Json
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.money import Money
from kpos.ledger import sealed
from kpos.ledger.database import Database

TABLES = """
CREATE TABLE condition (
    id           TEXT PRIMARY KEY,
    member       TEXT,
    member_group TEXT,
    product      TEXT,
    min_quantity INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    value        INTEGER NOT NULL,     -- cents, or basis points on cost
    levy_cents   INTEGER NOT NULL,
    levy_for     TEXT NOT NULL,
    starts_ms    INTEGER NOT NULL,     -- -1: always
    ends_ms      INTEGER NOT NULL,     -- 1 << 62: never
    comment      TEXT NOT NULL,
    retired      INTEGER NOT NULL,
    seal         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX condition_of_product ON condition (product, ends_ms)
    WHERE member IS NULL AND product IS NOT NULL AND NOT retired;
CREATE INDEX condition_of_group ON condition (member_group, ends_ms)
    WHERE member IS NULL AND product IS NULL AND NOT retired;
CREATE INDEX condition_of_member ON condition (member, product, ends_ms)
    WHERE member IS NOT NULL;
"""
# What has no end ends then: after any time, so that the index finds what is not over.
_NEVER_MS = 1 << 62
_ALWAYS_MS = -1
_VALID = "ends_ms > ? AND NOT retired"
_OF_PRODUCT = f"WHERE member IS NULL AND product = ? AND {_VALID}"
_OF_GROUP = f"WHERE member IS NULL AND product IS NULL AND member_group IS ? AND {_VALID}"
_OF_MEMBER = f"WHERE member = ? AND product IS ? AND {_VALID}"


def applicable(
    db: Database,
    product: Id,
    group: Id | None,
    member: Id | None,
    at: Instant | None,
) -> list[Condition]:
    """Conditions that name this product, group and member, or nobody else, and are not over.

    `at` None: those that are over too.
    """
    since_ms = at.ms if at is not None else _ALWAYS_MS
    found = _rows(db, _OF_PRODUCT, product, since_ms)
    found = [each for each in found if each.group in (None, group)]
    for default in {None, group}:
        found += _rows(db, _OF_GROUP, default, since_ms)
    if member is not None:
        found += _rows(db, _OF_MEMBER, member, product, since_ms)
        found += _rows(db, _OF_MEMBER, member, None, since_ms)
    return found


def conditions(db: Database) -> list[Condition]:
    """All conditions, retired ones too, by what they name."""
    return _rows(db, "ORDER BY product, member_group, member, min_quantity, starts_ms, id")


def condition(db: Database, identifier: Id) -> Condition | None:
    """A condition by id, a retired one too."""
    return next(iter(_rows(db, "WHERE id = ?", identifier)), None)


def beginning_with(db: Database, text: str) -> list[Condition]:
    """Those whose id begins like this, retired ones left out; two are as good as many."""
    # Behind every digit of an id.
    until = text + "g"
    return _rows(db, "WHERE id >= ? AND id < ? AND NOT retired LIMIT 2", text, until)


def of_member(db: Database, member: Id) -> list[Condition]:
    """Those that name a member, retired ones too."""
    return _rows(db, "WHERE member = ?", member)


def defaults_of(db: Database, group: Id) -> list[Condition]:
    """The defaults of a group, over or not."""
    return _rows(db, "WHERE member_group = ? AND product IS NULL AND NOT retired", group)


def rivals(db: Database, added: Condition) -> list[Condition]:
    """Other conditions that name the same as this one and apply at a time when it does."""
    same = _rows(
        db,
        "WHERE product IS ? AND member IS ? AND member_group IS ? AND NOT retired",
        added.product,
        added.member,
        added.group,
    )
    return [each for each in same if each.id != added.id and each.meets(added)]


def put(db: Database, body: Mapping[str, Json], private: Mapping[str, Json]) -> None:
    """A condition as it is from now on; none at all once whom it named was erased."""
    values, member = body["fields"], private.get("member")
    if values["personal"] and member is None:
        db.execute("DELETE FROM condition WHERE id = ?", (body["id"],))
        return
    sealed.put(
        db,
        "condition",
        body["id"],
        member,
        *(values[name] for name in ("group", "product", "min_quantity", "kind", "value")),
        *(values[name] for name in ("levy_cents", "levy_for")),
        _ms(values["start"], _ALWAYS_MS),
        _ms(values["end"], _NEVER_MS),
        private.get("comment", ""),
        int(body["action"] == "retire"),
    )


def _rows(db: Database, rest: str, *values: object) -> list[Condition]:
    return [_condition(row) for row in sealed.every(db, "condition", rest, *values)]


def _condition(row: sealed.Row) -> Condition:
    identifier, member, group, product, quantity, kind, value, levy, levy_for, *rest = row
    starts_ms, ends_ms, comment, retired = rest
    return Condition(
        id=Id(identifier),
        kind=kind,
        value=value,
        member=member,
        group=group,
        product=product,
        min_quantity=quantity,
        levy=Money(levy),
        levy_for=levy_for,
        start=Instant(starts_ms) if starts_ms != _ALWAYS_MS else None,
        end=Instant(ends_ms) if ends_ms != _NEVER_MS else None,
        comment=comment,
        retired=bool(retired),
    )


def _ms(moment: str | None, otherwise_ms: int) -> int:
    return Instant.parse(moment).ms if moment is not None else otherwise_ms
