"""One seed from its beginning to its verdict."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.ready import folder_in_memory
from tests.simulator.swarm import seeded
from tests.simulator.world import World


class Failed(AssertionError):
    """A seed failed; `shown` has its last steps and how to run it again."""

    def __init__(self, world: World, error: BaseException) -> None:
        why = f"seed {world.seed}, step {world.step}: {type(error).__name__}: {error}"
        again = f"python -m tests.simulator --seed {world.seed}"
        self.shown = "\n".join([*world.shown, str(world.swarm), why, again])
        self.why = why
        super().__init__(self.shown)


def play(seed: int) -> str:
    """The hash of all that happened.

    Raises:
        Failed: if a promise was not kept, or something raised what nobody expects.
    """
    with seeded(seed), folder_in_memory() as folder:
        world = World(seed, Path(folder))
        try:
            world.run()
        except Exception as error:
            raise Failed(world, error) from error
        finally:
            world.close()
        return world.trace
