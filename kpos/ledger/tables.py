"""The tables of stammdaten.db: master data and what follows from the documents.

Each ends in the seal of its row (`sealed.py`), but the list of unknown codes and what reports
read (`reported.py`). They are never migrated: whatever is older is built anew from the journal.
"""

STAMMDATEN = """
CREATE TABLE applied (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    hash     TEXT NOT NULL,
    seal     INTEGER NOT NULL
) STRICT;
CREATE TABLE product (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    price_cents   INTEGER,             -- null: that of a condition
    deposit_cents INTEGER NOT NULL,
    tax_key       TEXT NOT NULL,
    number        INTEGER UNIQUE,
    unit          TEXT NOT NULL,
    low_stock     INTEGER,
    retired       INTEGER NOT NULL,
    seal          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE barcode (
    code    TEXT PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    product TEXT NOT NULL,
    pack_size          INTEGER,        -- of a crate; null: one piece
    pack_deposit_cents INTEGER,
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX barcode_of_product ON barcode (product);
CREATE TABLE member_group (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    retired INTEGER NOT NULL,
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,        -- empty once erased
    number       INTEGER UNIQUE,
    member_group TEXT NOT NULL,
    wallet       TEXT NOT NULL UNIQUE,
    role         TEXT NOT NULL,
    language     TEXT,
    history      INTEGER NOT NULL,
    retired      INTEGER NOT NULL,
    seal         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX member_of_name ON member (name);
CREATE TABLE wallet (
    id           TEXT PRIMARY KEY,
    member       TEXT,
    member_group TEXT,                 -- of an anonymous wallet; a member's own otherwise
    seal         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE card (
    id       TEXT PRIMARY KEY,
    code     TEXT UNIQUE,              -- null once erased
    wallet   TEXT NOT NULL,
    blocked  INTEGER NOT NULL,
    asks_pin INTEGER NOT NULL,
    seal     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX card_of_wallet ON card (wallet);
CREATE TABLE supplier (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,             -- empty once erased
    retired INTEGER NOT NULL,
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    id    TEXT NOT NULL,
    value TEXT NOT NULL,               -- JSON
    seal  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE balance (
    account TEXT PRIMARY KEY,
    cents   INTEGER NOT NULL,
    seal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE stock (
    product       TEXT NOT NULL,
    place         TEXT NOT NULL,
    quantity      INTEGER NOT NULL,    -- in lots
    cost_cents    INTEGER NOT NULL,    -- of these
    open_quantity INTEGER NOT NULL,    -- left before their delivery was booked: not positive
    seal          INTEGER NOT NULL,
    PRIMARY KEY (product, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE lot (
    id            TEXT PRIMARY KEY,
    product       TEXT NOT NULL,
    place         TEXT NOT NULL,
    position      INTEGER NOT NULL,    -- of the document that made it
    line          INTEGER NOT NULL,    -- its movement there, from 0
    quantity      INTEGER NOT NULL,    -- as it came
    cost_cents    INTEGER NOT NULL,
    quantity_left INTEGER NOT NULL,
    cost_left     INTEGER NOT NULL,
    best_before   TEXT,
    seal          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_of_product ON lot (product, place, position, line);
CREATE INDEX open_lot ON lot (product, place, position, line) WHERE quantity_left > 0;
CREATE TABLE taken (
    position   INTEGER NOT NULL,       -- what left with a line of a document and is not back
    line       INTEGER NOT NULL,
    ordinal    INTEGER NOT NULL,
    product    TEXT NOT NULL,
    place      TEXT NOT NULL,
    lot        TEXT NOT NULL,          -- '' while its delivery is not booked
    quantity   INTEGER NOT NULL,
    cost_cents INTEGER NOT NULL,
    account    TEXT NOT NULL,          -- that bears the cost
    costed     INTEGER NOT NULL,       -- position of the document that took it from its lot
    seal       INTEGER NOT NULL,
    PRIMARY KEY (position, line, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX taken_of_lot ON taken (product, lot);
CREATE TABLE house_units (
    cents_per_unit INTEGER PRIMARY KEY,
    quantity       INTEGER NOT NULL,
    seal           INTEGER NOT NULL
) STRICT;
CREATE TABLE held_units (
    wallet         TEXT NOT NULL,
    cents_per_unit INTEGER NOT NULL,
    quantity       INTEGER NOT NULL,
    seal           INTEGER NOT NULL,
    PRIMARY KEY (wallet, cents_per_unit)
) STRICT, WITHOUT ROWID;
CREATE TABLE sold_units (
    cents_per_unit INTEGER PRIMARY KEY,
    quantity       INTEGER NOT NULL,   -- what all wallets hold together
    seal           INTEGER NOT NULL
) STRICT;
CREATE TABLE history (
    wallet   TEXT NOT NULL,
    position INTEGER NOT NULL,         -- a document that this wallet's holder may look at
    named    INTEGER NOT NULL,         -- because its private part says so: can be forgotten
    seal     INTEGER NOT NULL,
    PRIMARY KEY (wallet, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE reversed (
    original INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seal     INTEGER NOT NULL,
    PRIMARY KEY (original, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE unknown_code (
    code    TEXT PRIMARY KEY,
    count   INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

# What only a paired till has: nothing of it follows from its own journal.
FEED = """
CREATE TABLE feed (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    cursor      TEXT NOT NULL,         -- of the last page that was taken over
    position    INTEGER NOT NULL,      -- of the last own document that its balances include; or 0
    hash        TEXT NOT NULL,         -- of that document
    seal        INTEGER NOT NULL
) STRICT;
CREATE TABLE reached (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    at_ms INTEGER NOT NULL,            -- wall time of an answer of the WaWi, of late
    seal  INTEGER NOT NULL
) STRICT;
CREATE TABLE staging (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT NOT NULL,              -- of the last page that is staged
    whole  INTEGER NOT NULL,           -- whether the pages began without a cursor
    seal   INTEGER NOT NULL
) STRICT;
CREATE TABLE staged (
    ordinal INTEGER PRIMARY KEY,
    change  TEXT NOT NULL,             -- JSON of entity, id, action, fields, private
    seal    INTEGER NOT NULL
) STRICT;
CREATE TABLE fed_wallet (
    wallet TEXT PRIMARY KEY,
    cents  INTEGER NOT NULL,           -- what may be spent, own documents after the feed's aside
    home   TEXT,                       -- the only till that may debit it; null: any
    seal   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE fed_stock (
    product       TEXT PRIMARY KEY,
    quantity      INTEGER NOT NULL,
    cost_cents    INTEGER,             -- null: nobody knows what it costs
    cost_quantity INTEGER,
    seal          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE own_move (
    wallet   TEXT NOT NULL,            -- what own documents after the feed's took from a wallet
    position INTEGER NOT NULL,
    cents    INTEGER NOT NULL,         -- negative: came to it
    held     INTEGER NOT NULL,         -- what the WaWi held back for it
    seal     INTEGER NOT NULL,
    PRIMARY KEY (wallet, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX own_move_position ON own_move (position);
"""
