"""A large file from servers of all kinds, over lines that break."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
import requests

from kpos.domain.refusal import Refused
from kpos.sync.download import download
from tests.update.card import MIB, image, make_update
from tests.update.grub import machine_of

CONTENT = image(4, 500_000)


class Handler(BaseHTTPRequestHandler):
    """Sends `content`, at most `cut` bytes at a time; `tag` its ETag; `asked` the ranges so far."""

    content = CONTENT
    cut: int | None = None
    tag: str | None = '"one"'
    status: int | None = None
    length = True
    lies = False
    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        span = self.headers.get("Range")
        self.asked.append(span)
        start = 0
        if span is not None and self.headers.get("If-Range") == self.tag:
            found = re.fullmatch(r"bytes=(\d+)-", span)
            assert found is not None
            start = int(found[1])
        rest = self.content[start:]
        if not rest:
            self.answer(416, {"Content-Range": f"bytes */{len(self.content)}"}, b"")
        elif start:
            at = start + 1 if self.lies else start
            span = f"bytes {at}-{len(self.content) - 1}/{len(self.content)}"
            self.answer(206, {"Content-Range": span}, rest)
        else:
            self.answer(200, {}, rest)

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(self.status or status)
        if self.tag is not None:
            headers = headers | {"ETag": self.tag}
        if self.length:
            headers = headers | {"Content-Length": str(len(content))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: self.cut])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(**how: object) -> Iterator[tuple[str, list[str | None]]]:
    """A server, its address, and the ranges it was asked for."""
    asked: list[str | None] = []
    handler = type("Handler", (Handler,), how | {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/kpos.update", asked
        server.shutdown()


def fetch(url, target, pauses=None):
    def open_(headers):
        return requests.get(url, headers=dict(headers), stream=True, timeout=30)

    paused = pauses if pauses is not None else []
    download(open_, target, lambda *_how_far: None, paused.append)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "fetched"


def test_all_at_once(target):
    with serving() as (url, asked):
        fetch(url, target)
    assert (target.read_bytes(), asked) == (CONTENT, [None])


def test_a_line_that_breaks_is_gone_on_with_at_once(target):
    pauses: list[float] = []
    with serving(cut=24 * 8192) as (url, asked):
        fetch(url, target, pauses)
    assert (target.read_bytes(), pauses) == (CONTENT, [])
    assert asked == [None, "bytes=196608-", "bytes=393216-"]


def test_a_server_that_sends_nothing_more_is_given_up_and_what_came_is_kept(target):
    pauses: list[float] = []
    target.write_bytes(CONTENT[:200_000])
    target.with_name("fetched.etag").write_text('"one"')
    with serving(cut=0) as (url, asked), pytest.raises(Refused, match="the same command goes on"):
        fetch(url, target, pauses)
    assert asked == ["bytes=200000-"] * 5
    assert len(pauses) == 5
    with serving() as (url, asked):
        fetch(url, target)
    assert (target.read_bytes(), asked) == (CONTENT, ["bytes=200000-"])


def test_who_has_all_of_it_is_done(target):
    target.write_bytes(CONTENT)
    target.with_name("fetched.etag").write_text('"one"')
    with serving() as (url, asked):
        fetch(url, target)
    assert (target.read_bytes(), asked) == (CONTENT, ["bytes=500000-"])


def test_who_has_more_than_all_of_it_begins_anew(target):
    target.write_bytes(CONTENT + b"x")
    target.with_name("fetched.etag").write_text('"one"')
    with serving() as (url, asked):
        fetch(url, target)
    assert (target.read_bytes(), asked) == (CONTENT, ["bytes=500001-", None])


@pytest.mark.parametrize("tag", [None, 'W/"weak"'])
def test_where_nothing_says_which_file_it_is_all_of_it_is_fetched(target, tag):
    target.write_bytes(b"of another one")
    with serving(tag=tag) as (url, asked):
        fetch(url, target)
    assert (target.read_bytes(), asked) == (CONTENT, [None])


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(target):
    target.write_bytes(b"of another one")
    target.with_name("fetched.etag").write_text('"former"')
    with serving() as (url, _asked):
        fetch(url, target)
    assert target.read_bytes() == CONTENT


def test_a_part_that_was_not_asked_for_is_refused(target):
    target.write_bytes(CONTENT[:100])
    target.with_name("fetched.etag").write_text('"one"')
    with serving(lies=True) as (url, _asked), pytest.raises(Refused, match="another part"):
        fetch(url, target)
    assert not target.exists()


@pytest.mark.parametrize(
    ("how", "why"),
    [({"status": 404}, "answered 404"), ({"length": False}, "does not say how large")],
)
def test_what_is_no_file_is_said(target, how, why):
    with serving(**how) as (url, _asked), pytest.raises(Refused, match=why):
        fetch(url, target)


def test_nobody_there_is_said_after_some_tries(target):
    pauses: list[float] = []
    with pytest.raises(Refused, match="could not be fetched"):
        fetch("http://127.0.0.1:1/kpos.update", target, pauses)
    assert len(pauses) == 5


def test_a_disk_that_would_be_full_is_not_filled(target, monkeypatch):
    class Room:
        f_bavail, f_frsize = 1000, 4096

    monkeypatch.setattr("kpos.sync.download.os.statvfs", lambda _folder: Room)
    with serving() as (url, _asked), pytest.raises(Refused, match="lacks 61 MB"):
        fetch(url, target)


def test_an_update_is_fetched_from_anywhere(admin, appliance, tmp_path, key):
    new = image(7, MIB)
    update = make_update(tmp_path, key, new)
    with serving(content=update.read_bytes(), cut=400_000) as (url, asked):
        admin.does("update", url)
    assert len(asked) == 3
    assert machine_of(appliance.card.folder).switch_on() == ("B", "2")
    assert appliance.card.slots.b.read_bytes()[:MIB] == new
