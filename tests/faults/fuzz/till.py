"""A whole till over `--io jsonl` on real books, in this process: any lines, in any pieces.

The first byte says in how many pieces the pipe hands the rest over. Afterwards the books verify,
every line was answered by exactly one `done`, and what was acknowledged is what was booked.
"""

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from kpos.checkout.states import Rules
from kpos.clock import ScriptClock
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.reading import position_of, read_documents, read_head
from kpos.ledger.verify import verify
from kpos.terminal.jsonl import JsonlFront, JsonlInput, read_line
from kpos.terminal.loop import Loop
from kpos.terminal.texts import load_texts
from kpos.terminal.till import Surroundings, Till
from kpos.terminal.workers import Worker
from tests.faults.fuzz import lines
from tests.kiosk import BARCODES, CHEESE_250_G, MATE, PINS, SUNDAY_EVENING, build_shop

BYTES_MAX = 2048
# A till paints its clock once a minute: a year of that is no test of anything.
WAIT_MS_MAX = 7_200_000
PIECES_MAX = 8
SOUNDS = {"accept", "refuse", "paid", "error"}


def one(data: bytes) -> None:
    pieces, text = (data[0] % PIECES_MAX + 1 if data else 1), data[1:]
    given = (text.removesuffix(b"\n")).split(b"\n") if text else []
    if sum(map(wait_ms, given)) > WAIT_MS_MAX:
        return
    path = scratch() / "data"
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(shop(), path)
    books = Books(Folder(path), ScriptClock(SUNDAY_EVENING))
    try:
        before = position_of(read_head(books.journal.db).ref)
        ended, said = run(books, text, pieces)
        check(given, said, ended=ended)
        acknowledged = [message["booked"]["seq"] for message in said if "booked" in message]
        # A purchase, like its undoing, is two documents, and the first is acknowledged.
        booked = list(read_documents(books.journal.db, before))
        assert acknowledged == [each.seq for each in booked if each.kind != "debit"], booked
        verify(books.folder)
    finally:
        books.close()


def run(books: Books, text: bytes, pieces: int) -> tuple[bool, list[dict[str, Any]]]:
    """Whether somebody switched it off before the end of the lines; all that it said."""
    loop, went = Loop(), list[str]()
    _loops[:] = [loop]

    def shut_down(mode: str) -> None:
        went.append(mode)
        loop.stop()

    with piped(text, pieces), tempfile.TemporaryFile() as out:
        front = JsonlFront(out.fileno())
        clock = books.clock
        around = Surroundings(
            clock=clock,
            texts=load_texts(),
            front=front,
            worker=worker(),
            shut_down=shut_down,
            rules=Rules(language="de"),
            name="RaumZeitLabor",
        )
        till = Till(books, around)
        reader = JsonlInput(till, front, loop, clock)
        loop.run(reader.due_ms, [reader.after])
        loop.close()
        out.seek(0)
        return bool(went), [json.loads(line) for line in out]


