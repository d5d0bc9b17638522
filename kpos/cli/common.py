"""What all commands share: the data folder, requests to the books, reading them, and errors."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from kpos.clock import SystemClock
from kpos.config import DEFAULT_DATA, ConfigError
from kpos.domain.refusal import Refusal, Refused
from kpos.ledger.errors import AlreadyOpen, Damaged, LedgerError, NotWritable
from kpos.ledger.files import Folder, Lock

if TYPE_CHECKING:
    from kpos.ledger.readonly import Connection

# Another command takes a moment, and a till that starts listens a moment after its first
# picture: two seconds in all are longer than either.
_TRIES, _PAUSE_S = 20, 0.1

F = TypeVar("F", bound=Callable[..., Any])
Row = dict[str, Any]

# Of the group a folder's is inherited: that of the admins may pass it, and no more.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_RIGHTS = (
    "use sudo, or, while the till runs, be in its group: sudo adduser USER kpos-admin, then log in"
    " anew"
)
_LAST_RESORT = "kpos verify; if that fails too, kpos restore BACKUP"
_GO_ON = "kpos restore BACKUP, or go on with what is left: kpos backup FILE, then kpos restore FILE"


def run_command(command: click.Command, arguments: Sequence[str] | None) -> NoReturn:
    """Run a command and end the process: 0 done, 1 refused, 2 wrong usage."""
    _open_standard_streams()
    _write_whatever_there_is()
    try:
        status = command.main(args=arguments, prog_name="kpos", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "kpos"
        fail(f"{error.format_message()} (see {path} --help)", status=error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("interrupted")
    except (click.ClickException, Refused, LedgerError, ConfigError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # The reader of a pipe has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(0)
        # A refused list names one fault a line.
        said = reason(error)
        fail(*(said.split("\n") if isinstance(error, Refused) else [said]))
    except UnicodeError:
        fail("what you typed is no UTF-8 text: look at the locale of this terminal")
    sys.exit(status if isinstance(status, int) else 0)


def reason(error: Exception) -> str:
    """Why something did not work, and what to do, in one line."""
    said = error.format_message() if isinstance(error, click.ClickException) else str(error)
    if isinstance(error, OSError):
        said = f"{error.filename or 'the system'}: {error.strerror or error}"
    if isinstance(error, NotWritable | PermissionError):
        said += f"; {_RIGHTS}"
    if isinstance(error, Damaged):
        said += f": stop the till, then {remedy(error)}"
    return said


def remedy(damage: Damaged) -> str:
    """The command that gets a damaged till going again."""
    if damage.code.startswith("S"):
        return "kpos rebuild"
    return _GO_ON if damage.code == "J-12" else _LAST_RESORT


def _open_standard_streams() -> None:
    """Where a stream was closed, the next file opened would be taken for it."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def fail(*lines: str, status: int = 1) -> NoReturn:
    """Say why on stderr and exit."""
    warn(f"kpos: {lines[0]}", *lines[1:])
    sys.exit(status)


