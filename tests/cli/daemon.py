"""A running till, and commands, as processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.process.jsonl_till import ROOT, JsonlTill

KPOS = [sys.executable, "-m", "kpos"]
MATE = "4029764001807"
NOBODY = 65534


def kpos(*arguments: object, data: Path | str, **how: Any) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own."""
    return subprocess.run(
        [*KPOS, *(str(argument) for argument in arguments)],
        env=os.environ | {"KPOS_DATA": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **how,
    )


# The interpreter may lie where a stranger cannot read: all is imported before. Not the server,
# which no command of a till needs.
_STRANGER = f"""
import os, sys, importlib, urllib.parse, sqlite3, csv, json
from pathlib import Path
import kpos.cli
for path in Path("kpos").rglob("*.py"):
    if not any(word in str(path) for word in ("__main__", "/tty", "/wawi")):
        importlib.import_module(".".join(path.with_suffix("").parts))
os.setgroups([]); os.setresgid({NOBODY}, {NOBODY}, {NOBODY}); os.setresuid(*[{NOBODY}] * 3)
kpos.cli.main(sys.argv[1:])
"""


def kpos_of_a_stranger(*arguments: object, data: Path) -> subprocess.CompletedProcess[str]:
    """A command of a user without any rights; only root can become one."""
    return subprocess.run(
        [sys.executable, "-c", _STRANGER, *(str(argument) for argument in arguments)],
        env=os.environ | {"KPOS_DATA": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def running_till(data: Path, *arguments: str) -> Iterator[JsonlTill]:
    """A till that sells until the end of the block, and then ends in good order."""
    till = JsonlTill(data, *arguments)
    # The first line that is done says that the loop turns, and the control socket listens.
    till.do(wait_ms=0)
    try:
        yield till
    except BaseException:
        till.kill()
        raise
    assert till.end() == 0


def buy(till: JsonlTill, card: str = "CARD-ADA") -> dict[str, Any]:
    """A bottle, from the card to the acknowledgement."""
    before = len(till.booked)
    till.scan(card, MATE)
    till.keys("#")
    # The thanks vanish, and the next card is not taken for a repetition.
    till.do(wait_ms=10_000)
    # What commands booked meanwhile is acknowledged as well.
    [sale] = [booked for booked in till.booked[before:] if booked["kind"] == "sale"]
    return sale
