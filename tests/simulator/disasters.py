"""What goes wrong beside the network: one function per disaster."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from kpos.domain.exchange import Entry, Point
from kpos.ledger.backup import back_up, restore
from kpos.ledger.joining import unpair
from kpos.ledger.pairing import Pairing
from kpos.sync.backend import BackendError
from tests.simulator.ready import ADMIN

if TYPE_CHECKING:
    from tests.simulator.till import Till
    from tests.simulator.world import World

MINUTE_MS = 60_000
DAY_MS = 1440 * MINUTE_MS


def partition(world: World, till: Till) -> str:
    till.cut_off_until = world.now_ms + world.dice.randrange(DAY_MS // 12)
    return "cut off"


def outage(world: World, till: Till) -> str:
    world.server.is_up = not world.server.is_up
    return f"server is up: {world.server.is_up}"


def jump(world: World, till: Till) -> str:
    ms = world.dice.choice((-DAY_MS, -3 * 3600_000, 2 * DAY_MS, 400 * DAY_MS, None))
    till.clock.start = world.start if ms is None else till.clock.start.plus_ms(ms)
    return f"clock says {till.clock.now()}"


def kill(world: World, till: Till) -> str:
    till.put_in(till.copied())
    return "killed"


def forget(world: World, till: Till) -> str:
    """What follows from the journal is gone; the copy beside it, if there is one, not always."""
    disk = till.copied()
    lost = world.dice.choice(("stammdaten.db*", "stammdaten*"))
    for path in disk.glob(lost):
        path.unlink()
    till.put_in(disk)
    return f"lost {lost}"


def keep_backup(world: World, till: Till) -> str:
    till.backup = till.folder.path.parent / f"{till.name}.backup"
    back_up(till.folder, till.backup)
    return "backed up"


def restore_backup(world: World, till: Till) -> str:
    """With what the server holds, if it can be reached."""
    if till.backup is None:
        return ""
    before, token = till.hashes(), world.token_in(till.backup)
    line = world.network.line(token)
    till.close()

    def tail(_pairing: Pairing, after: Point | None) -> Iterator[Sequence[Entry]]:
        is_last = False
        with suppress(BackendError):  # `kpos restore` says it, and goes on
            while not is_last:
                part = line.tail(after)
                yield part.entries
                is_last = part.is_last
                after = part.entries[-1].point if part.entries else after

    reached = world.network.is_through(till) and world.server.knows(token)
    restore(till.backup, till.folder, till.clock, tail if reached else None)
    till.open()
    world.truth.till_parted(before, till.hashes(), world.server)
    return f"restored, server reached: {reached}, {_begins(world, till)}"


def keep_disk(world: World, till: Till) -> str:
    if till.old_disk is not None:
        shutil.rmtree(till.old_disk)
    till.old_disk = till.copied()
    return "disk copied"


def put_back(world: World, till: Till) -> str:
    if till.old_disk is None:
        return ""
    before, at_home = till.hashes(), till.at_home()
    disk, till.old_disk = till.old_disk, None
    till.put_in(disk)
    world.truth.till_parted(before, till.hashes(), world.server)
    for wallet in set(till.at_home()).difference(at_home):
        # It had let others have what it now takes for its own.
        world.truth.slack[wallet] += max(till.books.credit(wallet).cents, 0)
    return f"disk put back, {_begins(world, till)}"


def _begins(world: World, till: Till) -> str:
    """A till asks the server before somebody buys, or somebody was quicker."""
    if world.dice.random() < 0.5 and world.network.is_through(till):
        world.talk(till)
        return "asked first"
    if world.dice.random() < 0.5:
        partition(world, till)
        return "cut off"
    return "sells"


def keep_server(world: World, till: Till) -> str:
    world.old_server = world.server.copy()
    return "server copied"


def restore_server(world: World, till: Till) -> str:
    if world.old_server is None:
        return ""
    server, before = world.server, world.server.hashes()
    held = server.rows("SELECT wallet, till, cents FROM hold ORDER BY wallet, till")
    homes = _homes(world)
    server.restore(world.old_server)
    world.truth.server_parted(before, server, world.living())
    for wallet, _, cents in held:
        world.truth.slack[wallet] += cents
    for wallet, _ in sorted(_homes(world) ^ homes, key=str):
        world.truth.slack[wallet] += max(world.truth.credit[wallet], 0)
    return "server restored"


def _homes(world: World) -> set[tuple[str, str | None]]:
    return {
        (wallet, home)
        for table in ("home", "homing")
        for wallet, home in world.server.rows(f"SELECT wallet, till FROM {table}")
    }


def lose(world: World, till: Till) -> str:
    """It is found again."""
    if not world.is_paired(till):
        return ""
    world.server.lose(till.id)
    world.truth.unknown_till(till, world.server)
    return "declared lost"


def destroy(world: World, till: Till) -> str:
    """It is not."""
    if len(world.living()) == 1:
        return ""
    before = till.hashes()
    till.close()
    till.is_destroyed = True
    world.truth.till_parted(before, set(), world.server)
    if world.is_paired(till):
        world.server.lose(till.id)
    return "destroyed"


def revoke(world: World, till: Till) -> str:
    if not world.is_paired(till):
        return ""
    world.server.revoke(till.id)
    world.truth.unknown_till(till, world.server)
    return "revoked"


def leave(world: World, till: Till) -> str:
    """Its admin unpairs it; it is paired again. The server may not hear of the first."""
    if not till.token or not world.is_paired(till):
        return ""
    is_heard = world.network.is_through(till) and world.server.knows(till.token)
    unpair(till.books, ADMIN, "a room is painted")
    world.truth.of_till(till, world.server)
    if is_heard:
        world.server.revoke(till.id)
        world.truth.unknown_till(till, world.server)
    return f"unpaired, server reached: {is_heard}"


HAPPEN = {
    "partition": partition,
    "outage": outage,
    "jump": jump,
    "kill": kill,
    "forget": forget,
    "keep_backup": keep_backup,
    "restore": restore_backup,
    "keep_disk": keep_disk,
    "put_back": put_back,
    "keep_server": keep_server,
    "restore_server": restore_server,
    "lose": lose,
    "destroy": destroy,
    "revoke": revoke,
    "leave": leave,
}