@contextmanager
def piped(text: bytes, pieces: int) -> Iterator[None]:
    """`text` as standard input, from a pipe whose reads bring a piece each (`O_DIRECT`)."""
    read, write = os.pipe2(os.O_DIRECT)
    size = -(-len(text) // pieces) or 1
    for at in range(0, len(text), size):
        os.write(write, text[at : at + size])
    os.close(write)
    kept = os.dup(0)
    os.dup2(read, 0)
    os.close(read)
    try:
        yield
    finally:
        os.dup2(kept, 0)
        os.close(kept)


def check(given: list[bytes], said: list[dict[str, Any]], *, ended: bool) -> None:
    """One `done` a line, in order; an `error`, and nothing else, for what is no input."""
    assert "frame" in said[0], "no picture before the first input"
    answers: list[list[dict[str, Any]]] = [[]]
    for message in said[1:]:
        check_message(message)
        answers[-1].append(message)
        if "done" in message:
            assert message["done"] == len(answers)
            answers.append([])
    last = answers.pop()
    assert ended or (not last and len(answers) == len(given)), "a line without an answer"
    for line, answer in zip(given, answers, strict=False):
        refused = [message for message in answer if "error" in message]
        assert bool(refused) == (not is_input(line)), (line, answer)
        assert not refused or len(answer) == 2, (line, answer)
        names = [next(iter(message.items())) for message in answer]
        if ("sound", "paid") in names:
            assert any(name == "booked" for name, _ in names[: names.index(("sound", "paid"))])


def check_message(message: dict[str, Any]) -> None:
    if "frame" in message:
        assert [len(line) for line in message["frame"]] == [40] * 4, message
        for line in message["frame"]:
            assert line.isprintable(), message
            assert unicodedata.is_normalized("NFC", line), message
    elif "sound" in message:
        assert message["sound"] in SOUNDS, message
    else:
        assert message.keys() & {"booked", "done", "error"}, message


def is_input(line: bytes) -> bool:
    try:
        read_line(line)
    except ValueError:
        return False
    return True


def wait_ms(line: bytes) -> int:
    if not is_input(line):
        return 0
    command, value = read_line(line)
    return int(value) if command == "wait_ms" else 0


_loops: list[Loop] = []


@cache
def worker() -> Worker:
    """One for all tills: its thread would outlive each of them."""

    def post(call: Callable[[], None]) -> None:
        _loops[0].post(call)

    return Worker(post)


@cache
def scratch() -> Path:
    return Path(tempfile.mkdtemp())


@cache
def shop() -> Path:
    return build_shop(scratch() / "shop")


def units(data: bytes) -> list[bytes]:
    return [data[:1] or b"\0", *data[1:].splitlines(keepends=True)]


def scan(*codes: str) -> bytes:
    return b"".join(lines.line(scan=code) + b"\n" for code in codes)


def keys(text: str) -> bytes:
    return b"".join(lines.line(key=key) + b"\n" for key in text)


def wait(ms: int) -> bytes:
    return lines.line(wait_ms=ms) + b"\n"


_ADA, _GRACE, _KEN = (scan(f"CARD-{name}") for name in ("ADA", "GRACE", "KEN"))
_EVENINGS = [
    _ADA + scan(MATE, MATE) + keys("#") + wait(6000),
    scan(MATE) + _ADA + keys("3") + scan(MATE) + keys("*#"),
    keys("42#" + PINS["Ada"] + "#") + scan(MATE) + keys("#"),
    _ADA + keys("0#") + b"".join(keys(f"{number}#") for number in range(1, 9)),
    _GRACE + keys("0#1#") + _ADA + keys("2000##") + wait(3000),
    _KEN + keys("0#") + wait(31_000),
    scan("CARD-EDSGER") + keys(PINS["Edsger"] + "#") + scan(CHEESE_250_G) + keys("#"),
    scan("GUEST-1", *BARCODES.values()) + keys("#") + wait(2000) + scan("GUEST-1"),
    _ADA + scan(MATE) + keys("0#") + _GRACE + keys("#") + wait(61_000),
    _ADA + scan("no such code") + keys("15##*0#"),
]
WORDS = [
    *(keys(key) for key in "0123456789*#"),
    *(keys(f"{pin}#") for pin in PINS.values()),
    *(keys(words) for words in ("0#", "1#", "2000#", "##", "**")),
    *(scan(f"CARD-{name}") for name in ("ADA", "LINUS", "EDSGER", "BARBARA", "GRACE", "TONY")),
    *(scan(code) for code in (*BARCODES.values(), CHEESE_250_G, "GUEST-1", "X", "")),
    *(wait(ms) for ms in (0, 1, 1500, 5000, 20_000, 61_000, 3_600_000)),
    b"\n",
    b"{}\n",
    b"\xff\n",
]
SEEDS = [bytes([number]) + evening for number, evening in enumerate(_EVENINGS)]