def warn(*lines: str) -> None:
    """Say it on stderr; what it quotes (an argument, a file) must not move the cursor about."""
    for line in lines:
        click.echo(
            "".join(each if each.isprintable() else _escaped(each) for each in line), err=True
        )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _write_whatever_there_is() -> None:
    """A name that a terminal of the last century cannot show is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def data_option(command: F) -> F:
    """``--data DIR`` or KPOS_DATA: where the till keeps its files."""
    return click.option(
        "--data",
        envvar="KPOS_DATA",
        # Who may pass the folder and not list it may ask the till that runs there.
        type=click.Path(path_type=Path, readable=False),
        default=DEFAULT_DATA,
        show_default=True,
        help="The data folder of the till (or KPOS_DATA).",
    )(command)


def request(data: Path, name: str, /, **arguments: Any) -> Row:  # noqa: ANN401
    """Have the books do something: by the running till, or, while none runs, by ourselves.

    Raises:
        Refused: nothing was changed.
        LedgerError: nothing was changed.
    """
    import time

    folder = existing(data)
    for _ in range(_TRIES - 1):
        try:
            return _request(folder, name, arguments)
        except AlreadyOpen:
            time.sleep(_PAUSE_S)
    return _request(folder, name, arguments)


def _request(folder: Folder, name: str, arguments: Row) -> Row:
    from kpos.ledger.books import Books
    from kpos.ledger.office import perform

    try:
        books = Books(folder, SystemClock())
    except AlreadyOpen:
        return ask_till(folder, name, arguments)
    except NotWritable:
        # Of the admins' group, who may tell a running till what they may not do themselves.
        with suppress(AlreadyOpen):
            return ask_till(folder, name, arguments)
        raise
    try:
        return perform(books, name, arguments, author())
    finally:
        books.close()
        give_to_owner(folder)


def author() -> str:
    """Who books at the command line."""
    return f"uid:{os.getuid()}"


def ask_till(folder: Folder, name: str, arguments: Row) -> Row:
    """Have the running till do something.

    Raises:
        Refused: nothing was changed.
        AlreadyOpen: no till listens; nothing was asked.
        LedgerError: the disk or the files are at fault, or the till went away meanwhile.
    """
    from kpos.terminal.control import ask

    try:
        answer = ask(folder.control_socket, name, arguments)
    except PermissionError as error:
        msg = f"the till in {folder.path} runs, and user {os.getuid()} may not ask it"
        raise NotWritable(msg) from error
    except (FileNotFoundError, ConnectionRefusedError) as error:
        msg = f"another kpos is using {folder.path}; try again when it is done"
        raise AlreadyOpen(msg) from error
    except (OSError, ValueError) as error:
        # It was asked: asking again could book twice.
        msg = f"the till gave no answer ({error}): see in kpos journal whether it was done"
        raise LedgerError(msg) from error
    if "refused" in answer:
        raise Refused(Refusal(answer["refused"]["code"], answer["refused"]["message"]))
    if "failed" in answer:
        raise LedgerError(answer["failed"])
    done: Row = answer["done"]
    return done


def existing(data: Path) -> Folder:
    """The folder of a till that is there.

    Raises:
        LedgerError: with what to do.
    """
    folder = Folder(data)
    if not folder.has_till():
        raise folder.no_till()
    return folder


@contextmanager
def alone(data: Path, *, missing_ok: bool = False) -> Iterator[Folder]:
    """A data folder that no till uses meanwhile.

    The lock is only tried: what is done inside takes it for itself.

    Raises:
        AlreadyOpen: while a till runs.
    """
    folder = Folder(data) if missing_ok else existing(data)
    if folder.path.exists():
        try:
            Lock(folder).release()
        except AlreadyOpen as error:
            msg = (
                f"a till runs in {data}: stop it first (sudo systemctl stop kpos, or end its"
                " kpos run), then try again"
            )
            raise AlreadyOpen(msg) from error
    yield folder
    give_to_owner(folder)


@contextmanager
def reading(data: Path) -> Iterator[Connection]:
    """stammdaten.db, read-only, in step with the journal.

    Raises:
        LedgerError: with what to do.
    """
    from kpos.ledger.readonly import reading_stammdaten

    with reading_stammdaten(existing(data), SystemClock()) as db:
        yield db


def zone_of(db: Connection) -> tzinfo:
    """The zone of the books; UTC where this machine does not know it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from kpos.ledger import stammdaten

    try:
        return ZoneInfo(stammdaten.settings(db).zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def give_to_owner(folder: Folder) -> None:
    """What root made in the folder of a till belongs to the till alone, which is not root."""
    if os.geteuid() != 0:
        return
    owner = folder.path.stat()
    for path in folder.path.iterdir():
        found = path.lstat()
        if found.st_uid != owner.st_uid and found.st_nlink == 1 and not path.is_symlink():
            with suppress(OSError):
                path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
                os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
