"""The checks of `kpos doctor`."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from hardware import errors as device_errors
from hardware.inputs import find_input, list_inputs
from hardware.matrix_input import find_bus, is_matrix
from hardware.serial_port import find_port, is_serial, list_ports
from hardware.sound import PC_SPEAKER
from kpos.cli.common import remedy
from kpos.clock import Clock, SystemClock
from kpos.config import DEFAULT_FILE, Config, ConfigError, load_config
from kpos.domain.instant import EARLIEST
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder

_PYTHON_MIN = (3, 11)
# STRICT tables came with this one.
_SQLITE_MIN = (3, 37, 0)
# The WAL-reset defect: since 3.7.0, mended in 3.51.3 and, of older lines, in these.
_RESET_MENDED = (3, 51, 3)
_RESET_MENDED_IN = {(3, 44): 6, (3, 50): 7}
_MB = 1024 * 1024
# A checkpoint and a backup need room; below the lower figure a till may soon stop selling.
_FREE_WARN_MB, _FREE_FAIL_MB = 200, 20

State = Literal["ok", "warn", "fail"]


class Finding(NamedTuple):
    """What a check found, and what to do about it."""

    check: str
    state: State
    finding: str
    remedy: str = ""


class Patient(NamedTuple):
    """What is looked at; tests put their own in."""

    folder: Folder
    config: Path | None
    clock: Clock = SystemClock()


Check = Callable[[Patient], Iterator[Finding]]


def examine(check: Check, patient: Patient) -> list[Finding]:
    """The findings of one check; what stops it is one of them."""
    findings: list[Finding] = []
    try:
        findings.extend(check(patient))
    except (LedgerError, OSError) as error:
        name = check.__name__.removeprefix("check_").replace("_", " ")
        findings.append(Finding(name, "fail", str(error), "sudo kpos doctor sees more"))
    return findings


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


def check_data_folder(patient: Patient) -> Iterator[Finding]:
    """Rights and owners of folder and files."""
    folder = patient.folder
    if not folder.path.is_dir():
        remedy = f"kpos init --data {folder.path}"
        yield Finding("data folder", "fail", f"{folder.path} is not there", remedy)
        return
    owner = folder.path.stat()
    strangers = [each for each in folder.path.iterdir() if each.lstat().st_uid != owner.st_uid]
    name = _user(owner.st_uid)
    if strangers:
        names = ", ".join(sorted(each.name for each in strangers)[:5])
        remedy = f"sudo chown {name}: {folder.path}/*"
        yield Finding("owner", "fail", f"not of {name}, whose folder it is: {names}", remedy)
    else:
        yield Finding("owner", "ok", f"{folder.path} and what is in it belong to {name}")
    if owner.st_mode & 0o007:
        remedy = f"sudo chmod o= {folder.path}"
        yield Finding("rights", "warn", "everybody may look into the data folder", remedy)
    if not os.access(folder.path, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("rights", "fail", "this user may not use the data folder", "use sudo")


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


def check_files(patient: Patient) -> Iterator[Finding]:
    """Both files open, the last documents hold together, the projections follow."""
    from kpos.ledger.errors import Damaged
    from kpos.ledger.readonly import check_journal

    folder = patient.folder
    if not folder.has_till():
        yield Finding(
            "journal", "fail", "there is no journal.db", f"kpos init --data {folder.path}"
        )
        return
    try:
        identity, head = check_journal(folder)
    except Damaged as damage:
        yield Finding("journal", "fail", str(damage), remedy(damage))
        return
    whose = f"{identity.prefix}, till {identity.till}" if identity else "nobody's"
    last = f"document {head.ref} of {head.at}"
    state: State = "ok" if identity else "fail"
    yield Finding("journal", state, f"{whose}; the chain holds up to its head, {last}")
    yield _judge_stammdaten(folder, head.position)


def _judge_stammdaten(folder: Folder, head: int) -> Finding:
    from kpos.ledger.errors import Damaged
    from kpos.ledger.readonly import applied_position

    remedy = "the next start mends it by itself; kpos rebuild does it now"
    if not folder.stammdaten.exists():
        return Finding("stammdaten", "warn", "stammdaten.db is not there", remedy)
    try:
        position = applied_position(folder)
    except Damaged as damage:
        return Finding("stammdaten", "warn", str(damage), remedy)
    # A running till may have booked in between.
    if position is None or position < head:
        return Finding("stammdaten", "warn", "stammdaten.db is behind the journal", remedy)
    return Finding("stammdaten", "ok", "stammdaten.db follows the journal")


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


def check_devices(patient: Patient) -> Iterator[Finding]:
    """The driver, what is plugged in, and what kpos.toml asks for."""
    try:
        importlib.import_module("evdev")
    except ImportError:
        remedy = "sudo apt install gcc python3-dev, then pip install 'kpos[devices]'"
        yield Finding("evdev", "warn", "not installed: scanners and keypads need it", remedy)
    else:
        yield Finding("evdev", "ok", "installed")
    for info in list_inputs():
        what = f"{info.path} {info.name} ({info.by_id or info.vendor_product})"
        if info.readable:
            yield Finding("input", "ok", what)
        else:
            remedy = device_errors.Forbidden(info.path).remedy
            yield Finding("input", "warn", f"{what}: this user may not read it", remedy)
    for path in list_ports():
        yield Finding("serial port", "ok", path)
    try:
        config = load_config(patient.config)
    except ConfigError:
        config = Config()
    for role in ("scanner", "keypad", "card_reader"):
        for where in getattr(config, role).device.split():
            yield _judge_device(role, where)
    for where in filter(None, (config.cash.coins, config.cash.notes)):
        yield _judge_device("cash reader", where)
    yield from _judge_sound(config.sound.player)


def _judge_device(role: str, where: str) -> Finding:
    find = find_bus if is_matrix(where) else find_port if is_serial(where) else find_input
    try:
        return Finding(role, "ok", f"{where} is {find(where)}")
    except device_errors.DeviceError as error:
        return Finding(role, "fail", f"{error.device}: {error.problem}", error.remedy)
    except ValueError as error:
        return Finding(role, "fail", str(error), "see config/kpos.toml")


def _judge_sound(player: str) -> Iterator[Finding]:
    if player == "aplay" and shutil.which("aplay") is None:
        yield Finding("sound", "fail", "aplay is not installed", "sudo apt install alsa-utils")
    elif player == "pcspkr" and not os.access(PC_SPEAKER, os.W_OK):
        remedy = "sudo modprobe pcspkr, and the udev rule of hardware/README.md"
        yield Finding("sound", "fail", f"{PC_SPEAKER} cannot be written to", remedy)
    else:
        yield Finding("sound", "ok", player)


def _sqlite_version() -> tuple[int, int, int]:
    from kpos.ledger.readonly import SQLITE_VERSION

    return SQLITE_VERSION


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


CHECKS: tuple[Check, ...] = (
    check_versions,
    check_data_folder,
    check_disk,
    check_files,
    check_clock,
    check_config,
    check_socket,
    check_devices,
)
