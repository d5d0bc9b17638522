"""`kpos metrics`: figures of the till for Prometheus, as its node exporter reads them from a file.

Nothing of them is about a person. docs/operating.md says what each is good for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from kpos import __version__
from kpos.cli.common import Row, ask_till, data_option, existing
from kpos.cli.status import status_of_files
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger.errors import AlreadyOpen
from kpos.ledger.files import Folder
from kpos.ledger.marks import backups, verified

_MS_PER_S = 1000
# An exporter runs as a user of its own.
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric and what it is now; `labels` in braces, or nothing."""

    name: str
    kind: str
    says: str
    value: int | str
    labels: str = ""


@click.command()
@data_option
@click.option(
    "--write",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="To this file, which is there whole at any time; the exporter wants it to end in .prom.",
)
def metrics(data: Path, target: Path | None) -> None:
    """Print figures of the till in the text format of Prometheus."""
    folder = existing(data)
    try:
        row = ask_till(folder, "status", {})
    except AlreadyOpen:
        row = status_of_files(folder)
    text = "".join(f"{line}\n" for line in lines(figures(row, folder)))
    if target is None:
        click.echo(text, nl=False)
        return
    part = target.with_name(f"{target.name}.part")
    part.write_text(text, encoding="utf-8")
    part.chmod(_MODE)
    part.replace(target)


def figures(row: Row, folder: Folder) -> Iterator[Figure]:
    """What `kpos status` says, and the files, in figures."""
    who = _labels(version=__version__, prefix=row["prefix"], till=row["till"])
    yield Figure("kpos_info", "gauge", "Which till this is.", 1, who)
    yield Figure("kpos_up", "gauge", "Whether the till runs and answers.", int(row["running"]))
    says = "Documents in the journal, in its present epoch."
    yield Figure("kpos_documents_total", "counter", says, row["seq"])
    says = "When the last document was booked."
    yield Figure(
        "kpos_last_booking_timestamp_seconds", "gauge", says, _seconds(row["last_booking"])
    )
    yield Figure("kpos_clock_ok", "gauge", "Whether the clock is believed.", row["clock"] == "ok")
    size = folder.journal.stat().st_size
    yield Figure("kpos_journal_bytes", "gauge", "Size of journal.db.", size)
    disk = os.statvfs(folder.path)
    free = disk.f_bavail * disk.f_frsize
    yield Figure("kpos_disk_free_bytes", "gauge", "Room left for the books.", free)
    yield from _kept(folder)
    if "wawi" in row:
        yield from _wawi(row)


def _kept(folder: Folder) -> Iterator[Figure]:
    known = backups(folder)
    if known:
        says = "When the books were last backed up and the copy verified."
        at = _seconds(str(known[0].at))
        yield Figure("kpos_backup_last_success_timestamp_seconds", "gauge", says, at)
        says = "Documents in the last backup."
        yield Figure("kpos_backup_documents", "gauge", says, known[0].documents)
    last = verified(folder)
    if last is not None:
        says = "When the books were last verified as a whole."
        at = _seconds(str(last.at))
        yield Figure("kpos_verify_last_timestamp_seconds", "gauge", says, at)
        says = "Whether the last verification found the books whole."
        yield Figure("kpos_verify_ok", "gauge", says, not last.damage)


def _wawi(row: Row) -> Iterator[Figure]:
    says = "Documents that the WaWi does not hold yet."
    yield Figure("kpos_wawi_unsent_documents", "gauge", says, row["wawi_unsent"] or 0)
    if row["wawi_reached"] is not None:
        says = "When the WaWi was last reached."
        at = _seconds(row["wawi_reached"])
        yield Figure("kpos_wawi_reached_timestamp_seconds", "gauge", says, at)
    if "wawi_trouble" in row:
        says = "Whether nothing is wrong with the WaWi, as far as the running till knows."
        yield Figure("kpos_wawi_ok", "gauge", says, not row["wawi_trouble"])


def lines(all_of_them: Iterator[Figure]) -> Iterator[str]:
    """The exposition format."""
    for each in all_of_them:
        yield f"# HELP {each.name} {each.says}"
        yield f"# TYPE {each.name} {each.kind}"
        value = int(each.value) if isinstance(each.value, bool) else each.value
        yield f"{each.name}{each.labels} {value}"


def _seconds(at: str) -> str:
    seconds, ms = divmod(Instant.parse(at).ms, _MS_PER_S)
    return f"{seconds}.{ms:03}"


def _labels(**values: object) -> str:
    """Names and numbers of our own: a prefix has neither quotes nor backslashes."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in values.items()) + "}"
