"""`kpos verify`: are the books as they were written?"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click

from kpos.cli.common import data_option, existing, fail, give_to_owner, reason
from kpos.cli.progress import end_progress, show_progress
from kpos.clock import SystemClock
from kpos.ledger.errors import Damaged
from kpos.ledger.files import Folder
from kpos.ledger.marks import Verified, note_verified


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, what is damaged too.")
def verify(data: Path, *, as_json: bool) -> None:
    """Check every document, the chain, all sums, and what follows."""
    from kpos.ledger.verify import verify as check

    folder = existing(data)
    try:
        found = check(folder, show_progress)
    except Damaged as damage:
        end_progress()
        _note(folder, 0, damage)
        if not as_json:
            fail(reason(damage))
        click.echo(json.dumps({"damage": damage.code, "detail": damage.detail}))
        sys.exit(1)
    end_progress()
    _note(folder, found.documents)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    compared = "projections agree" if found.projections_compared else "no projections yet"
    click.echo(f"{found.documents} documents, {found.receipts} receipts: all right; {compared}.")
    click.echo(f"Head: {found.head}")


def _note(folder: Folder, documents: int, damage: Damaged | None = None) -> None:
    """Remember it beside the books, for `kpos status` and `kpos doctor`; if this user may."""
    code, detail = (damage.code, damage.detail) if damage is not None else ("", "")
    with suppress(OSError):
        note_verified(folder, Verified(SystemClock().now(), documents, code, detail))
        give_to_owner(folder)
