"""The slots of an appliance, as `kpos update`, `trial`, `status` and `doctor` see and tell them."""

from __future__ import annotations

from pathlib import Path

from kpos import __version__
from kpos.appliance.admission import Here
from kpos.appliance.device import Partition
from kpos.appliance.grubenv import Choice, Grubenv, SlotName
from kpos.appliance.install import Place, can_be_started
from kpos.appliance.manifest import arch_of_machine
from kpos.appliance.record import FOLDER, Last, Record, read_record
from kpos.appliance.slots import find_slots, running_slot
from kpos.cli.tables import Row
from kpos.ledger.files import Folder

# Where the machine is; a test puts a folder in its place.
ROOT = Path("/")
COLUMNS = ["slot", "version", "built_at", "state", "why"]


def found_place() -> Place:
    """The slots of this machine.

    Raises:
        Refused: if it is no appliance.
    """
    return Place(find_slots(ROOT), _folder(), Partition)


def standing() -> tuple[SlotName, Last | None] | None:
    """Which slot runs, and what became of the last update; None if this is no appliance."""
    running = running_slot(ROOT)
    return None if running is None else (running, read_record(_folder()).last)


def here(place: Place, data: Path) -> Here:
    """What runs, and of what version its books are.

    Raises:
        LedgerError: if the books cannot be read.
    """
    from kpos.ledger.readonly import reading_journal
    from kpos.ledger.schema import JOURNAL_VERSION, version_of

    journal = 0
    if Folder(data).has_till():
        with reading_journal(Folder(data)) as db:
            journal = version_of(db)
    built = read_record(place.folder).slots.get(place.slots.running)
    return Here(__version__, arch_of_machine(), JOURNAL_VERSION, journal, built)


def slot_rows(place: Place) -> list[Row]:
    """Both slots.

    Raises:
        Refused: if GRUB's environment cannot be read.
        OSError: likewise.
    """
    choice = Grubenv(place.slots.boot, place.opener).read()
    record = read_record(place.folder)
    names: tuple[SlotName, ...] = ("A", "B")
    return [_row(name, place, choice, record) for name in names]


def _row(name: SlotName, place: Place, choice: Choice, record: Record) -> Row:
    runs, built, last = name == place.slots.running, record.slots.get(name), record.last
    version = built.version if built is not None else ""
    return {
        "slot": name,
        "version": __version__ if runs else version,
        "built_at": str(built.built_at) if built is not None else "",
        "state": _state(name, choice, last, runs=runs)
        if runs or can_be_started(place, name)
        else "cannot be started",
        "why": last.why if last is not None and last.slot == name else "",
    }


def _state(name: SlotName, choice: Choice, last: Last | None, *, runs: bool) -> str:
    if runs:
        on_trial = choice.slot == name and not choice.is_good
        return f"runs on trial, {choice.tries} starts left" if on_trial else "runs"
    if choice.slot == name:
        return "is started next, on trial"
    if last is not None and (last.slot, last.outcome) == (name, "back"):
        return "was taken back"
    return "is kept to go back to"


def sentence(last: Last | None) -> str:
    """The last update, in one line."""
    if last is None:
        return "none yet"
    which = f"{last.version} in slot {last.slot}"
    said = {
        "writing": f"is not whole: {last.why}",
        "waiting": "is tried at the next start",
        "trial": f"is on trial, and waits for {last.why or 'its first look'}",
        "good": f"is good; it was installed at {last.at}",
        "back": f"was taken back: {last.why}",
    }
    return f"{which} {said[last.outcome]}"


def _folder() -> Path:
    return ROOT / FOLDER.relative_to("/")
