"""The tables of a house: those of a till's projections, and what a server keeps beside them.

Every document has two numbers: `id`, in the order of arrival, and `position`, in the order of
projecting, which it gets when that has followed it. A till's documents stand on *strands*: one,
until the till goes on beside documents that only the server has (a fork), then one more.
"""

from __future__ import annotations

from kpos.domain.document import FIRST_PREV_HASH
from kpos.domain.ids import Id
from kpos.domain.instant import EARLIEST
from kpos.ledger.checks import new_id
from kpos.ledger.database import Database
from kpos.ledger.schema import statements, tables_of_a_house

VERSION = 1
# The office's receipts: no till is ever given this prefix.
OFFICE_PREFIX = "W"

_HOUSE = """
CREATE TABLE house (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    version  INTEGER NOT NULL,
    office   TEXT NOT NULL,            -- the till that is no till: whose journal the office writes
    epoch    INTEGER NOT NULL,         -- of that journal
    number   INTEGER NOT NULL,         -- of its last receipt
    trusted_ms INTEGER NOT NULL,       -- time of its last document whose clock was believed
    rev      INTEGER NOT NULL,         -- of the last change of the feed
    position INTEGER NOT NULL          -- of the last document that was projected
) STRICT;
CREATE TABLE mark (
    rev   INTEGER PRIMARY KEY,         -- the last of one transaction
    mark  TEXT NOT NULL,               -- random: a server that was restored knows others
    at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE branch (
    id    TEXT PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL UNIQUE         -- where its goods are
) STRICT, WITHOUT ROWID;
CREATE TABLE branch_place (
    place  TEXT PRIMARY KEY,           -- its own, and those of tills that joined it
    branch TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE assortment (
    branch  TEXT NOT NULL,             -- without rows here it sells everything
    product TEXT NOT NULL,
    PRIMARY KEY (branch, product)
) STRICT, WITHOUT ROWID;
CREATE TABLE till (
    id           TEXT PRIMARY KEY,
    branch       TEXT,                 -- null: the office
    prefix       TEXT NOT NULL,
    cash_prefix  TEXT NOT NULL,        -- of its cash account here
    cash_said    TEXT NOT NULL,        -- in its documents: another till may have had it before
    token_hash   TEXT UNIQUE,          -- null: not paired
    scopes       TEXT NOT NULL,
    paired_ms    INTEGER,
    joined_epoch INTEGER NOT NULL,     -- up to here it was its own master
    joined_seq   INTEGER NOT NULL,
    seen_ms      INTEGER,
    version      TEXT NOT NULL,
    queue        INTEGER NOT NULL,     -- documents that it could not send yet, as it says
    skew_ms      INTEGER NOT NULL,     -- its clock less ours
    lost_ms      INTEGER,
    strand       INTEGER,              -- on which it wrote last
    stopped      TEXT                  -- why its documents are projected no more; null: they are
) STRICT, WITHOUT ROWID;
CREATE TABLE number_range (
    prefix TEXT PRIMARY KEY,           -- given for ever, with all that only add letters to it
    till   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pairing_code (
    selector   TEXT PRIMARY KEY,       -- its first characters
    hash       TEXT NOT NULL,          -- SHA-256 of all of it
    branch     TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    tries_left INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE strand (
    id            INTEGER PRIMARY KEY,
    till          TEXT NOT NULL,
    parent        INTEGER,
    after_epoch   INTEGER NOT NULL,    -- of the last document shared with the parent; 0: none
    after_seq     INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,    -- its last document
    seq           INTEGER NOT NULL,
    hash          TEXT NOT NULL,
    applied_epoch INTEGER NOT NULL,    -- its last document that was projected; 0: none
    applied_seq   INTEGER NOT NULL,
    applied_hash  TEXT NOT NULL
) STRICT;
CREATE INDEX strand_of_till ON strand (till);
CREATE TABLE document (
    id        INTEGER PRIMARY KEY,
    till      TEXT NOT NULL,
    epoch     INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    hash      TEXT NOT NULL,           -- as claimed
    prev_hash TEXT NOT NULL,
    strand    INTEGER NOT NULL,
    position  INTEGER UNIQUE,          -- null: not projected (yet)
    kind      TEXT,                    -- null: it cannot be read
    receipt   TEXT,
    content   TEXT NOT NULL,
    salt      BLOB,
    part      TEXT,                    -- null: it has none, or it was erased
    rights    TEXT NOT NULL,           -- own, paired, office; or skipped: never to be projected
    fork      INTEGER NOT NULL,        -- 1: the till has, or had, another document at this place
    flags     TEXT NOT NULL,           -- words, with a space between
    at_ms     INTEGER NOT NULL,        -- when it came
    UNIQUE (till, epoch, seq, hash)
) STRICT;
CREATE INDEX document_of_receipt ON document (receipt);
CREATE INDEX document_that_waits ON document (strand) WHERE position IS NULL;
CREATE INDEX taken_back ON taken (product, lot, place) WHERE quantity < 0;
"""

