"""A line of `--io jsonl`: understood as one of four commands, or refused in words."""

import json

from kpos.checkout.events import KEYS
from kpos.terminal.jsonl import read_line

BYTES_MAX = 1200
YEAR_MS = 366 * 86_400_000
# What a line says wrong is quoted only in part.
REASON_MAX = 200


def one(data: bytes) -> None:
    line = data.replace(b"\n", b" ")
    try:
        command, value = read_line(line)
    except ValueError as error:
        reason = str(error)
        assert 0 < len(reason) <= REASON_MAX, reason
        assert "Traceback" not in reason, reason
        json.dumps({"error": reason}, ensure_ascii=False).encode()
        return
    match command:
        case "scan" | "rfid":
            assert isinstance(value, str), value
        case "key":
            assert value in tuple(KEYS), value
        case "wait_ms":
            assert type(value) is int, value
            assert 0 <= value <= YEAR_MS, value
        case _:
            raise AssertionError(command)
    assert read_line(json.dumps({command: value}).encode()) == (command, value)


def units(data: bytes) -> list[bytes]:
    """Cut behind what separates the parts of an object."""
    marked = data
    for mark in b'"', b":", b"{", b",":
        marked = marked.replace(mark, mark + b"\xff\xfe")
    return marked.split(b"\xff\xfe")


def line(**command: object) -> bytes:
    return json.dumps(command, ensure_ascii=False).encode()


SEEDS = [
    line(scan="4029764001807"),
    line(rfid="0415AB12CD"),
    line(key="#"),
    line(key="0"),
    line(wait_ms=500),
    line(wait_ms=YEAR_MS),
    line(key="#", scan="1"),
    line(key=None),
    line(Scan=""),
    b"[" * 1100,
    b"",
    b"null",
    b'{"wait_ms":1e3}',
    b'{"wait_ms":-0}',
    b'{"wait_ms":true}',
    b'{"wait_ms":NaN}',
    b'{"scan":"\\ud800"}',
    b'{"key":"1","key":"2"}',
    b'{"' + b"k" * 100 + b'":1}',
    '{"key":"#"}'.encode("utf-16"),
]
WORDS = [
    *(f'"{word}"'.encode() for word in ("scan", "rfid", "key", "wait_ms", "#", "*", "", "12")),
    *(word.encode() for word in ("{", "}", "[", "]", ":", ",", "null", "true", "1e9", "-1", "0.5")),
    b"\\ud83e\\udd84",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    b"9" * 60,
]
