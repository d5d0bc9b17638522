"""The whole play, act by act, and whether the books agree at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kpos.ledger import feed, stammdaten
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.verify import verify
from tests.bench.figures import Figure, reported
from tests.load import intake
from tests.load.client import Client, Tally, sync
from tests.load.crowd import Crowd
from tests.load.first import delta, first_sync, snapshot
from tests.load.founder import Founder
from tests.load.house import House, open_house
from tests.load.process import memory
from tests.load.recorded import Newcomer, newcomer, token_of

_SEED = 1
# That of a million documents takes some minutes.
_CHECK_S = 3600
# Tills whose journals are taken in beside raw inserts.
_TAKEN_IN = 5


@dataclass(frozen=True)
class Sizes:
    """How many of everything; `week` in documents of one till, the longest journal there is."""

    tills: int = 300
    rounds: int = 5
    returning: int = 50
    week: int = 2_000
    products: int = 100_000
    documents: int = 1_000_000


def play(sizes: Sizes, scratch: Path, *, on_postgres: bool) -> Iterator[Figure]:
    """Figure by figure.

    Raises:
        AssertionError: if the books do not agree, or somebody was refused.
    """
    with open_house(scratch / "data", on_postgres=on_postgres) as house:
        pid = house.server.process.pid
        rest = memory(pid)
        with (
            closing(Founder(house, scratch / "founder", sizes.products)) as founder,
            closing(newcomer(house, scratch / "till", sizes.week)) as till,
        ):
            # What belongs to the founder's members is free once the founder knows of another till.
            founder.hear()
            yield first_sync(house, till.books, Tally())
            yield delta(house, till.books)
            told = memory(pid)
            yield snapshot(house, till.books)
            recording = till.record(sizes.week, _SEED)
            wallets = [member.wallet for member in stammdaten.members(till.books.current())]
            crowd = Crowd(house, recording, wallets, _cursor(till.books))
            yield from crowd.rush(sizes.tills, sizes.rounds)
            yield crowd.week(sizes.returning, sizes.week)
            if not on_postgres:
                yield _intake(house, crowd, scratch)
            yield crowd.year(sizes.documents)
            yield reported(
                "memory of the server",
                f"at rest {rest}; after the first sync {told}; at the end {memory(pid)}",
                1,
            )
            yield _agree(house, till, scratch / "till")


def _cursor(books: Books) -> str | None:
    taken = feed.taken(books.current())
    return taken.cursor if taken is not None else None


def _intake(house: House, crowd: Crowd, scratch: Path) -> Figure:
    """On copies of the database as it is by now."""
    folder = scratch / "intake"
    folder.mkdir()
    came = [crowd.till(len(crowd.recording.paired)) for _ in range(_TAKEN_IN)]
    for name in ("taking", "raw"):
        house.db.execute("VACUUM INTO ?", (str(folder / f"{name}.db"),))
    found = [list(intake.costs(folder, till.till, till.entries)) for till in came]
    # Without the first batch of each, which begins with the till's own birth, if there are more.
    return intake.intake_row([cost for costs in found for cost in costs[1:] or costs])


def _agree(house: House, till: Newcomer, folder: Path) -> Figure:
    """`kpos wawi check` of all journals, and the real till against the server, wallet by wallet."""
    sync(till.books, Client(house.server.url, token_of(till.books), Tally()))
    said = house.server.kpos("check", wait_s=_CHECK_S)
    wallets = [member.wallet for member in stammdaten.members(till.books.current())]
    for wallet in wallets:
        assert till.books.credit(wallet) == stammdaten.credit(house.db, wallet), wallet
    till.books.close()
    documents = verify(Folder(folder)).documents
    return Figure(
        "books of server and tills",
        f"{said.strip()} One real till has {documents:,} of them, and the balances of the server.",
        "agree",
        "reached",
        len(wallets),
    )
