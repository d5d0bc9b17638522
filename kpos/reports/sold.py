"""Sums over sold lines, which turnover, product mix and profit are made of."""

from __future__ import annotations

from kpos.domain.values import dataclass
from kpos.reports.asked import Asked, Bucket, By, Connection

NOBODY = "(without history)"

# A purchase has one first line, whatever else it has.
_SUMS = """
COALESCE(SUM(CASE WHEN sale_line.kind = 'sale' AND sale_line.line = 1 THEN 1 ELSE 0 END), 0)
    AS sales,
COALESCE(SUM(sale_line.quantity), 0) AS quantity,
COALESCE(SUM(sale_line.gross_cents), 0) AS gross,
COALESCE(SUM(sale_line.tax_cents), 0) AS tax,
COALESCE(SUM(sale_line.deposit_cents), 0) AS deposit,
COALESCE(SUM(sale_line.levy_cents), 0) AS levy,
COALESCE(SUM(sale_line.levy_tax_cents), 0) AS levy_tax,
COALESCE(SUM(sale_line.cost_cents), 0) AS cost,
COALESCE(SUM(sale_line.uncosted), 0) AS uncosted
"""
_TIME = "sale_line.at_ms >= ? AND sale_line.at_ms < ?"
_ALL = f"SELECT '' AS name, '' AS unit, '' AS of_group, {_SUMS} FROM sale_line WHERE {_TIME}"  # noqa: S608
# Names are looked up for the sums, not for every line.
_NUMBERS = "sales, quantity, gross, tax, deposit, levy, levy_tax, cost, uncosted"
_GROUP = f"""
SELECT COALESCE(member_group.name, sums.id) AS name, '' AS unit, '' AS of_group, {_NUMBERS} FROM (
    SELECT sale_line.member_group AS id, {_SUMS} FROM sale_line WHERE {_TIME}
    GROUP BY sale_line.member_group
) AS sums LEFT JOIN member_group ON member_group.id = sums.id
"""  # noqa: S608 - own names
_PRODUCT = f"""
SELECT COALESCE(product.name, sums.id) AS name, sums.unit AS unit, '' AS of_group, {_NUMBERS}
FROM (
    SELECT sale_line.product AS id, sale_line.unit AS unit, {_SUMS} FROM sale_line WHERE {_TIME}
    GROUP BY sale_line.product, sale_line.unit
) AS sums LEFT JOIN product ON product.id = sums.id
"""  # noqa: S608 - own names
_GROUP_PRODUCT = f"""
SELECT COALESCE(product.name, sums.id) AS name, sums.unit AS unit,
    COALESCE(member_group.name, sums.of_group) AS of_group, {_NUMBERS} FROM (
    SELECT sale_line.product AS id, sale_line.unit AS unit, sale_line.member_group AS of_group,
        {_SUMS} FROM sale_line WHERE {_TIME}
    GROUP BY sale_line.product, sale_line.unit, sale_line.member_group
) AS sums LEFT JOIN product ON product.id = sums.id
LEFT JOIN member_group ON member_group.id = sums.of_group
"""  # noqa: S608 - own names
# Only who keeps a history now is in `history` with purchases (named = 1).
_MEMBER = f"""
SELECT member.name AS name, '' AS unit, '' AS of_group, {_NUMBERS} FROM (
    SELECT history.wallet AS wallet, {_SUMS} FROM sale_line
    JOIN history ON history.position = sale_line.position AND history.named = 1
    WHERE {_TIME} GROUP BY history.wallet
) AS sums JOIN wallet ON wallet.id = sums.wallet
JOIN member ON member.id = wallet.member AND member.history = 1
"""  # noqa: S608 - own names


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold in a time, less what was taken back; amounts in cents."""

    name: str
    unit: str
    of_group: str
    sales: int
    quantity: int
    gross: int
    tax: int
    deposit: int
    levy: int
    levy_tax: int
    cost: int
    uncosted: int

    @property
    def turnover(self) -> int:
        """Goods and levies, gross; deposit is no turnover."""
        return self.gross + self.levy

    @property
    def all_tax(self) -> int:
        """In goods and levies."""
        return self.tax + self.levy_tax

    @property
    def net(self) -> int:
        """Turnover without tax."""
        return self.turnover - self.all_tax

    @property
    def profit(self) -> int:
        """What is left of the net when the goods are paid."""
        return self.net - self.cost


def sold(db: Connection, bucket: Bucket, by: By | None) -> list[Sold]:
    """Sums by group, product or member, the largest turnover first; else one, even of nothing.

    Of members only those who keep a history are named; all else is one more, `NOBODY`'s.
    """
    match by:
        case None:
            return _sums(db, _ALL, bucket)
        case "group":
            return _sorted(_sums(db, _GROUP, bucket))
        case "product":
            return _sorted(_sums(db, _PRODUCT, bucket))
        case "member":
            named = _sorted(_sums(db, _MEMBER, bucket))
            [everything] = _sums(db, _ALL, bucket)
            rest = _less(everything, named)
            return [*named, rest] if rest.sales or any(_numbers(rest)) else named


def sold_by_group_and_product(db: Connection, bucket: Bucket) -> list[Sold]:
    """Sums by product within each group, the largest turnover first."""
    return _sorted(_sums(db, _GROUP_PRODUCT, bucket))


def sold_buckets(db: Connection, asked: Asked) -> list[Bucket]:
    """The times that sold lines are summed up for.

    Raises:
        ValueError: if there are too many.
    """
    # One query each: both ends of the primary key are found at once.
    first = db.execute("SELECT MIN(at_ms) FROM sale_line").fetchone()[0]
    last = db.execute("SELECT MAX(at_ms) FROM sale_line").fetchone()[0]
    return asked.buckets(first, last)


def _sums(db: Connection, query: str, bucket: Bucket) -> list[Sold]:
    rows = db.execute(query, (bucket.begin_ms, bucket.end_ms)).fetchall()
    # PostgreSQL adds up to Decimal.
    return [Sold(name, unit, group, *map(int, sums)) for name, unit, group, *sums in rows]


def _sorted(found: list[Sold]) -> list[Sold]:
    return sorted(found, key=lambda each: (-each.turnover, each.name, each.of_group))


def _numbers(each: Sold) -> tuple[int, ...]:
    return (
        each.sales, each.quantity, each.gross, each.tax, each.deposit,
        each.levy, each.levy_tax, each.cost, each.uncosted,
    )  # fmt: skip


def _less(everything: Sold, named: list[Sold]) -> Sold:
    """All that nobody is named for."""
    columns = zip(_numbers(everything), *map(_numbers, named), strict=True)
    return Sold(NOBODY, "", "", *(whole - sum(parts) for whole, *parts in columns))
