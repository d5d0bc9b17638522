"""What people ask of the house, at the desk or at the command line: each in one transaction."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import segno

from kpos.clock import SystemClock
from kpos.domain.document import Json
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse
from kpos.ledger import stammdaten
from kpos.ledger.database import Database
from kpos.ledger.office import find
from kpos.wawi.core import alarms, checking, homes, pairing
from kpos.wawi.core import tills as core_tills
from kpos.wawi.core.house import House
from kpos.wawi.core.house import perform as perform_in
from kpos.wawi.core.spending import AtHome, release
from kpos.wawi.core.tills import Branch, Till
from kpos.wawi.database import reading, wipe, writing

_clock = SystemClock()
_QR_VERSION = 1


@dataclass(frozen=True)
class Invitation:
    """An authorisation code, and where to use it."""

    url: str
    code: str

    @property
    def command(self) -> str:
        """What is typed at the till."""
        return f"kpos pair {self.url} {self.code}"

    def svg(self) -> str:
        """For a scanner, on a page."""
        drawn: str = self._qr().svg_inline(scale=5, border=4, light="white")
        return drawn

    def terminal(self) -> str:
        """For a scanner, in a terminal."""
        drawn = io.StringIO()
        self._qr().terminal(drawn, border=2, compact=True)
        return drawn.getvalue()

    def _qr(self) -> segno.QRCode:
        said = {"v": _QR_VERSION, "url": self.url, "code": self.code}
        return segno.make_qr(json.dumps(said, separators=(",", ":")))


def perform(name: str, arguments: Mapping[str, Any], author: str) -> dict[str, Json]:
    """A request of the office, as the till's command line makes them.

    Credit that is at home at a till is not spent here; that till is asked to release it.

    Raises:
        Refused: nothing was changed.
    """
    try:
        with writing() as db:
            return perform_in(House(db, _clock, _place(db)), name, arguments, author)
    except AtHome as refused:
        with writing() as db:
            release(db, refused.wallet, _clock.now())
        raise


def erase(member: str, author: str) -> None:
    """Delete everything that names a member, here at once, at a till when it hears of it.

    Raises:
        Refused: if there is none, or there is credit left.
    """
    perform("erase", {"member": member}, author)
    wipe()


def name_of(member: str) -> str:
    """The name of a member, who is given as people do: by name, number, card or id.

    Raises:
        Refused: if there is none.
    """
    with reading() as db:
        found = find.member(db, member)
    return found.name or found.id


def add_branch(name: str, author: str) -> Id:
    """A new branch.

    Raises:
        Refused: if there is one of this name.
    """
    with writing() as db:
        return core_tills.add_branch(db, name, author, _clock.now()).id


def assortment(branch: str) -> list[Id]:
    """The products that a branch sells; none for all."""
    with reading() as db:
        return core_tills.assortment(db, Id(branch))


def set_assortment(branch: str, products: Sequence[str], author: str) -> None:
    """Let a branch sell these products only, or all."""
    with writing() as db:
        chosen = map(Id, products)
        core_tills.set_assortment(db, Id(branch), chosen, author, _clock.now())


def branches() -> list[dict[str, Any]]:
    """All branches, with the prefixes of their tills."""
    with reading() as db:
        tills = core_tills.tills(db)
        return [
            {
                "name": branch.name,
                "tills": [till.prefix for till in tills if till.branch == branch.id],
                "id": branch.id,
            }
            for branch in core_tills.branches(db)
        ]


def invite(branch: str, url: str, author: str) -> Invitation:
    """A code for one more till of a branch, which is named or given by its id.

    Raises:
        Refused: if there is no such branch.
    """
    with writing() as db:
        made = pairing.make_code(db, _branch(db, branch).id, author, _clock.now())
    return Invitation(url.rstrip("/"), made.code)


def tills() -> list[dict[str, Any]]:
    """All tills, as they were last heard of."""
    with reading() as db:
        names = {branch.id: branch.name for branch in core_tills.branches(db)}
        return [
            {
                "prefix": till.prefix,
                "branch": names.get(till.branch, ""),
                "state": state_of(till),
                "last_seen": str(Instant(till.seen_ms)) if till.seen_ms else "",
                "queue": till.queue,
                "version": till.version,
                "id": till.id,
            }
            for till in core_tills.tills(db)
        ]


def state_of(till: Till) -> str:
    """In a word, or why its documents are not projected."""
    if till.lost_ms is not None:
        return "lost"
    if till.stopped is not None:
        return f"stopped: {till.stopped}"
    return "paired" if till.is_paired else "not paired"


def move_home(wallet: str, till: str | None, author: str) -> list[str]:
    """Give a wallet a home, or none; the prefixes of the tills that must know first.

    Raises:
        Refused: if there is no such wallet, or that till may not be one.
    """
    with writing() as db:
        homes.move(db, Id(wallet), Id(till) if till else None, author, _clock.now())
        return homes.awaited(db, Id(wallet))


def awaited(wallet: str) -> list[str]:
    """The prefixes of the tills that must know before the home of a wallet changes."""
    with reading() as db:
        return homes.awaited(db, Id(wallet))


def offline_limit() -> tuple[int, int]:
    """In cents, and what all tills together may lose of a wallet by it."""
    with reading() as db:
        cents = stammdaten.settings(db).offline_limit_cents
        return cents, cents * len(homes.active_tills(db))


def declare_lost(prefix: str, author: str) -> None:
    """A till is lost: nothing of it is believed any more.

    Raises:
        Refused: if there is none with this prefix.
    """
    with writing() as db:
        core_tills.lose(db, _till(db, prefix).id, author, _clock.now())


def resolve(prefix: str, author: str, *, skip: bool) -> str | None:
    """Go on with a till's documents, without the one that it stopped at or with it; why not.

    Raises:
        Refused: if there is no till with this prefix.
    """
    with writing() as db:
        return core_tills.resolve(db, _till(db, prefix).id, author, _clock.now(), skip=skip)


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what is not as it must be."""

    documents: int
    tills: int
    faults: list[str]


def check() -> Checked:
    """Distrust everything: chains, sums, and what follows from the documents."""
    with reading() as db:
        documents: int = db.execute("SELECT count(*) FROM document").fetchone()[0]
        return Checked(documents, len(core_tills.tills(db)), checking.check(db))


def settle(alarm: int, author: str) -> None:
    """Somebody has looked at an alarm."""
    with writing() as db:
        alarms.settle(db, alarm, author)


def _branch(db: Database, text: str) -> Branch:
    for branch in core_tills.branches(db):
        if text in (branch.name, branch.id):
            return branch
    raise refuse("unknown", f"there is no branch {text[:40]!r}: see kpos wawi branch list")


def _till(db: Database, prefix: str) -> Till:
    found = core_tills.till_of_prefix(db, prefix)
    if found is None:
        raise refuse("unknown", f"there is no till {prefix[:40]!r}: see kpos wawi till list")
    return found


def _place(db: Database) -> Id:
    """Where goods come and leave that the office books: at the first branch."""
    for branch in core_tills.branches(db):
        return branch.place
    office: str = db.execute("SELECT office FROM house").fetchone()[0]
    return Id(office)
