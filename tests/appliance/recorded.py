"""A machine whose disk is logged and whose trace is kept, as `plugs.Recording` has it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.appliance.acknowledged import EVENTS
from tests.appliance.plugs import Recording
from tests.appliance.writelog import SECTOR
from vm.card import Card
from vm.rig import Machine, Rig

# A log cannot grow; an hour of a till is some ten megabytes, and what is not written is a hole.
_LOG_BYTES: Final = 4 << 30


@contextmanager
def recording(card: Card, folder: Path, sockets: Path) -> Iterator[tuple[Rig, Recording]]:
    """A machine with this card; what it writes goes to `folder`, with the card as it was before."""
    folder.mkdir(parents=True)
    recorded = Recording(folder)
    card.copy(recorded.base)
    recorded.log.touch()
    os.truncate(recorded.log, _LOG_BYTES)
    traced = [word for event in EVENTS for word in ("-trace", event)]
    machine = Machine(more=tuple(traced), trace=recorded.trace)
    with Rig(sockets, _logged(card.path, recorded.log), machine) as till:
        yield till, recorded


def _logged(file: Path, log: Path) -> tuple[str, ...]:
    nodes = (
        f"driver=file,node-name=file0,filename={file}",
        f"driver=file,node-name=log0,filename={log}",
        f"driver=blklogwrites,node-name=disk0,file=file0,log=log0,log-sector-size={SECTOR}",
    )
    return tuple(word for node in nodes for word in ("-blockdev", node))
