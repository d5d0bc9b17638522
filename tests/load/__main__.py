"""`python -m tests.load`: the figures that concern a server with many tills."""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from tests.bench.figures import as_json, as_table
from tests.load.play import Sizes, play

_HELP = {
    "tills": "that come at once",
    "rounds": "purchases of each of them",
    "returning": "tills that come back after a week",
    "week": "documents of one till",
    "products": "in the catalogue",
    "documents": "that go up one till after the other",
}


def main() -> None:
    """Play it and print what was measured."""
    options = _options()
    sizes = Sizes(**{each.name: getattr(options, each.name) for each in fields(Sizes)})
    figures = []
    with tempfile.TemporaryDirectory(prefix="kpos-load-") as folder:
        for figure in play(sizes, Path(folder), on_postgres=options.postgres):
            # At once: what comes later may fail after half an hour.
            sys.stderr.write(f"{figure.name}: {figure.measured}\n")
            figures.append(figure)
    print(as_json(figures) if options.json else as_table(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    for each in fields(Sizes):
        parser.add_argument(
            f"--{each.name}", type=int, default=each.default, metavar="N", help=_HELP[each.name]
        )
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


main()