_FEED = """
CREATE TABLE feed (
    entity TEXT NOT NULL,
    id     TEXT NOT NULL,
    scope  TEXT NOT NULL,              -- a branch, or '' for all
    rev    INTEGER NOT NULL UNIQUE,
    gone   INTEGER NOT NULL,           -- 1: a tombstone
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (entity, id, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE home (
    wallet TEXT PRIMARY KEY,           -- without a row: free
    till   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX home_of_till ON home (till);
CREATE TABLE homing (
    wallet      TEXT NOT NULL,
    till        TEXT NOT NULL,         -- must know before the home changes
    home        TEXT,                  -- from then on; null: free
    told_rev    INTEGER NOT NULL,
    until_epoch INTEGER,               -- what was held of it when it knew; null: it does not yet
    until_seq   INTEGER,
    PRIMARY KEY (wallet, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX homing_of_till ON homing (till);
CREATE TABLE silence (
    wallet      TEXT NOT NULL,         -- of a member whose history was switched off
    till        TEXT NOT NULL,         -- may not have heard of that
    told_rev    INTEGER NOT NULL,
    until_epoch INTEGER,               -- what was held of it when it had; null: it has not yet
    until_seq   INTEGER,
    PRIMARY KEY (wallet, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX silence_of_till ON silence (till);
CREATE TABLE hold (
    wallet      TEXT NOT NULL,
    till        TEXT NOT NULL,
    cents       INTEGER NOT NULL,
    bought      INTEGER NOT NULL,      -- of these cents: held before it went on to where it asked
    head_epoch  INTEGER NOT NULL,      -- where the till's journal ended when it asked; 0: nowhere
    head_seq    INTEGER NOT NULL,
    until_epoch INTEGER,               -- where it ended later: once that is projected, it is over
    until_seq   INTEGER,
    PRIMARY KEY (wallet, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_of_till ON hold (till);
CREATE TABLE pin_version (
    subject TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    till    TEXT                       -- at which it was set last; null: at the office
) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
    id         TEXT PRIMARY KEY,       -- of a price group whose name another one has
    stands_for TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alarm (
    id         INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    till       TEXT,
    detail     TEXT NOT NULL,
    settled_by TEXT                    -- null: nobody has looked at it
) STRICT;
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         TEXT NOT NULL,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    was        TEXT,                   -- JSON; null: nothing
    became     TEXT,
    prev_hash  TEXT NOT NULL,
    hash       TEXT NOT NULL
) STRICT;
"""


def script() -> str:
    """All tables, in the SQL of SQLite."""
    return tables_of_a_house() + _HOUSE + _FEED


def found(db: Database) -> Id:
    """Make the tables of a new house, empty, and its office; whose id it is.

    In one transaction of the caller's, which must not have any of these tables.
    """
    for statement in statements(script()):
        db.execute(statement)
    office = new_id()
    db.execute("INSERT INTO house VALUES (1, ?, ?, 1, 0, ?, 0, 0)", (VERSION, office, EARLIEST.ms))
    add_till(db, office, None, (OFFICE_PREFIX,) * 3)
    return office


def add_till(db: Database, till: Id, branch: Id | None, prefixes: tuple[str, str, str]) -> None:
    """A till that nobody has paired yet, with an empty strand.

    `prefixes`: of its receipts, of its cash account here, and of that in its documents.
    """
    number = new_strand(db, till, None, (0, 0, FIRST_PREV_HASH))
    db.execute(
        "INSERT INTO till (id, branch, prefix, cash_prefix, cash_said, strand,"
        " scopes, joined_epoch, joined_seq, version, queue, skew_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, '', 0, 0, '', 0, 0)",
        (till, branch, *prefixes, number),
    )


def new_strand(db: Database, till: Id, parent: int | None, after: tuple[int, int, str]) -> int:
    """A strand that goes on after a document (0/0: before the first)."""
    number: int = db.execute("SELECT coalesce(max(id), 0) + 1 FROM strand").fetchone()[0]
    db.execute(
        "INSERT INTO strand VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, till, parent, *after[:2], *after, *after),
    )
    return number
