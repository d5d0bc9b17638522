"""The machine: versions, disk, clock, the configuration, and whether a till runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from kpos.cli.checks.finding import Finding, Patient, State
from kpos.config import DEFAULT_FILE, ConfigError, load_config
from kpos.domain.instant import EARLIEST

_PYTHON_MIN = (3, 11)
# STRICT tables came with this one.
_SQLITE_MIN = (3, 37, 0)
# The WAL-reset defect: since 3.7.0, mended in 3.51.3 and, of older lines, in these.
_RESET_MENDED = (3, 51, 3)
_RESET_MENDED_IN = {(3, 44): 6, (3, 50): 7}
_MB = 1024 * 1024
# A checkpoint and a backup need room; below the lower figure a till may soon stop selling.
_FREE_WARN_MB, _FREE_FAIL_MB = 200, 20


def check_versions(_patient: Patient) -> Iterator[Finding]:
    """Python, and the SQLite it was built with."""
    python = ".".join(map(str, sys.version_info[:3]))
    new_enough = sys.version_info[:2] >= _PYTHON_MIN
    yield Finding("python", "ok" if new_enough else "fail", python, "" if new_enough else "3.11")
    yield judge_sqlite(_sqlite_version())


def judge_sqlite(version: tuple[int, int, int]) -> Finding:
    """What to think of a version of SQLite."""
    text = ".".join(map(str, version))
    if version < _SQLITE_MIN:
        return Finding("sqlite", "fail", f"{text} is too old", "install 3.37 or newer")
    major, minor, patch = version
    mended = version >= _RESET_MENDED or patch >= _RESET_MENDED_IN.get((major, minor), patch + 1)
    if mended:
        return Finding("sqlite", "ok", text)
    return Finding(
        "sqlite",
        "warn",
        f"{text} has the WAL-reset defect (before 3.51.3), which one writer per file avoids",
        "open the files with no other program while the till runs; update when you can",
    )


def check_disk(patient: Patient) -> Iterator[Finding]:
    """Room for the books to grow."""
    if not patient.folder.path.is_dir():
        return
    free_mb = shutil.disk_usage(patient.folder.path).free // _MB
    state: State = "ok"
    if free_mb < _FREE_WARN_MB:
        state = "fail" if free_mb < _FREE_FAIL_MB else "warn"
    remedy = "" if state == "ok" else "free some space: a full disk stops the sale"
    yield Finding("disk", state, f"{free_mb} MB free", remedy)


def check_clock(patient: Patient) -> Iterator[Finding]:
    """Whether the clock can be right, and whether somebody keeps it right."""
    from kpos.ledger.reading import read_head
    from kpos.ledger.readonly import reading_journal

    now = patient.clock.now()
    last = EARLIEST
    if patient.folder.has_till():
        with reading_journal(patient.folder) as db:
            last = read_head(db).at
    if now < last:
        remedy = f"sudo timedatectl set-time …, or wait for a time server; it says {now}"
        yield Finding("clock", "fail", f"before the last booking ({last})", remedy)
    else:
        yield Finding("clock", "ok", str(now))
    if patient.clock.is_synchronised():
        yield Finding("time server", "ok", "keeps the clock right")
    else:
        remedy = "sudo timedatectl set-ntp true; without a network: kpos clock trust after a look"
        yield Finding("time server", "warn", "nobody keeps the clock right", remedy)


def check_config(patient: Patient) -> Iterator[Finding]:
    """kpos.toml, if there is one."""
    try:
        load_config(patient.config)
    except ConfigError as error:
        yield Finding("config", "fail", str(error), "mend or remove it: the defaults are good")
        return
    there = patient.config or DEFAULT_FILE
    yield Finding("config", "ok", str(there) if there.exists() else "none: the defaults hold")


def check_socket(patient: Patient) -> Iterator[Finding]:
    """Whether a till runs here and answers."""
    from kpos.terminal.control import ask

    path = patient.folder.control_socket
    if not path.exists():
        yield Finding("till", "ok", "does not run: commands use the files themselves")
        return
    try:
        answer = ask(path, "status", {})
    except PermissionError:
        remedy = "use sudo, or: sudo adduser USER kpos-admin, then log in anew"
        yield Finding("till", "warn", "runs, but this user may not ask it", remedy)
    except (OSError, ValueError):
        remedy = "the next start of the till takes it away"
        yield Finding("till", "warn", "its control socket is there, but nobody answers", remedy)
    else:
        if "done" in answer:
            yield Finding("till", "ok", f"runs, and shows {answer['done']['dialogue']}")
        else:
            yield Finding("till", "warn", f"runs, and refuses: {answer}", "use sudo")


def _sqlite_version() -> tuple[int, int, int]:
    from kpos.ledger.readonly import SQLITE_VERSION

    return SQLITE_VERSION
