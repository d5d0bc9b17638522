"""`kpos wawi update`: images that tills fetch from here."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import warn
from kpos.cli.tables import print_rows, table_options
from kpos.cli.wawi import set_up, wawi_data_option


@click.group("update")
def update_() -> None:
    """Keep update files for tills: kpos update --from-wawi, there."""


@update_.command()
@wawi_data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def add(data: Path, file: Path) -> None:
    """Keep the update FILE; tills of its architecture may fetch it from now on.

    Its signature is checked against `update-signers` in the data folder, if that file is there. A
    till checks it in any case, against its own.
    """
    set_up(data)
    from kpos.wawi import updates

    kept, signer = updates.add(data, file)
    if signer is None:
        warn(f"Whoever signed it was not looked at: there is no {data / updates.SIGNERS_FILE}.")
    by = f", signed by {signer}" if signer is not None else ""
    click.echo(f"Kept: kpos {kept.version} for {kept.arch}{by}.")


@update_.command("list")
@wawi_data_option
@table_options
def list_updates(data: Path, *, as_json: bool, as_csv: bool) -> None:
    """List what is kept; of each architecture, tills get the newest."""
    set_up(data)
    from kpos.wawi import updates

    columns = ["version", "arch", "built_at", "size", "journal_version"]
    rows = [
        {
            "version": each.manifest.version,
            "arch": each.manifest.arch,
            "built_at": str(each.manifest.built_at),
            "size": each.size,
            "journal_version": each.manifest.journal_version,
        }
        for each in updates.kept(data)
    ]
    print_rows(rows, columns, as_json=as_json, as_csv=as_csv)


@update_.command()
@wawi_data_option
@click.argument("version")
@click.argument("arch")
def remove(data: Path, version: str, arch: str) -> None:
    """Forget the update of VERSION for ARCH; tills that have it keep it."""
    set_up(data)
    from kpos.wawi import updates

    updates.remove(data, version, arch)
    click.echo(f"Forgotten: kpos {version} for {arch}.")
