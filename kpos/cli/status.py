"""`kpos status`: is the till there, and what did it do last?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, ask_till, data_option, existing
from kpos.cli.tables import print_row, table_options
from kpos.ledger.errors import AlreadyOpen, NoTill
from kpos.ledger.files import Folder

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection


@click.command()
@data_option
@table_options
def status(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """Show whether the till runs, and what it booked last."""
    folder = existing(data)
    try:
        row = ask_till(folder, "status", {})
    except AlreadyOpen:
        row = status_of_files(folder)
    print_row(row | _appliance(), as_json=as_json, as_csv=as_csv)


def status_of_files(folder: Folder) -> Row:
    """What the files say of a till that does not answer.

    Raises:
        LedgerError: if they cannot be read.
    """
    from kpos.clock import SystemClock
    from kpos.domain.instant import judge
    from kpos.ledger.marks import marks_row
    from kpos.ledger.reading import read_head, read_identity
    from kpos.ledger.readonly import reading_journal

    with reading_journal(folder) as db:
        identity, head = read_identity(db), read_head(db)
        wawi = _wawi_of_files(folder, db)
    if identity is None:
        msg = f"{folder.journal} is not finished: kpos init was interrupted; delete it, init anew"
        raise NoTill(msg)
    clock = SystemClock()
    trust = judge(clock.now(), head.at, head.trusted_at, head.trusted_at)
    if trust == "ahead" and clock.is_synchronised():
        trust = "ok"
    return {
        "running": False,
        "till": identity.till,
        "prefix": identity.prefix,
        "epoch": identity.epoch,
        "seq": head.seq_in(identity.epoch),
        "last_booking": str(head.at),
        "clock": trust,
        **marks_row(folder),
        **wawi,
    }


def _appliance() -> Row:
    """Which slot runs, and the last update; nothing on a machine that has no slots."""
    from kpos import __version__
    from kpos.cli.appliance import sentence, standing

    found = standing()
    if found is None:
        return {}
    return {"version": __version__, "slot": found[0], "update": sentence(found[1])}


def _wawi_of_files(folder: Folder, journal: Connection) -> Row:
    from kpos.ledger.errors import LedgerError
    from kpos.ledger.readonly import reading_as_it_is
    from kpos.ledger.status import wawi_status

    try:
        with reading_as_it_is(folder) as stammdaten:
            return wawi_status(journal, stammdaten)
    except LedgerError:
        return wawi_status(journal, None)
