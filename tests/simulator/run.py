"""One seed from its beginning to its verdict."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.simulator.ready import folder_in_memory
from tests.simulator.swarm import seeded
from tests.simulator.world import World


@dataclass(frozen=True)
class Played:
    """`trace`: the hash of all that happened; `happened`: how often each situation came about.

    `why` a promise was not kept, in a line, or ''; `shown` has the last steps before that as well.
    """

    seed: int
    trace: str
    happened: Counter[str]
    why: str = ""
    shown: str = ""

    @property
    def again(self) -> str:
        """The line that plays it once more."""
        return f"python -m tests.simulator --seed {self.seed}"


class Failed(AssertionError):
    """A seed failed; the message has its last steps and how to play it again."""

    def __init__(self, played: Played) -> None:
        super().__init__("\n".join([played.shown, played.again]))


def evening(seed: int, place: Path | None = None) -> Played:
    """Play a seed; a promise that was not kept, or what nobody expects to be raised, is said.

    Its files are in `place` as long as it takes.
    """
    with seeded(seed), folder_in_memory(place) as folder:
        world = World(seed, Path(folder))
        why = shown = ""
        try:
            world.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, its seed failed
            why = f"seed {seed}, step {world.step}: {type(error).__name__}: {error}"
            shown = "\n".join([traceback.format_exc(), *world.shown, str(world.swarm), why])
        finally:
            world.close()
        return Played(seed, world.trace, world.happened, why, shown)


def play(seed: int) -> str:
    """The hash of all that happened.

    Raises:
        Failed: if a promise was not kept, or something raised what nobody expects.
    """
    played = evening(seed)
    if played.why:
        raise Failed(played)
    return played.trace
