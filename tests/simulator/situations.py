"""What a promise must hold in: how often each situation came about, over many seeds.

Disasters count themselves by their name, errands, chores and answers here. A situation that is
played in too few seeds is as good as not played: each is to come about in 3 of 100 of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.ledger.reading import position_of
from kpos.sync.backend import CursorExpired, Revoked
from kpos.sync.jobs import Fetch, Job, Read, Result, Send
from kpos.sync.wire import Ack, Page, Tail

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World

# A refusal that says a limit was reached, or what is known does not do.
_REFUSED = {
    "limit": "the offline limit was used up",
    "offline": "a credit was kept for another till, or not known here",
}
_FORGETS = "a till heard of a history that is on again that it was off"
IMPORTANT = (
    "a till forked",
    "a till took its end back from the server",
    "restore",
    "put_back",
    "restore_server",
    "a till was sent back to the beginning of the feed",
    "revoke",
    "a till with a void token asked",
    "leave",
    "lose",
    "destroy",
    "forget",
    "jump",
    "a till joined later",
    "a till joined with a history of its own",
    "a wallet became free",
    "a wallet came home",
    *_REFUSED.values(),
    "a hold was granted",
    "a guest's card was made",
    "a guest's card was made out of reach",
    "undone after the server had it",
    "goods were costed later",
    _FORGETS,
    "a feed was cut into pages",
    "a feed was cut while read from its beginning",
    "a batch was cut",
)


class Count:
    """Over many seeds."""

    def __init__(self) -> None:
        self.seeds = 0
        self._in: Counter[str] = Counter()
        self._times: Counter[str] = Counter()

    def add(self, happened: Counter[str]) -> None:
        self.seeds += 1
        self._in.update(set(+happened))
        self._times.update(happened)

    def share(self, situation: str) -> float:
        """Of the seeds; 1.0: in each."""
        return self._in[situation] / self.seeds

    def table(self) -> str:
        """The rarest first."""
        names = sorted({*IMPORTANT, *self._in}, key=lambda name: (self._in[name], name))
        lines = [
            f"{100 * self.share(name):6.1f} %  {self._times[name]:8}  {name}" for name in names
        ]
        return "\n".join(["of seeds    times  what", *lines])


def answered(world: World, job: Job, result: Result) -> None:
    """The server did what it was asked for."""
    match job, result:
        case Send(push), Ack(acked=acked):
            is_cut = push.entries and acked != push.head
            _note(world, "a batch was cut", happened=bool(is_cut))
        case Read(cursor), Page():
            is_cut = not result.is_last
            _note(world, "a feed was cut into pages", happened=is_cut)
            is_first = is_cut and cursor is None
            _note(world, "a feed was cut while read from its beginning", happened=is_first)
            _note(world, _FORGETS, happened=_is_to_forget(world, result))
        case _, CursorExpired():
            _note(world, "a till was sent back to the beginning of the feed")
        case _, Revoked():
            _note(world, "a till with a void token asked")
        case Fetch(), Tail(entries=entries):
            _note(world, "a till took its end back from the server", happened=bool(entries))
        case _:
            pass


def _is_to_forget(world: World, page: Page) -> bool:
    """Whether a till is told of a history that it is off, though it is on again."""
    query = "SELECT 1 FROM member WHERE id = ? AND history"
    return any(
        world.server.rows(query, each.id)
        for each in page.changes
        if each.entity == "member" and not each.fields["history"]
    )


def refused(world: World, code: str) -> None:
    """An errand was."""
    if code in _REFUSED:
        _note(world, _REFUSED[code])


def guest_came(world: World, till: Till) -> None:
    """With a card made at a till."""
    _note(world, "a guest's card was made")
    is_out = not world.network.is_through(till)
    _note(world, "a guest's card was made out of reach", happened=is_out)


def undone(world: World, till: Till, sale: Ref) -> None:
    """A purchase was."""
    pairing = till.books.journal.pairing
    acked = pairing.acked if pairing is not None else None
    is_held = acked is not None and position_of(sale) <= position_of(acked.ref)
    _note(world, "undone after the server had it", happened=is_held)


def homes_moved(world: World, homes: Mapping[Id, str | None]) -> None:
    """Since they were asked for last."""
    for wallet, home in homes.items():
        if world.homes.get(wallet, home) != home:
            _note(world, "a wallet became free" if home is None else "a wallet came home")
    world.homes = homes


def in_the_end(world: World) -> None:
    """What is in the journals."""
    world.happened["a till forked"] += world.truth.forks
    costings = world.server.rows("SELECT count(*) FROM document WHERE kind = 'costing'")
    world.happened["goods were costed later"] += costings[0][0]
    for kind, times in world.server.rows("SELECT kind, count(*) FROM alarm GROUP BY kind"):
        world.happened[f"alarm {kind}"] += times


def _note(world: World, situation: str, *, happened: bool = True) -> None:
    if happened:
        world.happened[situation] += 1
