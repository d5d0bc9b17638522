"""A loop with a control socket, and somebody who asks."""

import threading
from pathlib import Path

from kpos.clock import SystemClock
from kpos.domain.refusal import Refused
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.terminal.control import ControlServer, ask, connect
from kpos.terminal.loop import Loop


class Office:
    """A loop with a control socket, as a till has it; `while_` runs it beside somebody who asks."""

    def __init__(self, data: Path) -> None:
        self.folder = Folder(data)
        self.books = Books(self.folder, SystemClock())
        self.loop = Loop()
        self.changes = 0
        self.server = ControlServer(
            self.folder.control_socket, self.books, self.loop, self._changed, self._status
        )

    def _changed(self) -> None:
        self.changes += 1

    def _status(self):
        return {"running": True}

    def close(self) -> None:
        self.server.close()
        self.loop.close()
        self.books.close()

    def while_(self, asking):
        """Turn the loop until `asking()` is done in a thread of its own; its result."""
        results: list[object] = []

        def work() -> None:
            try:
                results.append(asking())
            except (OSError, Refused) as error:
                results.append(error)
            finally:
                self.loop.post(self.loop.stop)

        asker = threading.Thread(target=work)
        asker.start()
        self.loop.run(lambda: None, [])
        self.loop._stopped = False
        asker.join()
        return results[0]

    def answers(self, name: str, **arguments):
        return self.while_(lambda: ask(self.folder.control_socket, name, arguments))

    def hears(self, line: bytes) -> bytes:
        """What comes back for bytes that need not be a request."""

        def talk() -> bytes:
            with connect(self.folder.control_socket) as peer:
                peer.sendall(line)
                return b"".join(iter(lambda: peer.recv(65536), b""))

        heard = self.while_(talk)
        assert isinstance(heard, bytes)
        return heard
