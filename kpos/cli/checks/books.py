"""The books: rights and owners of the files, and whether they hold together."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator

from kpos.cli.checks.finding import Finding, Patient, State
from kpos.cli.common import remedy
from kpos.ledger.files import Folder


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


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
