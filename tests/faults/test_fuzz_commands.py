"""Any arguments to any command: status 0, 1 or 2, a reason in words, and books that verify.

The commands are those of the real click tree, with the options they declare; what stands in them is
drawn from what people type, what a shell may hand over, and what the shop has.
"""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from kpos.cli import cli, main
from kpos.ledger.files import Folder
from kpos.ledger.reading import read_head
from kpos.ledger.readonly import reading_journal
from kpos.ledger.verify import verify
from tests.cli.admin import Stdin
from tests.kiosk import BARCODES, MATE, build_shop
from tests.process.jsonl_till import ROOT, kpos

HOSTILE = [
    "", " ", "-", "--", "-1", "0", "1e3", "9" * 30, "9" * 5000, "-" + "9" * 30, "0x10", "NaN",
    "1,505", "٣", "a\nb", "\x1b[2J", "\udcff", "\u2028", "\u202e", "🦄", "x" * 300,
    "x" * 9999, "%s%n", "{}", "'; DROP TABLE document; --", "*", "~", "../..", "1:1", "1:", "K1-",
    "K1-000001", "K1-999999999999", "1/1", "99999999999999999999/1", "18446744073709551616",
]  # fmt: skip
KNOWN = [
    *BARCODES.values(), "Ada", "Grace", "42", "12", "8", "CARD-ADA", "CARD-TONY", "GUEST-1",
    "members", "guests", "1", "5", "20.00", "0,50", "K1-000030", "K1-000050", "3:1", "0", "zone",
    "in_store_layouts", "free_limit_cents", "Europe/Berlin", "off", "top_up", "2026-11-22",
]  # fmt: skip
# Beside the data folder: a folder, what is no database, a backup, a list, and what is not there.
PLACES = ["folder", "empty", "noise", "backup.db", "members.csv", "none", "none/none", "/dev/full"]
LIST = f"name;number;card;credit\nJoan;5;CARD-JOAN;3,50\n;;;\nAda;;{MATE};x\n"
# They sell, serve or show something until somebody stops them; the second test starts the first.
ENDLESS = {("run",), ("demo",), ("wawi", "serve"), ("out-of-order",)}
# They change the machine that they are typed at; tests of their own have another root for them.
OF_THE_MACHINE = {("install-units",), ("setup",)}
INTERNALS = ("Traceback", "sqlite3.", " object at 0x", "Error(", "<class", '  File "')
# A list that is imported is answered line by line.
LINES_MAX = 6

words = st.one_of(st.sampled_from(HOSTILE), st.sampled_from(KNOWN), st.sampled_from(KNOWN))
places = st.sampled_from(PLACES)
# No system hands over a NUL.
texts = st.one_of(
    words, words, st.text(st.characters(codec=None, exclude_characters="\0"), max_size=20)
)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to every command that does something."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))
            elif (*path, name) not in ENDLESS | OF_THE_MACHINE:
                yield (*path, name)


def command_at(path: tuple[str, ...]) -> click.Command:
    found: click.Command = cli
    for name in path:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or found
    return found


def value_of(parameter: click.Parameter) -> st.SearchStrategy[str]:
    """What stands behind an option, mostly of the right kind."""
    if isinstance(parameter.type, click.Path):
        return st.one_of(places, places, texts)
    if isinstance(parameter.type, click.Choice):
        return st.one_of(st.sampled_from(list(parameter.type.choices)), texts)
    if parameter.name == "pin":
        return st.one_of(st.just("-"), texts)
    return texts


