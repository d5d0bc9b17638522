"""The control socket: how commands reach the books while the till runs.

One JSON object a line, one answer a line. Who asks is told by the kernel (SO_PEERCRED): root,
the till's own user, or somebody in the group kpos-admin. The peer's uid is the author.

What takes long (a backup) is done in a process of its own, which a thread waits for; the asker
waits too, the till does not. So it shares neither thread nor interpreter with a sale.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kpos.checkout.events import Sound
from kpos.domain.refusal import Refused, refuse
from kpos.ledger.books import Books
from kpos.ledger.errors import LedgerError
from kpos.terminal.loop import Loop
from kpos.terminal.workers import Worker

ADMIN_GROUP = "kpos-admin"
Answer = dict[str, Any]
# A request holds at most an imported member list.
REQUEST_MAX = 8 * 1024 * 1024
_CHUNK = 65536
_BACKLOG = 8
_CONNECTIONS_MAX = 16
_PATH_MAX = 107  # sun_path holds 108 bytes, the last one zero
_UCRED = struct.Struct("3i")
# An answer that does not fit into the socket's buffer is sent by a thread that waits this long.
_SEND_S = 10


# What Python says of a request that is of another form than its command would send.
_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


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
        # Says and hears all there is of a WaWi, then calls; there is none, to begin with.
        self.sync: Callable[[Callable[[], None]], None] = lambda then: then()
        self.play: Callable[[Sound], None] = lambda _sound: None
        self._connections: dict[int, _Connection] = {}
        # Not the till's own worker: a PIN must not wait until a backup is done.
        self._worker = Worker(loop.post)
        self._sender = Worker(loop.post)
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
        line, newline, _rest = connection.received.partition(b"\n")
        if newline and not connection.asked:
            connection.asked = True
            self._serve(connection, bytes(line))

    def _serve(self, connection: _Connection, line: bytes) -> None:
        """Answer now, or have it answered by the worker, or when all is said to the WaWi."""
        later: Callable[[], Answer] | None = None
        try:
            name, arguments, author = self._read(connection, line)
            answer: Answer = {}
            if name == "backup":
                later = self._backup(**arguments)
            elif name == "sync":
                self.sync(lambda: self._answer(connection, {"done": self._status()}))
                return
            else:
                answer = {"done": self._perform(name, arguments, author)}
        except Refused as refused:
            answer = _refused(refused.refusal.code, refused.refusal.message)
        except LedgerError as error:
            answer = {"failed": str(error)}
        except _MALFORMED as error:
            answer = _refused("invalid", f"no valid request: {error}")
        if later is not None:
            self._worker.submit(later, lambda done: self._answer(connection, done))
        else:
            self._answer(connection, answer)

    def _read(self, connection: _Connection, line: bytes) -> tuple[str, dict[str, Any], str]:
        """What is asked, and by whom."""
        uid, allowed = _peer(connection.peer)
        if not allowed:
            reason = f"user {uid} may not: be root, the till's own user, or in group {ADMIN_GROUP}"
            raise refuse("invalid", reason)
        request = json.loads(line)
        return request["do"], request["arguments"], f"uid:{uid}"

    def _perform(self, name: str, arguments: dict[str, Any], author: str) -> dict[str, Any]:
        if name == "status":
            return self._status()
        if name == "chime":
            self.play("paid" if arguments["sound"] == "paid" else "error")
            return {}
        # Imported by the first request: a till that nobody administers need not know how.
        from kpos.ledger.office import perform

        done = perform(self._books, name, arguments, author)
        self._changed()
        return done

    def _backup(self, *, target: str) -> Callable[[], Answer]:
        """The work of a backup, for the worker."""
        from kpos.ledger.backup import check_target
        from kpos.terminal.apart import back_up_apart

        folder = self._books.folder
        check_target(folder, Path(target))
        return lambda: back_up_apart(folder, Path(target))

    def _answer(self, connection: _Connection, answer: Answer) -> None:
        """Send the answer without ever waiting for whoever asked."""
        if connection.gone:
            return  # what was asked for is done; the asker is not there any more
        data = json.dumps(answer).encode() + b"\n"
        sent = 0
        with suppress(OSError):
            sent = connection.peer.send(data)
        if sent == len(data):
            self._drop(connection)
            return
        self._loop.remove(connection.peer.fileno())
        connection.listened_to = False
        rest = data[sent:]
        self._sender.submit(
            lambda: _send(connection.peer, rest), lambda _done: self._drop(connection)
        )

    def _drop(self, connection: _Connection) -> None:
        if connection.gone:
            return
        connection.gone = True
        descriptor = connection.peer.fileno()
        del self._connections[descriptor]
        if connection.listened_to:
            self._loop.remove(descriptor)
        connection.peer.close()


class _Connection:
    """One asker."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.received = bytearray()
        self.asked = False
        self.listened_to = True
        self.gone = False


def bind(path: Path) -> socket.socket:
    """A listening socket at `path`, whatever its length."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    _at(path, listener.bind)
    _admit_admins(path)
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
        Refused: if it is more than a till takes in at once.
        OSError: if no till listens, or it went away without an answer.
    """
    line = json.dumps({"do": name, "arguments": arguments}).encode() + b"\n"
    if len(line) > REQUEST_MAX:
        raise refuse("invalid", f"that is more than {REQUEST_MAX >> 20} MB at once: split it")
    with connect(path) as peer:
        peer.sendall(line)
        with peer.makefile("rb") as answers:
            line = answers.readline()
    if not line:
        msg = "the till went away without an answer: see kpos status"
        raise ConnectionResetError(msg)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _send(peer: socket.socket, data: bytes) -> None:
    """The rest of a long answer, from a thread that may wait for its reader."""
    with suppress(OSError):
        peer.settimeout(_SEND_S)
        peer.sendall(data)


def _refused(code: str, message: str) -> Answer:
    return {"refused": {"code": code, "message": message}}


def _admit_admins(path: Path) -> None:
    """Let the group of admins connect, where there is one and the till may give to it."""
    import grp

    with suppress(KeyError, OSError):
        os.chown(path, -1, grp.getgrnam(ADMIN_GROUP).gr_gid)


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
    import grp
    import pwd

    try:
        admins = grp.getgrnam(ADMIN_GROUP)
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        return uid, False
    return uid, gid == admins.gr_gid or name in admins.gr_mem
