"""A till with real books that speaks to a server by plain requests, message by message."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from kpos.clock import SystemClock
from kpos.domain.document import Json
from kpos.ledger.birth import create_till
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.office import perform
from kpos.ledger.reading import position_of
from kpos.sync.wire import PUSH as PUSH_CODEC
from kpos.sync.wire import Entry, Point, Private, Push, entry_of, point_of
from tests.wawi.server import WAIT_S, Server

GZIPPED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


_ADDRESSES = itertools.count()


class _From(HTTPAdapter):
    """Requests that come from one of this machine's many addresses."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **more)


class HttpTill:
    """One till: its folder, its books, its token once it is paired."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = Folder(folder)
        self.server = server
        self.token = ""
        create_till(self.folder, SystemClock(), "uid:0")
        self.books = Books(self.folder, SystemClock())

    def close(self) -> None:
        self.books.close()

    def book(self, what: str, /, **arguments: Any) -> dict[str, Json]:
        """Something of the office, at this till."""
        return perform(self.books, what, arguments, "uid:0")

    def entries(self, after: int = 0) -> list[Entry]:
        """Its journal after a position, as it travels."""
        rows = self.books.journal.rows(
            "SELECT d.position, d.content, p.salt, p.part FROM document d"
            " LEFT JOIN private p ON p.position = d.position WHERE d.position > ?"
            " ORDER BY d.position",
            after,
        )
        found = []
        for position, content, salt, part in rows:
            private = Private(salt, part) if part is not None else None
            document = next(d for d in self.books.journal.documents_after(position - 1))
            found.append(entry_of(document, content, private))
        return found

    @property
    def head(self) -> Point | None:
        documents = list(self.books.journal.documents_after(0))
        return point_of(documents[-1]) if documents else None

    def application(self, code: str) -> dict[str, Json]:
        identity, head = self.books.identity, self.head
        return {
            "code": code,
            "till": identity.till,
            "place": identity.place,
            "prefix": identity.prefix,
            "cash_prefix": identity.cash_prefix,
            "head": [head.epoch, head.seq, head.hash] if head else None,
            "version": "0.1.0",
        }

    def pair(self, code: str) -> dict[str, Any]:
        # From an address of its own: a server lets few codes be tried from one.
        with requests.Session() as session:
            session.mount("http://", _From(f"127.0.1.{next(_ADDRESSES) % 250 + 1}"))
            url, asked = f"{self.server.api}/pair", self.application(code)
            answer = session.post(url, json=asked, timeout=WAIT_S)
        assert answer.status_code == 200, answer.text
        paired: dict[str, Any] = answer.json()
        self.token = paired["token"]
        return paired

    def ask(self, method: str, path: str, **more: Any) -> Any:
        return self.server.ask(method, path, self.token or None, **more)

    def push(self, entries: Sequence[Entry], after: Point | None = None) -> Any:
        """Send documents, gzipped."""
        message = PUSH_CODEC.write(Push(after, tuple(entries), self.head))
        body = gzip.compress(json.dumps(message).encode())
        return self.ask("POST", "journal", data=body, headers=GZIPPED)

    def position(self, point: Point) -> int:
        return position_of(point.ref)


def code_for(server: Server, branch: str) -> str:
    """A code, as ``kpos wawi till add`` prints it."""
    said = server.kpos("till", "add", branch)
    return said.splitlines()[0].rsplit(" ", 1)[1]
