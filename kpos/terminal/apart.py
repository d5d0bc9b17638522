"""A backup in a process of its own: copying and checking a million documents takes minutes.

Called by a worker thread of the till, it starts `python -m kpos.terminal.apart` and waits; that
process reads the journal like any other reader and answers with one line of JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from kpos.clock import Clock, SystemClock
from kpos.ledger.backup import back_up
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder
from kpos.ledger.marks import BackedUp, note_backup

# Below everything else on the machine; a sale comes first.
_NICENESS = 10


def back_up_apart(folder: Folder, target: Path) -> dict[str, Any]:
    """``{"done": …}`` or ``{"failed": why}``, as the control socket answers."""
    import subprocess

    command = [sys.executable, "-m", __name__, str(folder.path.absolute()), str(target)]
    try:
        run = subprocess.run(  # noqa: S603 - ourselves
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            env=found_again(),
        )
        answer: dict[str, Any] = json.loads(run.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        return {"failed": f"the process that makes the backup failed: {error}"}
    return answer


def note(folder: Folder, target: Path, documents: int, clock: Clock) -> None:
    """Remember a backup beside the books; it is none the worse where that cannot be done."""
    with suppress(OSError):
        note_backup(folder, BackedUp(clock.now(), str(target), documents))


def found_again() -> dict[str, str]:
    """The environment of another process of ours: it finds kpos where this one did.

    An image has it in a folder of its own, which only its /usr/bin/kpos knows.
    """
    import os

    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def main(folder: str, target: str) -> None:
    """Make the backup and say how it went."""
    import os

    with suppress(PermissionError):  # its unit allows no such call
        os.nice(_NICENESS)
    books = Folder(Path(folder))
    try:
        documents = back_up(books, Path(target))
        note(books, Path(target), documents, SystemClock())
        answer: dict[str, Any] = {"done": {"documents": documents}}
    except LedgerError as error:
        answer = {"failed": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
