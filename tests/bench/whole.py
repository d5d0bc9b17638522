"""What goes through all documents: `kpos rebuild`, `kpos verify`, and the size of the files.

Wall and CPU of the real commands on a copy of a shop. A rebuild counts as the same when every
projected table has the same rows afterwards; its progress is looked for on a terminal. Verify
compares the projections with a second projection as well. Size: the till sells over jsonl and both
files are measured after it has ended, per sale of one article with its debit.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from kpos.ledger.files import Folder
from tests.bench.figures import Figure, reported, verdict
from tests.ledger.kasse import PROJECTIONS
from tests.process.jsonl_till import ROOT, JsonlTill, kpos

REBUILD_MAX_S = 300
_SNACK = "7613032872731"


def rebuild(shop: Path, scratch: Path, documents: int) -> list[Figure]:
    """How long a rebuild and a verify take; `shop` stays as it is."""
    data = Path(shutil.copytree(shop, scratch / "rebuilt"))
    before = _tables(data)
    wall_s, cpu_s, said = _run("rebuild", data)
    same = _tables(data) == before
    progress = len(set(re.findall(r"\d+ documents", said)))
    done = Figure(
        f"rebuild of {documents:,} documents",
        f"{wall_s:.0f} s ({cpu_s:.0f} s CPU), {progress} times progress;"
        f" tables {'identical' if same else 'DIFFERENT'}",
        f"<= {REBUILD_MAX_S} s, with progress",
        verdict(reached=wall_s <= REBUILD_MAX_S and same and progress > 0),
        1,
    )
    wall_s, cpu_s, said = _run("verify", data)
    shutil.rmtree(data)
    verified = reported(
        f"verify of {documents:,} documents", f"{wall_s:.0f} s ({cpu_s:.0f} s CPU)", 1
    )
    return [done, verified]


def size(data: Path, sales: int) -> list[Figure]:
    """Bytes of both files per sale; the data folder is sold from."""
    before = _bytes(data)
    till = JsonlTill(data)
    for _ in range(sales):
        till.scan("CARD-KEN", _SNACK)
        till.do(key="#")
        till.do(wait_ms=6000)
        till.messages.clear()
    till.end()
    journal, stammdaten = (
        (now - then) / sales for now, then in zip(_bytes(data), before, strict=True)
    )
    return [
        reported(
            "size per sale with its debit",
            f"{journal:.0f} bytes in journal.db, {stammdaten:.0f} in stammdaten.db",
            sales,
        )
    ]


def _run(command: str, data: Path) -> tuple[float, float, str]:
    """Wall and CPU seconds of a command, and what it said on its terminal."""
    ours, its = pty.openpty()
    began = time.perf_counter()
    process = subprocess.Popen(
        kpos(command, "--data", data), stdin=its, stdout=its, stderr=its, cwd=ROOT
    )
    os.close(its)
    said = b""
    try:
        while read := os.read(ours, 65536):
            said += read
    except OSError:  # its end
        pass
    os.close(ours)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    wall_s = time.perf_counter() - began
    return wall_s, usage.ru_utime + usage.ru_stime, said.decode()


def _tables(data: Path) -> dict[str, int]:
    """A hash of the rows of every projected table."""
    db = sqlite3.connect(Folder(data).stammdaten)
    rows = {name: hash(tuple(db.execute(f"SELECT * FROM {name}"))) for name in PROJECTIONS}
    db.close()
    return rows


def _bytes(data: Path) -> tuple[int, int]:
    folder = Folder(data)
    return folder.journal.stat().st_size, folder.stammdaten.stat().st_size
