"""`kpos doctor`: what may be wrong with this machine, each with a remedy.

Every check is a function that yields findings; none changes anything. `kpos.cli.checks` has them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kpos.cli.checks.books import check_data_folder, check_files
from kpos.cli.checks.devices import check_devices
from kpos.cli.checks.finding import Check, Patient, examine
from kpos.cli.checks.keeping import check_backups, check_verified
from kpos.cli.checks.machine import (
    check_clock,
    check_config,
    check_disk,
    check_socket,
    check_versions,
)
from kpos.cli.checks.update import check_update
from kpos.cli.common import data_option
from kpos.cli.tables import print_rows, table_options
from kpos.ledger.files import Folder

CHECKS: tuple[Check, ...] = (
    check_versions,
    check_update,
    check_data_folder,
    check_disk,
    check_files,
    check_backups,
    check_verified,
    check_clock,
    check_config,
    check_socket,
    check_devices,
)


@click.command()
@data_option
@click.option("--config", type=click.Path(path_type=Path), help="kpos.toml (/etc/kpos/kpos.toml).")
@table_options
def doctor(data: Path, config: Path | None, *, as_json: bool, as_csv: bool) -> None:
    """Check versions, rights, disk, files, clock, config and devices; exit 1 if one fails."""
    patient = Patient(Folder(data), config)
    findings = [finding for check in CHECKS for finding in examine(check, patient)]
    if as_json or as_csv:
        rows = [finding._asdict() for finding in findings]
        columns = ["check", "state", "finding", "remedy"]
        print_rows(rows, columns, as_json=as_json, as_csv=as_csv)
    else:
        for finding in findings:
            click.echo(f"{finding.state:<4}  {finding.check}: {finding.finding}")
            if finding.remedy:
                click.echo(f"      -> {finding.remedy}")
    if any(finding.state == "fail" for finding in findings):
        sys.exit(1)
