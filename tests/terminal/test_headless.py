"""A till that nobody has connected a display to."""

import os

from kpos.checkout.states import Rules
from kpos.clock import SystemClock
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.headless import LogFront
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker


def test_its_log_has_what_was_booked_and_nobody_in_it(data):
    reading, writing = os.pipe()
    books = Books(Folder(data), SystemClock())
    around = Surroundings(
        clock=SystemClock(),
        texts=load_texts(),
        front=LogFront(writing),
        worker=Worker(lambda call: call()),
        shut_down=lambda mode: None,
        rules=Rules(),
    )
    till = Till(books, around)
    for code in ("CARD-ADA", "4029764001807", "4001234567893"):
        till.scan(code)
    till.key("#")
    books.close()
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as log:
        assert log.read() == "kpos: booked K1-000008 sale\n"


def test_it_goes_on_when_nobody_reads_the_log_any_more():
    reading, writing = os.pipe()
    os.close(reading)
    LogFront(writing).note("scanner: ready")
    os.close(writing)
