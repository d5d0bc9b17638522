"""`kpos update`: a new image into the slot that does not run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from kpos.appliance import signing
from kpos.appliance.admission import Wishes, check_manifest, check_trial, needs_no_way_back
from kpos.appliance.bundle import Bundle
from kpos.appliance.grubenv import Grubenv
from kpos.appliance.install import Place, install
from kpos.appliance.record import alone, read_record
from kpos.cli import appliance
from kpos.cli.appliance import COLUMNS, found_place, here, sentence, slot_rows
from kpos.cli.backup import backup
from kpos.cli.common import data_option
from kpos.cli.fetching import fetch, show_bytes
from kpos.cli.progress import end_progress
from kpos.cli.restarting import restart_when_idle
from kpos.cli.tables import print_rows, table_options
from kpos.clock import SystemClock
from kpos.sync.download import forget

_STDIN = "-"


@click.command()
@data_option
@click.argument("source", required=False, metavar="[FILE|URL|-]")
@click.option("--from-wawi", is_flag=True, help="Fetch the newest one that this till's WaWi keeps.")
@click.option("--status", "show", is_flag=True, help="Show both slots, and the last update.")
@click.option("--allow-older", is_flag=True, help="Though it is older than what runs.")
@click.option(
    "--no-way-back",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Though what runs cannot read the books afterwards; a backup goes to FOLDER first.",
)
@click.option("--reboot", is_flag=True, help="Start it as soon as nobody is buying.")
@table_options
@click.pass_context
def update(
    context: click.Context,
    data: Path,
    source: str | None,
    no_way_back: Path | None,
    *,
    from_wawi: bool,
    show: bool,
    allow_older: bool,
    reboot: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Write a signed image to the slot that does not run; it is tried at the next start.

    The till sells on meanwhile. The new slot is started three times; when the books were verified,
    and the till has shown a picture and answered a key or a scan, it stays, else the old one is
    started again. `-` reads the image from standard input: ssh till kpos update - < FILE
    """
    asked = [source is not None, from_wawi, show]
    if sum(asked) > 1 or not (any(asked) or reboot):
        msg = "one of FILE, URL, --from-wawi, --status"
        raise click.UsageError(msg)
    place = found_place()
    if show:
        _show(place, as_json=as_json, as_csv=as_csv)
        return
    if any(asked):
        with alone(place.folder), _opened(place, data, source, older=allow_older) as stream:
            if stream is None:
                return
            bundle = _admitted(context, place, stream, data, (allow_older, no_way_back))
            _install(bundle, place)
    if reboot:
        restart_when_idle(data)


def _show(place: Place, *, as_json: bool, as_csv: bool) -> None:
    print_rows(slot_rows(place), COLUMNS, as_json=as_json, as_csv=as_csv)
    if not as_json and not as_csv:
        click.echo(f"Last update: {sentence(read_record(place.folder).last)}")


@contextmanager
def _opened(
    place: Place, data: Path, source: str | None, *, older: bool
) -> Iterator[BinaryIO | None]:
    """The update file, from wherever it comes; None: there is nothing newer.

    What was fetched goes when it was used; a part of it stays until the rest has come.
    """
    check_trial(place.slots, Grubenv(place.slots.boot, place.opener).read())
    if source is not None and not source.startswith(("http://", "https://")):
        with nullcontext(sys.stdin.buffer) if source == _STDIN else Path(source).open("rb") as file:
            yield file
        return
    fetched = fetch(place, data, source, older=older)
    if fetched is None:
        yield None
        return
    with fetched.open("rb") as stream:
        try:
            yield stream
        finally:
            forget(fetched)


def _admitted(
    context: click.Context,
    place: Place,
    stream: BinaryIO,
    data: Path,
    wished: tuple[bool, Path | None],
) -> Bundle:
    """The update, if it is to be installed here; a backup is made where there is no way back."""
    older, folder = wished
    bundle = Bundle(stream)
    signers = signing.find_signers(appliance.ROOT)
    signer = signing.signer_of(bundle.signed, bundle.signature, signers)
    manifest, runs = bundle.manifest(), here(place, data)
    check_manifest(manifest, runs, Wishes(older, folder is not None))
    click.echo(f"kpos {manifest.version} of {manifest.built_at}, signed by {signer}.")
    if folder is not None and needs_no_way_back(manifest, runs):
        context.invoke(backup, data=data, target=folder)
    return bundle


def _install(bundle: Bundle, place: Place) -> None:
    try:
        install(bundle, place, SystemClock().now(), show_bytes)
    finally:
        end_progress()
    click.echo(
        f"Slot {place.slots.other} is written and verified. It is tried at the next start"
        " (kpos update --reboot, or the till's menu); then press a digit at the till."
    )
