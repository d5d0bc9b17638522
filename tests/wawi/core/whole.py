"""A till that keeps itself in step with a house: its own files, its engine, the server's desk."""

from __future__ import annotations

from kpos.domain.ids import Id
from kpos.ledger.joining import Assigned, pair
from kpos.ledger.pairing import Pairing
from kpos.sync.engine import Engine
from kpos.wawi.core import homes
from kpos.wawi.core.desk import Desk, apply_to_pair
from kpos.wawi.core.transactions import transaction
from tests.sync.tills import Line, Till, application_of
from tests.wawi.core.haus import Haus


class WholeTill(Till):
    """As `kpos run` has it, without what it asks at which time."""

    haus: Haus

    @classmethod
    def of_house(cls, haus: Haus, name: str, branch: str = "Keller") -> WholeTill:
        """A new one, paired, that knows all there is."""
        return cls(haus.folder / name, haus.clock.now()).join(haus, branch)

    def join(self, haus: Haus, branch: str = "Keller") -> WholeTill:
        self.pair_with(haus, branch)
        self.talk()
        return self

    def pair_with(self, haus: Haus, branch: str = "Keller") -> None:
        asked = application_of(self.books, haus.code(branch))
        paired = apply_to_pair(haus.db, haus.clock, asked)
        self.haus = haus
        self.line = Line(Desk(haus.db, haus.clock, paired.token))
        assigned = Assigned(paired.till, paired.place, paired.prefix)
        pair(self.books, Pairing("https://wawi", paired.token, paired.branch), assigned, "uid:0")
        self.engine = Engine(self.books)

    def talk(self) -> None:
        """Say all there is to say, twice: what the first time freed is heard the second time."""
        for _ in range(2):
            self.sync()
            assert not self.engine.failures, self.engine.trouble

    @property
    def id(self) -> Id:
        return self.books.identity.till


def at_home(haus: Haus, wallet: Id, till: WholeTill | None, others: list[WholeTill]) -> None:
    """Give a wallet a home, or none, and let everybody hear of it."""
    with transaction(haus.db):
        homes.set_home(haus.db, wallet, till.id if till else None, haus.clock.now())
    for each in [*others, *([till] if till else [])] * 2:
        each.talk()
