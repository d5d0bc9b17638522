"""How a WaWi is reached, made when it is asked for: in the thread that asks, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpos.ledger.pairing import Pairing
from kpos.sync.backend import Backend, Unreachable

if TYPE_CHECKING:
    from kpos.sync.http import HttpBackend


class HttpLine:
    """One connection, for as long as it leads to the same WaWi.

    `through` is a socket of this machine that leads there.
    """

    def __init__(self, budget_ms: int | None = None, through: str | None = None) -> None:
        self._budget_ms = budget_ms
        self._through = through
        self._key: tuple[str | None, ...] = ()
        self._backend: HttpBackend | None = None

    def __call__(self, pairing: Pairing) -> Backend:
        """A backend.

        Raises:
            Unreachable: where what it takes is not installed.
        """
        key = (pairing.url, pairing.token, pairing.fingerprint)
        if self._backend is None or key != self._key:
            self.close()
            self._backend, self._key = self._opened(*key), key
        return self._backend

    def _opened(self, url: str, token: str, fingerprint: str | None) -> HttpBackend:
        try:
            from kpos.sync.http import HttpBackend
        except ImportError as error:
            msg = f"a WaWi needs requests (apt install python3-requests): {error}"
            raise Unreachable(msg) from error
        backend = HttpBackend(url, token, fingerprint)
        if self._budget_ms is not None:
            backend.budget_ms = self._budget_ms
        if self._through is not None:
            backend.go_through(self._through)
        return backend

    def close(self) -> None:
        """Give the connection back."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None
