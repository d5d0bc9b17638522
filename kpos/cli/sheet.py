"""`kpos sheet`: paper that belongs beside a till."""

from __future__ import annotations

from pathlib import Path

import click

from kpos.cli.common import data_option, reading
from kpos.cli.paper import Paper
from kpos.config import load_config
from kpos.domain.member import LANGUAGES, Language
from kpos.domain.settings import Settings
from kpos.ledger.files import Folder

_LINK_MAX = 200


@click.group()
def sheet() -> None:
    """Print what hangs beside the till."""


@sheet.command()
@data_option
@click.option("--config", type=click.Path(path_type=Path), help="kpos.toml (/etc/kpos/kpos.toml).")
@click.option("--language", type=click.Choice(LANGUAGES), help="Instead of kpos.toml's.")
@click.option("--title", help="Instead of the till's name.")
@click.option("--ask", default="", help="Whom to ask, e.g. 'Grace oder Ken'.")
@click.option("--link", default="", help="An address for a QR code, e.g. of the house's wiki.")
@click.argument("file")
def wall(
    data: Path,
    config: Path | None,
    language: Language | None,
    title: str | None,
    ask: str,
    link: str,
    file: str,
) -> None:
    """Write FILE (.pdf, .svg, or - for standard output): one page of A4 for the wall.

    How to buy and to undo, what the sounds mean, whom to ask; with the name of the till and how
    long it undoes. Without a till yet: as a new one is.
    """
    from kpos.reports.paper.wall import Wall
    from kpos.reports.paper.wall import wall as drawn

    if len(link) > _LINK_MAX:
        msg = f"--link has at most {_LINK_MAX} characters: more makes a QR code no phone reads"
        raise click.UsageError(msg)
    paper = Paper(file, private=False)
    till = load_config(config).till
    said = Wall(title or till.name, _undo_minutes(data), ask, link)
    paper.write([drawn(said, language or till.language)], "a sheet for the wall")


def _undo_minutes(data: Path) -> int:
    from kpos.ledger import stammdaten

    if not Folder(data).has_till():
        return Settings().undo_minutes
    with reading(data) as db:
        return stammdaten.settings(db).undo_minutes
