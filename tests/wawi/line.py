"""What stands between a till and its server: a wire that is cut, a proxy that answers itself."""

from __future__ import annotations

import socket
import struct
from contextlib import closing, suppress
from select import select
from ssl import SSLContext
from threading import Thread
from typing import TypeAlias

_CHUNK = 65536
# How often a thread looks whether it is over.
_TURN_S = 0.05
Address: TypeAlias = tuple[str, int]


class Line:
    """A TCP proxy on loopback. It may be set anew at any time, for connections from then on.

    `to`: where the server is; None: nobody is there. `says`: what is answered instead of asking it.
    `up_max`, `down_max`: bytes of a connection in each direction that get through before all ends;
    None for all of them.
    """

    def __init__(self, url: str | None = None) -> None:
        self.to: Address | None = None
        self.says: bytes | None = None
        self.up_max: int | None = None
        self.down_max: int | None = None
        # Bytes of the last connection that got through.
        self.up = self.down = 0
        self._context: SSLContext | None = None
        self._ends = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(_TURN_S)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._threads = [Thread(target=self._run, daemon=True)]
        if url is not None:
            self.lead_to(url)
        self._threads[0].start()

    def lead_to(self, url: str) -> None:
        """The server is there from now on."""
        host, port = url.removeprefix("http://").split(":")
        self.to = (host, int(port))

    def wrap(self, context: SSLContext) -> None:
        """Behind a certificate from now on; the server needs none."""
        self._context = context
        self.url = self.url.replace("http:", "https:")

    def hang_up(self) -> None:
        """End the connections that are open."""
        open_, self._open = self._open, []
        for each in open_:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._ends = True
        self.hang_up()
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _run(self) -> None:
        while not self._ends:
            with suppress(TimeoutError):
                client, _ = self._listening.accept()
                self._open.append(client)
                thread = Thread(target=self._serve, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        if self._context is not None:
            try:
                client = self._context.wrap_socket(client, server_side=True)
            except OSError:
                client.close()
                return
        with closing(client), suppress(OSError):
            if self.says is not None:
                client.recv(_CHUNK)
                client.sendall(self.says)
            elif self.to is not None:
                with closing(socket.create_connection(self.to)) as server:
                    self._open.append(server)
                    self._pass(client, server)
            if self.up_max is not None or self.down_max is not None:
                # As when a wire is cut: not even an end of the connection is said in order.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        self.up = self.down = 0
        while not self._ends:
            ready, _, _ = select([client, server], [], [], _TURN_S)
            for each in ready:
                data = each.recv(_CHUNK)
                if not data:
                    return
                if each is client:
                    part = data if self.up_max is None else data[: self.up_max - self.up]
                    self.up += len(part)
                    server.sendall(part)
                else:
                    part = data if self.down_max is None else data[: self.down_max - self.down]
                    self.down += len(part)
                    client.sendall(part)
                if len(part) < len(data) or self.up == self.up_max or self.down == self.down_max:
                    return


def answer(status: str, body: bytes, kind: str = "text/html", **headers: str) -> bytes:
    """One whole answer of somebody who is no server of ours."""
    said = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (said | headers).items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body
