"""The control socket: how commands reach the books while the till runs.

One JSON object a line, one answer a line. Who asks is told by the kernel (SO_PEERCRED): root,
the till's own user, or somebody in the group kpos-admin. The peer's uid is the author.
"""

from __future__ import annotations

import grp
import json
import os
import pwd
import socket
import stat
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kpos.domain.refusal import Refused
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError
from kpos.ledger.office import perform
from kpos.terminal.loop import Loop

ADMIN_GROUP = "kpos-admin"
# A request holds at most an imported member list.
REQUEST_MAX = 8 * 1024 * 1024
_CHUNK = 65536
_BACKLOG = 8
_CONNECTIONS_MAX = 16
_PATH_MAX = 107  # sun_path holds 108 bytes, the last one zero
_UCRED = struct.Struct("3i")


class ControlServer:
    """Listens in the data folder; every request is performed on the till's thread."""

    def __init__(
        self,
        path: Path,
        books: Books,
        loop: Loop,
        changed: Callable[[], None],
        status: Callable[[], dict[str, Any]],
    ) -> None:
        self._path = path
        self._books = books
        self._loop = loop
        self._changed = changed
        self._status = status
        self._connections: dict[int, _Connection] = {}
        self._listener = bind(path)
        loop.add(self._listener.fileno(), self._accept)

    def close(self) -> None:
        """Stop listening and take the name away."""
        for connection in list(self._connections.values()):
            self._drop(connection)
        self._loop.remove(self._listener.fileno())
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        try:
            peer, _address = self._listener.accept()
        except OSError:
            return
        if len(self._connections) >= _CONNECTIONS_MAX:
            peer.close()
            return
        peer.settimeout(0)
        connection = _Connection(peer)
        self._connections[peer.fileno()] = connection
        self._loop.add(peer.fileno(), lambda: self._readable(connection))

    def _readable(self, connection: _Connection) -> None:
        try:
            data = connection.peer.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return
        connection.received += data
        if len(connection.received) > REQUEST_MAX:
            self._drop(connection)
            return
        line, newline, rest = connection.received.partition(b"\n")
        if newline:
            connection.received = bytearray(rest)
            self._answer(connection, bytes(line))

    def _answer(self, connection: _Connection, line: bytes) -> None:
        answer = self._perform(connection, line)
        try:
            connection.peer.settimeout(1)
            connection.peer.sendall(json.dumps(answer).encode() + b"\n")
        except OSError:
            pass  # what was asked for is done; the asker is gone
        self._drop(connection)

    def _perform(self, connection: _Connection, line: bytes) -> dict[str, Any]:
        uid, allowed = _peer(connection.peer)
        if not allowed:
            reason = f"user {uid} may not: be root, the till's own user, or in group {ADMIN_GROUP}"
            return {"refused": {"code": "invalid", "message": reason}}
        try:
            request = json.loads(line)
            name, arguments = request["do"], request["arguments"]
            if name == "status":
                return {"done": self._status()}
            done = perform(self._books, name, arguments, f"uid:{uid}")
        except Refused as refused:
            refusal = refused.refusal
            return {"refused": {"code": refusal.code, "message": refusal.message}}
        except LedgerError as error:
            return {"failed": str(error)}
        except (ValueError, KeyError, TypeError) as error:
            return {"refused": {"code": "invalid", "message": f"no valid request: {error}"}}
        self._changed()
        return {"done": done}

    def _drop(self, connection: _Connection) -> None:
        descriptor = connection.peer.fileno()
        if self._connections.pop(descriptor, None) is not None:
            self._loop.remove(descriptor)
            connection.peer.close()


class _Connection:
    """One asker."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.received = bytearray()


def bind(path: Path) -> socket.socket:
    """A listening socket at `path`, whatever its length."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    _at(path, listener.bind)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP)
    listener.settimeout(0)
    listener.listen(_BACKLOG)
    return listener


def connect(path: Path) -> socket.socket:
    """A connection to the till that listens at `path`.

    Raises:
        OSError: if none does.
    """
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        _at(path, peer.connect)
    except OSError:
        peer.close()
        raise
    return peer


def ask(path: Path, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Have a running till perform a request; its answer.

    Raises:
        OSError: if no till listens, or it went away without an answer.
    """
    with connect(path) as peer:
        peer.sendall(json.dumps({"do": name, "arguments": arguments}).encode() + b"\n")
        with peer.makefile("rb") as answers:
            line = answers.readline()
    if not line:
        msg = "the till went away without an answer: see kpos status"
        raise ConnectionResetError(msg)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _at(path: Path, use: Callable[[str], None]) -> None:
    """Name a socket; one whose path is too long by way of its folder's descriptor."""
    if len(os.fsencode(path)) <= _PATH_MAX:
        use(str(path))
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        use(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


def _peer(peer: socket.socket) -> tuple[int, bool]:
    """Uid of the asker, and whether it may ask."""
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    _pid, uid, gid = _UCRED.unpack(credentials)
    if uid in (0, os.getuid()):
        return uid, True
    try:
        admins = grp.getgrnam(ADMIN_GROUP)
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid, False
    return uid, gid == admins.gr_gid or name in admins.gr_mem
