"""The process libFuzzer lives in: it instruments the till, and ends with `os._exit` or a crash."""

import random
import sys
from importlib import import_module
from types import ModuleType

import atheris


def mutator(target: ModuleType):
    """Half of the time as libFuzzer does it, byte by byte; else whole words and units."""

    def mutate(data: bytes, size_max: int, seed: int) -> bytes:
        draw = random.Random(seed)
        if draw.random() < 0.5:
            mutated: bytes = atheris.Mutate(data, size_max)
            return mutated
        units = target.units(data)
        for _ in range(draw.randint(1, 4)):
            at = draw.randint(0, len(units))
            match draw.randrange(4):
                case 0:
                    del units[at : at + draw.randint(1, 3)]
                case 1:
                    units[at:at] = units[draw.randint(0, len(units)) :][: draw.randint(1, 5)]
                case _:
                    units.insert(at, draw.choice(target.WORDS))
        return b"".join(units)[:size_max]

    return mutate


def main() -> None:
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(
        include=["kpos.terminal", "kpos.checkout", "kpos.domain", "hardware"],
        enable_loader_override=False,
    ):
        target = import_module(f"tests.faults.fuzz.{name}")
    arguments = [sys.argv[0], *options]
    atheris.Setup(arguments, target.one, custom_mutator=mutator(target))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