@st.composite
def lines_typed(draw) -> list[str]:
    """A command, its arguments, and some of its options; now and then too many, or unknown ones."""
    path = draw(st.sampled_from(sorted(commands(cli))))
    arguments = list(path)
    for parameter in command_at(path).params:
        if isinstance(parameter, click.Argument):
            if draw(st.integers(0, 19)):
                arguments.append(draw(value_of(parameter)))
        elif parameter.name == "data":
            if not draw(st.integers(0, 9)):
                arguments += ["--data", draw(st.one_of(places, texts))]
        elif draw(st.integers(0, 9)) < (9 if parameter.required else 3):
            arguments.append(draw(st.sampled_from(parameter.opts)))
            if not (isinstance(parameter, click.Option) and parameter.is_flag):
                arguments.append(draw(value_of(parameter)))
    if not draw(st.integers(0, 19)):
        arguments.insert(draw(st.integers(0, len(arguments))), draw(texts))
    return arguments


class Ran(NamedTuple):
    """How a command went."""

    status: object
    out: str
    err: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till, and a folder that commands are typed in."""
    path = tmp_path_factory.mktemp("commands")
    build_shop(path / "data")
    (path / "folder").mkdir()
    (path / "empty").touch()
    (path / "noise").write_bytes(bytes(range(256)) * 64)
    (path / "members.csv").write_text(LIST, "utf-8")
    shutil.copy(path / "data/journal.db", path / "backup.db")
    return path


@pytest.fixture
def desk(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a shell stands; `lay_out` puts everything in its place again."""
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    monkeypatch.setenv("KPOS_DATA", "data")
    return desk


def lay_out(shop: Path, desk: Path) -> None:
    for path in desk.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(shop, desk, dirs_exist_ok=True)


def typed(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.setattr("sys.stdin", Stdin("271828\n"))
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(arguments)
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Ran(ended.value.code, *said)


def check(ran: Ran, desk: Path, before: Path) -> None:
    assert ran.status in (0, 1, 2), ran
    assert not any(internal in ran.err for internal in INTERNALS), ran.err
    if ran.status != 0:
        check_reason(ran)
        assert head(desk / "data") == head(before / "data"), "refused, and booked"
        for left in {path.name for path in desk.iterdir()} - {
            path.name for path in before.iterdir()
        }:
            # A folder that was to be restored into a bad backup: still empty.
            assert [path.name for path in (desk / left).iterdir()] == ["lock"], left
    verify(Folder(desk / "data"))


def check_reason(ran: Ran) -> None:
    lines = ran.err.splitlines()
    # kpos doctor says on standard output what is wrong, kpos GROUP on the other what there is.
    assert lines or ran.out, "no reason"
    assert ran.status == 2 or len(lines) <= LINES_MAX, ran.err
    for line in lines:
        assert line.isprintable(), repr(line)


def head(data: Path) -> object:
    with reading_journal(Folder(data)) as db:
        return read_head(db).ref


@pytest.mark.minutes(1)
def test_any_arguments_are_obeyed_or_refused_in_words(shop, desk, monkeypatch, size):
    @settings(
        max_examples=size(quick=60, ci=800, long=1_000_000),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @seed(1)
    @given(lines_typed())
    def type_them(arguments: list[str]) -> None:
        note(f"kpos {arguments}")
        lay_out(shop, desk)
        check(typed(arguments, monkeypatch), desk, shop)

    type_them()


def test_a_process_takes_them_the_same_way(shop, desk, monkeypatch, size):
    """As bytes, through a shell's hands; `run` too, whose lines end at once."""
    running = st.lists(texts, max_size=4).map(lambda some: ["run", *some, "--io", "jsonl"])

    @settings(
        max_examples=size(quick=3, ci=40, long=20_000),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @seed(2)
    @given(st.one_of(lines_typed(), running))
    def call(arguments: list[str]) -> None:
        lay_out(shop, desk)
        done = subprocess.run(
            [*kpos(), *(each.encode("utf-8", "surrogatepass") for each in arguments)],
            input=b"271828\n",
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        ran = Ran(done.returncode, out, err)
        check(ran, desk, shop)

    call()


def test_nothing_is_left_out_but_what_never_ends_or_changes_the_machine():
    names = {path[0] for path in [*commands(cli), *ENDLESS, *OF_THE_MACHINE]}
    assert names == set(cli.list_commands(click.Context(cli)))
