"""The contract of backends, kept by the WaWi in memory, and by the same over HTTP."""

from collections.abc import Iterator

import pytest

from kpos.domain.ids import Id
from kpos.sync.http import HttpBackend
from tests.sync.contract import BackendContract, Office, Peer, drawn
from tests.sync.served import Server
from tests.sync.wawi import Wawi


class OfficeOfWawi:
    """The WaWi in memory."""

    def __init__(self) -> None:
        self.wawi = Wawi(page_size=3, tail_size=2)

    def code(self) -> str:
        return self.wawi.code()

    def connect(self, token: str | None) -> Peer:
        return self.wawi.of(token or "")

    def revoke(self, till: Id) -> None:
        self.wawi.journals[till].is_revoked = True

    def add_group(self, name: str) -> Id:
        group = drawn(name)
        self.wawi.put("group", group, name=name)
        return group

    def expire(self) -> None:
        self.wawi.oldest = self.wawi.revision + 1


class OfficeOfServer(OfficeOfWawi):
    """The same, behind a server."""

    def __init__(self, server: Server) -> None:
        self.wawi = server.wawi
        self._server = server
        self._backends: list[HttpBackend] = []

    def connect(self, token: str | None) -> Peer:
        self._backends.append(HttpBackend(self._server.url, token))
        return self._backends[-1]

    def close(self) -> None:
        for backend in self._backends:
            backend.close()


class TestInMemory(BackendContract):
    @pytest.fixture
    def office(self) -> Office:
        return OfficeOfWawi()


class TestOverHttp(BackendContract):
    @pytest.fixture
    def office(self) -> Iterator[Office]:
        with Server(Wawi(page_size=3, tail_size=2)).running() as server:
            office = OfficeOfServer(server)
            yield office
            office.close()
