"""A till without a network reaches its WaWi through a socket of this machine, TLS and all."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from kpos.domain.ids import Id
from kpos.ledger.pairing import Pairing
from kpos.sync.backend import Revoked, Unreachable
from kpos.sync.http import HttpBackend
from kpos.sync.lines import HttpLine
from tests.sync.served import Server, certify
from tests.sync.wawi import Wawi


class Leading:
    """What kpos-line is to a till: a socket that leads to one address, whatever comes."""

    def __init__(self, path: Path, port: int) -> None:
        self.path = str(path)
        self.asked = 0
        self._port = port
        self._threads: list[Thread] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen()
        self._start(self._lead)

    def close(self) -> None:
        # Closed alone, it would go on waiting for the next one.
        self._listener.shutdown(socket.SHUT_RDWR)
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (self._listener, *self._sockets):
            each.close()

    def _start(self, run, *arguments) -> None:
        self._threads.append(Thread(target=run, args=arguments, daemon=True))
        self._threads[-1].start()

    def _lead(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                self.asked += 1
                there = socket.create_connection(("127.0.0.1", self._port))
                self._sockets += [peer, there]
                self._start(_carry, peer, there)
                self._start(_carry, there, peer)


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(4096):
            other.sendall(data)
    for each in (one, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(wawi: Wawi) -> Iterator[Server]:
    with Server(wawi).running() as server:
        yield server


@pytest.fixture
def leading(server: Server, tmp_path: Path) -> Iterator[Leading]:
    leading = Leading(tmp_path / "line", int(server.url.rpartition(":")[2]))
    yield leading
    leading.close()


def test_the_name_of_the_wawi_is_not_looked_up_by_the_till(leading: Leading) -> None:
    line = HttpLine(60_000, leading.path)
    with pytest.raises(Revoked):
        line(Pairing("http://wawi.invalid", "t", "Keller")).hold(Id("0" * 16), 1, None)
    assert leading.asked == 1
    line.close()


def test_tls_is_between_the_till_and_the_wawi(
    server: Server, leading: Leading, tmp_path: Path
) -> None:
    right = certify(server, tmp_path)
    for pinned, error in ((right, Revoked), ("0" * 64, Unreachable), (None, Unreachable)):
        backend = HttpBackend("https://wawi.invalid", "token", pinned)
        backend.go_through(leading.path)
        with pytest.raises(error):
            backend.pull(None)
        backend.close()
    assert leading.asked == 3


def test_a_socket_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    backend = HttpBackend("https://wawi.invalid", "token-1")
    backend.go_through(str(tmp_path / "line"))
    with pytest.raises(Unreachable, match="journalctl -u kpos-line"):
        backend.pull(None)
    backend.close()
