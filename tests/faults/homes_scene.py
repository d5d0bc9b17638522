"""A till is told that a wallet is at home there no more, and the others that they may spend it.

A process of its own, for the power-cut explorer: `python -m tests.faults.homes_scene SERVER TILLS`.
It says on its standard output what the server has told everybody by then.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kpos.ledger.files import connect
from kpos.wawi.core import homes
from kpos.wawi.core.transactions import transaction
from tests.wawi.core.haus import Filialkasse, Haus
from tests.wawi.core.whole import WholeTill

FREE, ELSEWHERE = b"everybody may spend it\n", b"the other one may spend it\n"


def main(server: Path, tills: Path) -> None:
    """One till of the engine's, one that is told by hand."""
    haus = Haus(connect(server / "house.db", code="S-01", synchronous="OFF"), tills)
    haus.add_product("Mate", 150)
    haus.add_member("Ada", 2000)
    till = WholeTill.of_house(haus, "till")
    till.buy("Ada", "Mate")
    till.talk()
    other = haus.add_till()
    assert told(haus, other) == till.id
    till.talk()
    assert told(haus, other) is None
    say(FREE)
    with transaction(haus.db):
        homes.set_home(haus.db, haus.wallet("Ada"), other.paired.till, haus.clock.now())
    till.talk()
    assert told(haus, other) == other.paired.till
    say(ELSEWHERE)
    till.talk()
    say(b"the end\n")


def told(haus: Haus, till: Filialkasse) -> object:
    till.pull()
    return till.rows["balance", haus.wallet("Ada")].fields["home"]


def say(text: bytes) -> None:
    os.write(1, text)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
