"""The journal of systemd: entries as its receiving side takes them apart."""

import os
import socket

import pytest

from kpos.checkout.states import Rules
from kpos.clock import SystemClock
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.headless import LogFront
from kpos.terminal.journald import Journal, journal_of
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker


class Receiver:
    """What journald does with a datagram (server_process_native_message)."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(10)

    def entry(self):
        data, entry = self.socket.recv(65536), {}
        while data:
            line, _, rest = data.partition(b"\n")
            name, sign, value = line.partition(b"=")
            if not sign:
                length = int.from_bytes(rest[:8], "little")
                value, rest = rest[8 : 8 + length], rest[8 + length :]
                assert rest[:1] == b"\n"
                rest = rest[1:]
            entry[name.decode()] = value.decode()
            data = rest
        return entry


@pytest.fixture
def receiver(tmp_path):
    receiver = Receiver(tmp_path / "socket")
    yield receiver
    receiver.socket.close()


def test_a_sale_is_an_entry_with_fields_and_nobody_in_it(data, receiver):
    books = Books(Folder(data), SystemClock())
    front = LogFront(2, Journal(receiver.path))
    around = Surroundings(
        clock=SystemClock(),
        texts=load_texts(),
        front=front,
        worker=Worker(lambda call: call()),
        shut_down=lambda mode: None,
        rules=Rules(),
    )
    till = Till(books, around)
    for code in ("CARD-ADA", "4029764001807"):
        till.scan(code)
    till.key("#")
    books.close()
    assert receiver.entry() == {
        "MESSAGE": "booked K1-000008 sale",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "kpos",
        "KPOS_KIND": "sale",
        "KPOS_DOCUMENT": "1/" + str(books.journal.head.ref.seq - 1),
        "KPOS_RECEIPT": "K1-000008",
    }
    front.heard("error")
    assert receiver.entry()["PRIORITY"] == "3"
    front.note("display: ready")
    assert receiver.entry()["PRIORITY"] == "5"
    front.close()


def test_a_line_break_is_no_field(receiver):
    journal = Journal(receiver.path)
    assert journal.send("one\nPRIORITY=0\ntwo", "info", {"KPOS_KIND": "a=b"})
    entry = receiver.entry()
    assert (entry["MESSAGE"], entry["PRIORITY"]) == ("one\nPRIORITY=0\ntwo", "6")
    assert entry["KPOS_KIND"] == "a=b"
    journal.close()


def test_without_a_journal_it_is_a_line_and_a_journal_that_is_full_is_not_waited_for(receiver):
    reading, writing = os.pipe()
    front = LogFront(writing, Journal(receiver.path))
    for number in range(500):
        front.note(f"{number} " + 50 * "x")
    receiver.socket.close()
    receiver.path.unlink()
    front.note("the end")
    front.close()
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as log:
        assert log.read() == "kpos: the end\n"


def test_the_journal_is_used_where_the_error_output_leads_to_it(tmp_path):
    with (tmp_path / "log").open("w") as log:
        there = os.fstat(log.fileno())
        right = {"JOURNAL_STREAM": f"{there.st_dev}:{there.st_ino}"}
        journal = journal_of(log.fileno(), right)
        assert journal is not None
        journal.close()
        assert journal_of(log.fileno(), {"JOURNAL_STREAM": f"{there.st_dev}:1"}) is None
        assert journal_of(log.fileno(), {}) is None
    nobody = 999
    assert journal_of(nobody, {"JOURNAL_STREAM": "1:2"}) is None
