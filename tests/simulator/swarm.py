"""What a seed makes of the world: how many, how large, and how often what goes wrong."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Another stream than that of what happens, so that one more id changes nothing else.
_IDS = 1 << 40


@dataclass(frozen=True)
class Swarm:
    """Rates are chances per question or per step; each seed has its own mix of them."""

    tills: int
    # Of these, so many join in the middle of the evening.
    joining: int
    branches: int
    steps: int
    # Of a batch and of a page, and what a till may spend beyond what the server knows.
    batch_max: int
    page_max: int
    # Whether each batch and each page has a size of its own, up to those.
    is_ragged: bool
    limit_cents: int
    # Of a question: it gets lost, its answer does, it is done late, it is done twice.
    lost: float
    answer_lost: float
    late: float
    twice: float
    delay_max_ms: int
    # Of a card that is shown: it is the one that everybody uses, of a team or a family.
    shared: float
    # Of a step.
    disasters: dict[str, float]


DISASTERS = (
    "partition outage jump kill forget keep_backup restore keep_disk put_back"
    " keep_server restore_server lose destroy revoke leave"
).split()
# Without something that was kept they do nothing: these come in pairs.
_PAIRS = {"keep_backup": "restore", "keep_disk": "put_back", "keep_server": "restore_server"}
_COMMON = {"keep_backup", "keep_disk", "put_back", "keep_server", "kill", "partition"}
# After these a till sells nothing until it has met the server again, or ever.
_RARE = {"forget", "restore", "lose", "revoke", "destroy", "leave"}


def swarm(dice: random.Random) -> Swarm:
    """As a seed has it."""
    rates = {name: dice.choice((0.0, 0.0, 0.01, 0.03)) for name in DISASTERS}
    rates |= {keeps: rates[needs] for keeps, needs in _PAIRS.items()}
    if dice.random() < 0.4:  # what is promised only while nobody went back is seen in these
        rates |= dict.fromkeys((*_PAIRS.values(), "destroy"), 0.0)
    tills = dice.choice((1, 2, 2, 3, 3, 4, 5))
    return Swarm(
        tills=tills,
        joining=min(dice.choice((0, 0, 0, 1, 1, 2)), tills - 1),
        branches=dice.choice((1, 1, 2, 3)),
        steps=dice.choice((60, 120, 240)),
        batch_max=dice.choice((1, 3, 20, 20, 500, 500)),
        page_max=dice.choice((2, 7, 30, 30, 1000, 1000)),
        is_ragged=dice.random() < 0.5,
        limit_cents=dice.choice((0, 300, 1000, 2000)),
        lost=dice.choice((0.0, 0.05, 0.3)),
        answer_lost=dice.choice((0.0, 0.05, 0.3)),
        late=dice.choice((0.0, 0.05, 0.2)),
        twice=dice.choice((0.0, 0.1, 0.4)),
        delay_max_ms=dice.choice((1, 60_000, 600_000)),
        shared=dice.choice((0.0, 0.5, 0.9)),
        disasters={
            name: rate * (2 if name in _COMMON else 0.4 if name in _RARE else 1)
            for name, rate in rates.items()
            if rate
        },
    )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Ids and salts that follow from the seed."""
    systems_own = os.urandom
    os.urandom = random.Random(_IDS + seed).randbytes
    try:
        yield
    finally:
        os.urandom = systems_own
