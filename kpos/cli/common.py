"""What all commands share: the data folder, requests to the books, errors, and tables."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from kpos.clock import SystemClock
from kpos.config import DEFAULT_DATA, ConfigError
from kpos.domain.money import Money
from kpos.domain.refusal import Refusal, Refused
from kpos.ledger.errors import AlreadyOpen, LedgerError, NoTill
from kpos.ledger.files import Folder

F = TypeVar("F", bound=Callable[..., Any])
Row = dict[str, Any]


def run_command(command: click.Command, arguments: Sequence[str] | None) -> None:
    """Run a command and end the process: 0 done, 1 refused, 2 wrong usage."""
    try:
        status = command.main(args=arguments, prog_name="kpos", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("interrupted")
    except (Refused, LedgerError, ConfigError) as error:
        fail(str(error))
    except BrokenPipeError:
        # The reader of a pipe has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except OSError as error:
        fail(f"{error.filename or 'the system'}: {error.strerror or error}")
    sys.exit(status if isinstance(status, int) else 0)


def fail(message: str) -> None:
    """Say why on stderr and exit 1."""
    click.echo(f"kpos: {message}", err=True)
    sys.exit(1)


def data_option(command: F) -> F:
    """``--data DIR`` or KPOS_DATA: where the till keeps its files."""
    return click.option(
        "--data",
        envvar="KPOS_DATA",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_DATA,
        show_default=True,
        help="The data folder of the till (or KPOS_DATA).",
    )(command)


def table_options(command: F) -> F:
    """``--json`` and ``--csv`` of every listing."""
    as_csv = click.option("--csv", "as_csv", is_flag=True, help="As CSV with a header line.")
    as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
    return as_json(as_csv(command))


class Amount(click.ParamType):
    """``20``, ``20.00`` or ``20,00``."""

    name = "amount"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Money:
        """Parse, or say what an amount looks like."""
        if isinstance(value, Money):
            return value
        try:
            return Money.parse(str(value).strip())
        except ValueError as error:
            self.fail(str(error), param, ctx)


AMOUNT = Amount()


def request(data: Path, name: str, **arguments: Any) -> Row:  # noqa: ANN401
    """Have the books do something: by the running till, or, while none runs, by ourselves.

    Raises:
        Refused: nothing was changed.
        LedgerError: nothing was changed.
    """
    from kpos.ledger.books import Books
    from kpos.ledger.office import perform

    folder = Folder(data)
    try:
        books = Books(folder, SystemClock())
    except AlreadyOpen:
        return _ask_till(folder, name, arguments)
    try:
        return perform(books, name, arguments, f"uid:{os.getuid()}")
    finally:
        books.close()


def _ask_till(folder: Folder, name: str, arguments: Row) -> Row:
    from kpos.terminal.control import ask

    try:
        answer = ask(folder.control_socket, name, arguments)
    except PermissionError as error:
        msg = f"the till in {folder.path} runs: be root or in group kpos-admin to change it"
        raise LedgerError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"another kpos is using {folder.path}; try again when it is done"
        raise AlreadyOpen(msg) from error
    if "refused" in answer:
        raise Refused(Refusal(answer["refused"]["code"], answer["refused"]["message"]))
    if "failed" in answer:
        raise LedgerError(answer["failed"])
    done: Row = answer["done"]
    return done


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """stammdaten.db, read-only, in step with the journal.

    Raises:
        LedgerError: with what to do.
    """
    from kpos.ledger.readonly import open_stammdaten_readonly

    folder = Folder(data)
    if not folder.journal.exists():
        msg = f"there is no till in {data}: create it with kpos init --data {data}"
        raise NoTill(msg)
    db = open_stammdaten_readonly(folder, SystemClock())
    try:
        yield db
    finally:
        db.close()


def print_rows(rows: Sequence[Row], *, as_json: bool, as_csv: bool) -> None:
    """A listing: columns for people, or JSON, or CSV. Rows have the same keys."""
    if as_json:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif as_csv:
        _print_csv(rows)
    else:
        _print_table(rows)


def _print_csv(rows: Sequence[Row]) -> None:
    import csv

    if rows:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _print_table(rows: Sequence[Row]) -> None:
    """Amounts (``…_cents``) as money at the right, everything else as text at the left."""
    if not rows:
        click.echo("(none)")
        return
    columns = {name: [_cell(name, row[name]) for row in rows] for name in rows[0]}
    titles = {name: name.removesuffix("_cents").replace("_", " ") for name in columns}
    widths = {name: max(len(titles[name]), *map(len, cells)) for name, cells in columns.items()}
    lines = [[titles[name] for name in columns]]
    lines += [[columns[name][index] for name in columns] for index in range(len(rows))]
    for line in lines:
        cells = []
        for name, cell in zip(columns, line, strict=True):
            right = name.endswith("_cents") or isinstance(rows[0][name], int)
            cells.append(cell.rjust(widths[name]) if right else cell.ljust(widths[name]))
        click.echo("  ".join(cells).rstrip())


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name.endswith("_cents") and isinstance(value, int):
        return str(Money(value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def secret_from(value: str) -> str:
    """A secret given as ``-``: the first line of standard input, since arguments show in `ps`.

    Raises:
        click.UsageError: if it was given as an argument.
    """
    if value != "-":
        msg = "secrets are read from standard input: use - and pipe it in"
        raise click.UsageError(msg)
    return sys.stdin.readline().rstrip("\r\n")
