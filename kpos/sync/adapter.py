"""How connections to a WaWi are made, where that is not as `requests` would make them.

A certificate may be pinned. And a till whose process has no network goes through a socket of this
machine: under systemd, kpos-line.socket, behind which kpos-line.service leads to the WaWi's host
and port. What it carries is TLS between the till and the WaWi, of which it knows nothing.
"""

from __future__ import annotations

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Adapter(HTTPAdapter):
    """With a `fingerprint`, speaks to its holder alone; `through` is the socket to go by."""

    def __init__(self, fingerprint: str | None, through: str | None = None) -> None:
        self._fingerprint = fingerprint
        self._through = through
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:  # noqa: ANN401 - as its base
        """Connections that look at the certificate, or go another way."""
        if self._fingerprint is not None:
            options["assert_fingerprint"] = self._fingerprint
        super().init_poolmanager(*sizes, **options)
        if self._through is not None:
            self.poolmanager.pool_classes_by_scheme = _pools_through(self._through)


def _pools_through(path: str) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, whose connections begin with a socket of ours."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(path, self.timeout)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(path, self.timeout)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connected(path: str, timeout: Any) -> socket.socket:  # noqa: ANN401 - seconds, to urllib3
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        peer.settimeout(timeout)
        peer.connect(path)
    except OSError:
        peer.close()
        raise
    return peer
