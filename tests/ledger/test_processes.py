"""One writer, a disk that is full or read-only or fails, and what the till says then."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kpos.clock import ScriptClock
from kpos.domain.document import Document
from kpos.domain.money import Money
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.errors import (
    AlreadyOpen,
    Damaged,
    DiskFull,
    LedgerError,
    NoTill,
    NotWritable,
    translate,
)
from kpos.ledger.files import Folder, Lock, connect_to_read
from kpos.ledger.journal import Journal
from kpos.ledger.verify import verify
from tests.ledger.kasse import FRIDAY_EVENING, refusing

ROOT = Path(__file__).parent.parent.parent
CLOCK = ScriptClock(FRIDAY_EVENING)


def in_another_process(script: str, *arguments: object) -> str:
    run = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr


OPEN = """
import sys; from pathlib import Path
from kpos.clock import SystemClock
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder
try:
    Books(Folder(Path(sys.argv[1])), SystemClock()).close()
    print("opened")
except LedgerError as error:
    print(type(error).__name__)
"""


def test_two_processes_cannot_write_the_same_books(kasse):
    assert in_another_process(OPEN, kasse.folder.path) == "AlreadyOpen\n"
    kasse.close()
    assert in_another_process(OPEN, kasse.folder.path) == "opened\n"


def test_not_even_one_process_twice(kasse):
    with pytest.raises(AlreadyOpen, match="another kpos"):
        Books(kasse.folder, CLOCK)
    kasse.buy("Ada", "Mate")


def test_a_reader_reads_while_the_till_sells(kasse):
    reader = connect_to_read(kasse.folder.journal, "J-01")
    kasse.buy("Ada", "Mate")
    count = reader.execute("SELECT count(*) FROM document").fetchone()[0]
    assert count == len(kasse.documents())
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM undo")
    reader.close()


FULL_DISK = """
import resource, signal, sys; from pathlib import Path
from kpos.domain.money import Money
from kpos.ledger.errors import DiskFull, LedgerError
from tests.ledger.kasse import Kasse
kasse = Kasse(Path(sys.argv[1]))
kasse.add_product("Snack", 100)
kasse.add_member("Ada", 90_000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = Path(f"{kasse.folder.journal}-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, resource.RLIM_INFINITY))
sold = 0
try:
    while True:
        kasse.buy("Ada", "Snack")
        sold += 1
except LedgerError as error:
    print(type(error).__name__)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(sold, kasse.kinds().count("sale"))
kasse.reopen()
print(kasse.kinds().count("sale") == sold, kasse.credit("Ada") == Money(90_000 - 100 * sold))
print(kasse.buy("Ada", "Snack").credit == Money(90_000 - 100 * sold - 100))
kasse.verify()
"""


def test_a_file_that_cannot_grow_acknowledges_nothing_it_did_not_write(tmp_path):
    """RLIMIT_FSIZE is the disk's own word: a write fails in the middle of a commit."""
    says = in_another_process(FULL_DISK, tmp_path / "data").split()
    assert says[0] in {"DiskFull", "Damaged"}, says
    assert int(says[1]) == int(says[2]) > 0
    assert says[3:] == ["True", "True", "True"]


def test_a_full_disk_refuses_the_booking_and_takes_it_when_there_is_room(kasse):
    pages = kasse.books.journal.rows("PRAGMA page_count")[0][0]
    kasse.books.journal.db.execute(f"PRAGMA max_page_count={pages}")

    def top_up_until_it_is_full() -> None:
        while True:
            kasse.office("top_up", member="Ada", cents=1, note="x" * 200)

    with pytest.raises(DiskFull, match="free some space"):
        top_up_until_it_is_full()
    booked = len(kasse.documents())
    credit = kasse.credit("Ada")
    with pytest.raises(DiskFull):
        top_up_until_it_is_full()
    kasse.books.journal.db.execute("PRAGMA max_page_count=100000")
    assert kasse.credit("Ada") >= credit
    assert len(kasse.documents()) >= booked
    kasse.office("top_up", member="Ada", cents=1)
    assert kasse.verify().projections_compared


class FailingDisk:
    """A connection whose COMMIT meets a disk that fails; everything else is real."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __getattr__(self, name):
        return getattr(self._db, name)

    def execute(self, statement, *values):
        if statement == "COMMIT":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise error
        return self._db.execute(statement, *values)


def test_after_a_failed_fsync_nothing_is_acknowledged_and_nothing_more_written(kasse):
    journal = kasse.books.journal
    acknowledged: list[Document] = []
    kasse.books.committed = acknowledged.append
    head, real = journal.head, journal.db
    journal.db = FailingDisk(real)
    with pytest.raises(Damaged, match="J-09"):
        kasse.buy("Ada", "Mate")
    journal.db = real
    assert acknowledged == []
    assert journal.head == head
    with pytest.raises(Damaged, match="J-09"):
        kasse.buy("Ada", "Mate")
    with pytest.raises(Damaged, match="J-09"), journal.transaction():
        pass
    kasse.reopen()
    assert kasse.buy("Ada", "Mate").receipt_number == "K1-000002"


def test_a_folder_that_may_not_be_written_says_who_may(kasse):
    """Told by the file's own flag, since root may write anywhere."""
    kasse.books.journal.db.execute("PRAGMA query_only=ON")
    with pytest.raises(NotWritable, match="as its owner or as root"):
        kasse.buy("Ada", "Mate")
    kasse.books.journal.db.execute("PRAGMA query_only=OFF")
    assert kasse.buy("Ada", "Mate").receipt_number == "K1-000002"


def test_what_is_no_folder_holds_no_till(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="cannot be created"):
        create_till(Folder(tmp_path / "file"), CLOCK, "uid:0")
    with pytest.raises(NotWritable, match="cannot be written"):
        Lock(Folder(tmp_path / "nowhere"))
    with pytest.raises(NoTill, match="kpos init"):
        Books(Folder(tmp_path / "nowhere"), CLOCK)
    with pytest.raises(NotWritable):
        verify(Folder(tmp_path / "nowhere"))
    with pytest.raises(NotWritable, match="cannot be read"):
        Books(Folder(tmp_path / ("x" * 300)), CLOCK)
    assert not (tmp_path / "nowhere").exists()


BECOME_SOMEBODY_ELSE = """
from kpos.ledger import books, pins, projection, verify  # while they can still be read
import os
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""


def test_somebody_without_rights_is_told_so(kasse):
    kasse.close()
    kasse.folder.path.chmod(0)
    says = in_another_process(BECOME_SOMEBODY_ELSE + OPEN, kasse.folder.path)
    kasse.folder.path.chmod(0o750)
    assert says == "NotWritable\n"


def test_a_till_is_made_once(kasse):
    kasse.close()
    before = kasse.folder.journal.read_bytes()
    with refusing("taken", "already"):
        create_till(kasse.folder, CLOCK, "uid:0")
    assert kasse.folder.journal.read_bytes() == before
    kasse.open()


def test_a_till_whose_making_was_cut_short_is_made_the_next_time(tmp_path):
    folder = Folder(tmp_path)
    Journal(folder).close()
    create_till(folder, CLOCK, "uid:0")
    assert verify(folder).documents == 2


def test_a_new_till_has_its_group_and_its_paths(empty_kasse):
    [first, default] = empty_kasse.documents()
    assert (first.kind, first.author, first.receipt_number) == ("master_change", "uid:0", None)
    assert first.body["fields"] == {"name": "members"}
    assert (default.body["entity"], default.body["fields"]["group"]) == (
        "condition", first.body["id"]
    )  # fmt: skip
    assert empty_kasse.books.identity.cash_account == "cash:K1"
    assert empty_kasse.folder.control_socket.name == "control.sock"


@pytest.mark.parametrize("garbage", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_journal_that_is_no_database_locks_the_till_and_lets_go_of_the_folder(kasse, garbage):
    kasse.close()
    kept = kasse.folder.journal.read_bytes()
    kasse.folder.journal.write_bytes(garbage)
    for _ in range(2):
        with pytest.raises(Damaged, match="J-01"):
            kasse.open()
    kasse.folder.journal.write_bytes(kept)
    kasse.open()
    assert kasse.credit("Ada") == Money(2000)


def test_a_journal_whose_pages_turn_bad_while_it_is_open_says_so(kasse):
    kasse.reopen()
    size = kasse.folder.journal.stat().st_size
    with kasse.folder.journal.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    kasse.books.journal.db.execute("PRAGMA cache_size=0")
    for look in (
        lambda: kasse.books.journal.find_receipt("K1-000001"),
        kasse.documents,
        lambda: kasse.books.journal.private_part(1),
        lambda: kasse.books.pins.standing(kasse.books.identity.till),
    ):
        with pytest.raises(Damaged, match="J-01"):
            look()


@pytest.mark.parametrize(
    ("errorcode", "kind"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_READONLY_DBMOVED, NotWritable),
        (sqlite3.SQLITE_CANTOPEN, NotWritable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, AlreadyOpen),
        (sqlite3.SQLITE_CORRUPT, Damaged),
        (sqlite3.SQLITE_IOERR_READ, Damaged),
    ],
)
def test_what_sqlite_says_becomes_what_a_caller_can_act_on(errorcode, kind):
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = errorcode
    told = translate(error, "S-01", "stammdaten.db")
    assert type(told) is kind
    assert isinstance(told, LedgerError)
    assert "stammdaten.db" in str(told)


def test_a_database_that_is_in_use_by_a_stranger_says_so(kasse):
    stranger = sqlite3.connect(kasse.folder.journal, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    kasse.books.journal.db.execute("PRAGMA busy_timeout=0")
    with pytest.raises(AlreadyOpen, match="in use"):
        kasse.buy("Ada", "Mate")
    stranger.execute("ROLLBACK")
    stranger.close()
    assert kasse.buy("Ada", "Mate").receipt_number == "K1-000002"
