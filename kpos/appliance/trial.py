"""Whether a slot that runs on trial may stay.

It is marked good when `kpos verify` found the books whole, the display took a picture, and a key
or a scan was answered by a new one. For the last of these a trial waits as long as it takes. A till
that does not run, or shows nothing, is started anew: GRUB counts that, and takes the other slot
after the third time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from kpos.appliance.grubenv import Choice, Grubenv
from kpos.appliance.install import Place
from kpos.appliance.record import note, read_record
from kpos.domain.values import dataclass

Verdict: TypeAlias = Literal["good", "wait", "restart"]
# A thin client starts within two minutes; a migration of a large journal may take some more.
PATIENCE_MS = 10 * 60 * 1000
_NEVER_JUDGED = (
    "GRUB could not start it, or it was switched off or died before it could judge itself"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What there is to be seen of a till on trial.

    `till` is what it says to `status`, None without an answer; `is_given_up`: systemd starts it no
    more. `books`: None while they are being verified, else what is wrong with them, if anything.
    `dark_ms`: for how long nothing was shown.
    """

    till: Mapping[str, Any] | None
    is_given_up: bool
    books: str | None
    dark_ms: int

    @property
    def is_shown(self) -> bool:
        """Whether the till sells, and its display shows what it should."""
        return not self.missing

    @property
    def missing(self) -> str:
        """What there is not to be seen."""
        if self.till is None:
            return "an answer of the till"
        if self.till.get("dialogue") == "OutOfOrder":
            return "a till that is not locked"
        return "" if self.till.get("display_ok") else "a picture on the display"


def judge(signs: Signs) -> tuple[Verdict, str]:
    """What to do, and what is missing or wrong."""
    if signs.is_given_up:
        return "restart", "the till ended again and again"
    if signs.books:
        return "restart", f"kpos verify found the books damaged: {signs.books}"
    if signs.missing:
        return "restart" if signs.dark_ms > PATIENCE_MS else "wait", signs.missing
    if signs.books is None:
        return "wait", "kpos verify"
    assert signs.till is not None, "it shows something"
    if not signs.till.get("inputs"):
        return "wait", "a digit or a scan at the till"
    return "good", ""


def begin(place: Place) -> bool:
    """Whether the running slot is on trial; what became of the last update is remembered.

    Raises:
        Refused: if GRUB's environment cannot be read.
        OSError: likewise.
    """
    running = place.slots.running
    choice = Grubenv(place.slots.boot, place.opener).read()
    last = read_record(place.folder).last
    is_open = last is not None and last.outcome in ("waiting", "trial")
    if choice.slot != running:
        return False  # it is started the next time
    if not choice.is_good:
        return True
    if is_open and last is not None and last.slot == running:
        note(place.folder, "good")
    elif is_open and last is not None:
        note(place.folder, "back", last.why or _NEVER_JUDGED)
    return False


def mark_good(place: Place) -> None:
    """The running slot is started from now on.

    Raises:
        Refused: if GRUB's environment cannot be written.
        OSError: likewise.
    """
    Grubenv(place.slots.boot, place.opener).write(Choice(place.slots.running))
    note(place.folder, "good")
