"""How every report is asked for and shown: its options, its table, its pictures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from kpos.cli.common import data_option, reading, zone_of
from kpos.cli.tables import print_rows, table_options
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection
    from kpos.reports.asked import Asked, By, Per
    from kpos.reports.result import Chart, Report, Row

Command: TypeAlias = Callable[..., None]
Option: TypeAlias = Literal["from", "to", "per"]
# Of a terminal that does not say; what people print has as much.
_WIDTH = 80
_THOUSANDTHS = 1000
_AHEAD_DAYS_MAX = 3650
_QUANTITIES = {"quantity", "stock", "low_stock", "sold"}


class Days(click.ParamType["tuple[date, date]"]):
    """A day, a month or a year: its first and its last day."""

    name = "day"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[date, date]:
        """Parse.

        Raises:
            Refused: saying how a day is written.
        """
        from kpos.reports.asked import parse_days

        try:
            return parse_days(str(value).strip())
        except ValueError as error:
            option = param.opts[0] if param is not None else "day"
            raise refuse("invalid", f"{option}: {error}") from error


DAYS = Days()
_OPTIONS = {
    "from": click.option(
        "--from", "first", type=DAYS, help="First day (2026-11-22, 2026-11 or 2026)."
    ),
    "to": click.option("--to", "last", type=DAYS, help="Last day, inclusive; a month whole."),
    "per": click.option(
        "--per", type=click.Choice(["day", "week", "month"]), help="A row for each of them."
    ),
}
_SVG = click.option(
    "--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw a chart into this file."
)
_CHART = click.option("--chart", "as_chart", is_flag=True, help="Draw a chart in the terminal.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for at the command line, and how it is to be shown."""

    data: Path
    asked: Callable[[tzinfo], Asked]
    svg: Path | None
    as_chart: bool
    as_json: bool
    as_csv: bool

    def show(self, report_of: Callable[[Connection, Asked], Report]) -> None:
        """Make the report and show it as a table, or as what was asked for instead.

        Raises:
            Refused: if it cannot be that long.
            LedgerError: if there is no till, or its files cannot be read.
            OSError: if a picture cannot be written.
        """
        with reading(self.data) as db:
            asked = self.asked(zone_of(db))
            try:
                report = report_of(db, asked)
            except ValueError as error:
                raise refuse("invalid", str(error)) from error
        if self.svg is not None:
            from kpos.reports.charts.svg import svg

            self.svg.write_text(svg(report.draw()), encoding="utf-8")
        if self.as_chart:
            _print_chart(report.draw())
        if self.as_json or self.as_csv or not (self.svg or self.as_chart):
            self._print_rows(report)

    def _print_rows(self, report: Report) -> None:
        if self.as_json or self.as_csv:
            print_rows(report.rows, report.columns, as_json=self.as_json, as_csv=self.as_csv)
            return
        columns = [name for name in report.columns if name != "unit"]
        total = report.total if len(report.rows) > 1 else None
        rows = [_readable(row) for row in report.rows]
        print_rows(rows, columns, as_json=False, as_csv=False, total=total)


def report_options(*names: Option, by: Sequence[str] = ()) -> Callable[[Command], Command]:
    """The options of a report, these among them; its command is given them as one `Wanted`."""

    def decorate(command: Command) -> Command:
        def called(
            data: Path,
            svg: Path | None,
            *,
            as_chart: bool,
            as_json: bool,
            as_csv: bool,
            **more: Any,  # noqa: ANN401 - options of one report
        ) -> None:
            asked = _asked(*(more.pop(name, None) for name in ("first", "last", "per", "by")))
            command(Wanted(data, asked, svg, as_chart, as_json, as_csv), **more)

        called.__name__, called.__doc__ = command.__name__, command.__doc__
        called.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
        options: list[Callable[[Any], Any]] = [data_option, *(_OPTIONS[name] for name in names)]
        if by:
            options.append(click.option("--by", type=click.Choice(by), help="A row for each."))
        for option in reversed([*options, table_options, _CHART, _SVG]):
            called = option(called)
        return called

    return decorate


def within_option(help_: str, *, default: int) -> Callable[[Command], Command]:
    """``--days``: how far a report looks ahead."""
    ahead = click.IntRange(0, _AHEAD_DAYS_MAX)
    return click.option("--days", type=ahead, default=default, show_default=True, help=help_)


def _asked(
    first: tuple[date, date] | None,
    last: tuple[date, date] | None,
    per: Per | None,
    by: By | None,
) -> Callable[[tzinfo], Asked]:
    """What was asked for, in a zone.

    Raises:
        Refused: if it ends before it begins.
    """
    from kpos.reports.asked import Asked

    begin, end = first[0] if first else None, last[1] if last else None
    if begin is not None and end is not None and begin > end:
        raise refuse("invalid", f"--from {begin} is after --to {end}")
    return lambda zone: Asked(zone, begin, end, per, by)


def _print_chart(chart: Chart) -> None:
    from kpos.reports.charts.terminal import terminal_chart

    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    for line in terminal_chart(chart, width, blocks=_shows_blocks()):
        click.echo(line)


def _shows_blocks() -> bool:
    try:
        "█▏".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _readable(row: Row) -> Row:
    """What is weighed in kilograms."""
    if row.get("unit") != "kg":
        return row
    return {
        name: _kilograms(value) if name in _QUANTITIES and value is not None else value
        for name, value in row.items()
    }


def _kilograms(thousandths: int) -> str:
    whole, rest = divmod(abs(thousandths), _THOUSANDTHS)
    return f"{'-' if thousandths < 0 else ''}{whole}.{rest:03} kg"
