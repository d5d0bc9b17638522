"""What reports read: `sale_line`, what was sold line by line, and `posting_sum`, the money by time.

The lines of a sale stand at the sale's time, what was taken back at the reversal's, negated. So a
sum over any rows is what was sold less what came back, and a sum over a time needs these alone.

Postings are summed up by quarter of an hour, in which every day of every time zone begins: what
that takes grows with the hours of opening, not with the documents. All wallets are one account
there, so that nobody's purchases can be read from it.

Neither has seals: no credit is read from them, and reports add up more rows than could be checked
one by one. `kpos verify` finds what a fallen bit changed in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import Document, Json
from kpos.domain.instant import Instant
from kpos.ledger.database import Database
from kpos.ledger.moving import by_line
from kpos.ledger.places import Places

TABLES = """
CREATE TABLE sale_line (
    at_ms          INTEGER NOT NULL,   -- the document's time, UTC
    position       INTEGER NOT NULL,
    line           INTEGER NOT NULL,   -- of the sale, of a reversal too
    kind           TEXT NOT NULL,      -- sale or reversal, whose numbers are negative
    product        TEXT NOT NULL,
    member_group   TEXT NOT NULL,
    tax_key        TEXT NOT NULL,
    unit           TEXT NOT NULL,
    quantity       INTEGER NOT NULL,   -- thousandths where weighed
    gross_cents    INTEGER NOT NULL,   -- goods without charges
    tax_cents      INTEGER NOT NULL,   -- in them
    deposit_cents  INTEGER NOT NULL,
    levy_cents     INTEGER NOT NULL,   -- gross
    levy_tax_cents INTEGER NOT NULL,   -- in them
    cost_cents     INTEGER NOT NULL,   -- of what is costed
    uncosted       INTEGER NOT NULL,   -- quantity whose cost is not known yet
    PRIMARY KEY (at_ms, position, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE posting_sum (
    quarter INTEGER NOT NULL,          -- quarters of an hour since 1970, UTC
    account TEXT NOT NULL,             -- all wallets as `wallet`, none of `clearing`
    kind    TEXT NOT NULL,             -- of the document; of the original, where one is reversed
    cents   INTEGER NOT NULL,
    PRIMARY KEY (quarter, account, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_purchase ON history (position) WHERE named = 1;
"""

QUARTER_MS = 900_000


def put_sale(db: Database, places: Places, sale: Document) -> None:
    """The lines of a sale."""
    _put(db, places.position(sale), sale, sale)


def put_reversal(db: Database, places: Places, reversal: Document, sale: Document) -> None:
    """What a reversal takes back of a sale; without lines all of it."""
    _put(db, places.position(reversal), reversal, sale)


def add_costs(db: Database, places: Places, costing: Document) -> None:
    """What a costing says of goods that were sold, on the day of their sale."""
    for item in costing.body["items"]:
        sale = places.named(costing, item["of"])
        if sale is None or sale.kind != "sale":
            continue
        position = places.position_named(costing, item["of"])
        key = (Instant.parse(sale.at).ms, position, item["line"])
        db.execute(
            "UPDATE sale_line SET cost_cents = cost_cents + ?, uncosted = uncosted - ?"
            " WHERE at_ms = ? AND position = ? AND line = ?",
            (item["cost_cents"], item["quantity"], *key),
        )


class Postings:
    """What is to be added to `posting_sum`, gathered: each row is written once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sums: dict[tuple[int, str, str], int] = {}

    def add(self, document: Document, kind: str) -> None:
        """The postings of a document, as ones of `kind`."""
        sums: dict[str, int] = {}
        for posting in document.postings:
            account = "wallet" if posting.account.startswith("wallet:") else posting.account
            sums[account] = sums.get(account, 0) + posting.cents
        sums.pop("clearing", None)
        quarter = Instant.parse(document.at).ms // QUARTER_MS
        for account, cents in sums.items():
            if cents:
                key = (quarter, account, kind)
                self._sums[key] = self._sums.get(key, 0) + cents

    def write(self) -> None:
        """Now."""
        rows = [(*key, cents) for key, cents in self._sums.items()]
        self._sums.clear()
        self._db.executemany(
            "INSERT INTO posting_sum VALUES (?, ?, ?, ?)"
            " ON CONFLICT (quarter, account, kind)"
            " DO UPDATE SET cents = posting_sum.cents + excluded.cents",
            rows,
        )


def _put(db: Database, position: int, document: Document, sale: Document) -> None:
    """The lines of a sale, or what its reversal takes back; without lines all of it."""
    at_ms = Instant.parse(document.at).ms
    sign = 1 if document.kind == "sale" else -1
    sold = {line["line"]: line for line in sale.body["lines"]}
    costs: dict[int, int] = {}
    uncosted: dict[int, int] = {}
    for number, _, movement in by_line(sale, document):
        costs[number] = costs.get(number, 0) - (movement.cost_cents or 0)
        if movement.lot is None:
            uncosted[number] = uncosted.get(number, 0) - movement.quantity
    for line in document.body["lines"] or sale.body["lines"]:
        number = line["line"]
        what = sold[number]
        words = (what["product"], sale.body["group"], what["tax_key"], what["unit"])
        quantity = sign * line["quantity"]
        numbers = (sign * cents for cents in _amounts(line))
        cost = (costs.get(number, 0), uncosted.get(number, 0))
        row = (at_ms, position, number, document.kind, *words, quantity, *numbers, *cost)
        db.execute(f"INSERT INTO sale_line VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def _amounts(line: Mapping[str, Json]) -> tuple[int, int, int, int, int]:
    """Gross and tax of the goods, deposit, levies and the tax in these."""
    deposit = levy = levy_tax = 0
    for charge in line["charges"]:
        if charge["account"] == "deposit":
            deposit += charge["gross_cents"]
        else:
            levy += charge["gross_cents"]
            levy_tax += charge["tax_cents"]
    return line["gross_cents"], line["tax_cents"], deposit, levy, levy_tax
