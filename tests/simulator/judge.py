"""What must hold: at every step what is cheap to see, all of it when everybody met again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kpos.domain.document import Document
from kpos.domain.ids import Id
from kpos.ledger import feed, sealed
from kpos.ledger.checks import Booked
from kpos.ledger.errors import LedgerError
from kpos.ledger.pairing import unsent
from kpos.ledger.verify import verify
from kpos.wawi.core import checking
from kpos.wawi.core.transactions import transaction
from tests.simulator import rows, situations

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World


class Violation(AssertionError):
    """A promise that was not kept."""


def must(holds: bool, says: str) -> None:
    if not holds:
        raise Violation(says)


# At every step


def credit_follows(world: World, till: Till) -> None:
    """What a till says of a wallet is what the feed said, less what own documents took since."""
    db = till.books.current()
    taken = feed.taken(db)
    if taken is None:
        return
    own: Counter[str] = Counter()
    for _, known in world.truth.own_after(till, taken.position):
        for wallet, cents in known.moves.items():
            own[wallet] += cents
    for wallet, cents, _ in sealed.every(db, "fed_wallet", ""):
        says = till.books.credit(wallet).cents
        expected = cents - own[wallet]
        must(says == expected, f"{till.name}: wallet {wallet} has {says} instead of {expected}")


def bound(world: World, wallet: str) -> int:
    """How far below zero a wallet may go: docs/sync.md, and what no promise covers."""
    each = world.swarm.limit_cents * (len(world.tills) + world.truth.partings)
    return each + world.truth.slack[wallet]


def overdraft(world: World, wallets: list[str]) -> None:
    for wallet in wallets:
        credit, floor = world.truth.credit[wallet], -bound(world, wallet)
        must(credit >= floor, f"wallet {wallet} is at {credit}, below {floor}")


def within_limit(world: World, till: Till, booked: Booked) -> None:
    """What a till took from a free wallet, beyond what the server has or holds for it.

    A restored server has less than tills were told: nobody promises anything of these.
    """
    db, held = till.books.current(), world.server.hashes_of(till.id)
    took = {wallet for each in booked.documents for wallet, _ in debits(world, each)}
    own = world.truth.own_after(till, 0) if took and not world.truth.is_set_back else []
    for wallet in sorted(took):
        if world.truth.is_set_back or feed.standing(db, till.id, wallet).home != "free":
            continue
        risk = 0
        for digest, known in own:
            if digest not in held:
                covered = world.held.get(digest, 0)
                cents = known.moves.get(wallet, 0)
                risk = max(risk + (max(cents - covered, 0) if covered else cents), 0)
        limit = world.swarm.limit_cents
        must(risk <= limit, f"{till.name} took {risk} of {wallet} alone, and may {limit}")


def granted(world: World, wallet: Id, cents: int) -> None:
    """What the server just granted is there, beside what was bought with what it granted before."""
    if world.truth.partings:
        return
    held, bought = world.server.hashes(), 0
    for digest, covered in world.held.items():
        known = world.truth.documents.get(digest)
        if known is not None and wallet in known.moves and digest not in held:
            bought += covered
    there = world.server.credit(wallet) + world.truth.slack[wallet]
    must(bought + cents <= there, f"{cents} of {wallet} granted beside {bought}, of {there}")


def debits(world: World, document: Document) -> list[tuple[Id, int]]:
    """What a document takes from wallets beyond what was held for it."""
    covered = world.held.get(document.hash, 0)
    moves = feed.moves_of(document).items()
    return [(Id(wallet), cents) for wallet, cents in moves if cents > covered]


def at_home(world: World) -> None:
    """Where one till alone may debit a wallet, and was told so, it is never below zero.

    The last till of a house is home to all at once. Until it hears of that, it does not know what
    others booked either, and has its offline limit as ever.
    """
    homes = dict(world.server.homes())
    situations.homes_moved(world, homes)
    told = {(wallet, till.id) for till in world.living() for wallet in till.at_home()}
    for wallet, home in homes.items():
        if home is None or (wallet, home) not in told:
            world.at_home.pop(wallet, None)
            continue
        credit = world.truth.credit[wallet] + world.truth.slack[wallet]
        if world.at_home.get(wallet) == home:
            must(credit >= 0, f"wallet {wallet} is at {credit}, and at home at {home}")
        elif credit >= 0:
            world.at_home[wallet] = home
        else:
            world.at_home.pop(wallet, None)


# In the end


def is_done(world: World) -> str:
    """What is still to be done; nothing if all agree."""
    for till in world.living():
        waiting = unsent(till.books.journal.db)
        if waiting or till.engine.failures:
            return f"{till.name} keeps {waiting} documents: {till.engine.trouble}"
        for wallet in world.server.wallets():
            here, there = till.books.credit(wallet).cents, world.server.credit(wallet)
            if here != there:
                return f"{till.name} says {here} of wallet {wallet}, the server {there}"
        differs = rows.difference(world.server, till)
        if differs:
            return f"{till.name}: {differs}"
    return ""


def everything(world: World) -> None:
    _documents(world)
    _receipts(world)
    faults = checking.check(world.server.db)
    must(not faults, f"the server's books: {faults}")
    with transaction(world.server.db):
        wrong = checking.rebuild(world.server.db, world.server.clock.now())
    must(not wrong, f"rebuilt otherwise: {wrong}")
    stopped = world.server.rows("SELECT prefix, stopped FROM till WHERE stopped IS NOT NULL")
    must(not stopped, f"stopped: {stopped}")
    names = (rows.still_named(world), rows.named_from_before(world))
    for fault in (rows.uncosted(world.server), rows.unsaid(world.server), *names):
        must(not fault, fault)
    for till in world.living():
        try:
            compared = verify(till.folder).projections_compared
        except LedgerError as error:
            msg = f"{till.name}: {error}"
            raise Violation(msg) from error
        must(compared, f"{till.name}: its projections were not compared")
    for wallet in world.server.wallets():
        there, sum_ = world.server.credit(Id(wallet)), world.truth.credit[wallet]
        must(there == sum_, f"wallet {wallet}: {there} at the server, {sum_} by all documents")
    overdraft(world, list(world.truth.credit))


def _documents(world: World) -> None:
    """Each that was committed and not lost is there once, as it was; and no others."""
    truth = world.truth
    documents = world.server.rows("SELECT till, hash, content FROM document")
    held = Counter(digest for _, digest, _ in documents)
    twice = [digest for digest, times in held.items() if times > 1]
    must(not twice, f"{len(twice)} documents are at the server twice")
    for till, digest, content in documents:
        known = truth.documents.get(digest)
        must(known is not None, f"nobody committed document {digest} of {till}")
        assert known is not None
        same = (known.till, known.content) == (till, content)
        must(same, f"document {digest} of {till} is another one at the server")
    there = held.keys() | truth.lost
    missing = [digest for digest in truth.documents if digest not in there]
    must(not missing, f"{len(missing)} documents are missing at the server: {missing[:3]}")


def _receipts(world: World) -> None:
    """Numbers of a prefix have no gap, and are given once where no till parted from itself."""
    numbers: dict[tuple[str, str], list[int]] = {}
    epochs: dict[tuple[str, str], int] = {}
    for till, receipt, epoch in world.server.rows(
        "SELECT till, receipt, epoch FROM document WHERE receipt IS NOT NULL AND receipt <> ''"
    ):
        prefix, _, digits = receipt.rpartition("-")
        numbers.setdefault((till, prefix), []).append(int(digits))
        one = epochs.setdefault((till, prefix), epoch) == epoch
        must(one, f"receipts {prefix} of {till} are of two epochs")
    for (till, prefix), given in numbers.items():
        if till == world.server.office_id:
            continue
        there = set(given)
        must(len(there) == max(there), f"receipts {prefix} of {till} have a gap")
        once = len(there) == len(given) or world.truth.partings > 0
        must(once, f"a receipt {prefix} of {till} was given twice")
