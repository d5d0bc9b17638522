"""What the commands read of cash boxes, their books, and closings."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from kpos.cli.common import Row, existing, reading
from kpos.cli.tables import print_rows
from kpos.domain.cashing import CASH, member_cash
from kpos.domain.document import Document
from kpos.domain.ids import Id, is_id
from kpos.domain.instant import Instant

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection
    from kpos.reports.cash_book import Part

_READER = "-reader"
Days = tuple[datetime | None, datetime | None]


def boxes(db: Connection) -> list[Row]:
    """Every cash account that was ever used, as people call it, and what must be in it."""
    query = "SELECT account, cents FROM balance WHERE account LIKE 'cash:%' ORDER BY account"
    return [
        {"box": box_name(db, account), "account": account, "expected_cents": cents}
        for account, cents in db.execute(query).fetchall()
    ]


def box_name(db: Connection, account: str) -> str:
    """What a cash account is called at the command line."""
    from kpos.ledger import stammdaten

    holder = account.removeprefix(CASH)
    if is_id(holder):
        member = stammdaten.member(db, Id(holder))
        return member.name if member is not None and member.name else holder
    return "reader" if account.endswith(_READER) else "till"


def account_of(data: Path, box: str) -> str:
    """The account of a cash box by its name."""
    from kpos.ledger.office import find
    from kpos.ledger.readonly import check_journal

    identity, _head = check_journal(existing(data))
    assert identity is not None, "a till that exists has an identity"
    if box in ("till", "reader"):
        return identity.cash_account + (_READER if box == "reader" else "")
    with reading(data) as db:
        return member_cash(find.member(db, box).id)


def print_cash_book(data: Path, account: str, days: Days, *, as_json: bool, as_csv: bool) -> None:
    """The cash book of an account, or the part of it between two days."""
    from kpos.ledger.reading import position_of, read_documents, read_private
    from kpos.ledger.readonly import reading_journal
    from kpos.reports.cash_book import COLUMNS, Part, cash_book

    first, last = (each.date() if each is not None else None for each in days)
    zone = zone_of(data)
    with reading_journal(existing(data)) as journal:
        after, part = _taken_up(journal, account, Part(zone, first, last))

        def note(document: Document) -> str | None:
            private = read_private(journal, position_of(document)) or {}
            return private.get("note")

        documents = read_documents(journal, after, mention=f'"{account}"')
        rows = cash_book(documents, account, note, part)
    print_rows(rows, COLUMNS, as_json=as_json, as_csv=as_csv)


def _taken_up(journal: Connection, account: str, part: Part) -> tuple[int, Part]:
    """After which document the part is read: the last closing before its first day."""
    from dataclasses import replace

    from kpos.ledger.closings import closings
    from kpos.ledger.reading import position_of

    if part.first is None:
        return 0, part
    for document, closing in closings(journal):
        if document.clock == "ok" and day_of(document, part.zone) < part.first:
            for cash in closing.cash:
                if cash.account == account:
                    part = replace(part, number=cash.entries, balance_cents=cash.expected_cents)
            return position_of(document), part
    return 0, part


def day_of(document: Document, zone: tzinfo) -> date:
    """The day a document was booked on."""
    return Instant.parse(document.at).as_datetime().astimezone(zone).date()


def zone_of(data: Path) -> tzinfo:
    """The zone of the books; UTC where this machine does not know it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from kpos.ledger import stammdaten

    with reading(data) as db:
        name = stammdaten.settings(db).zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
