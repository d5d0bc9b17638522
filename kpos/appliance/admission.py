"""What may be installed: before a byte of a slot is written."""

from __future__ import annotations

from kpos.appliance.grubenv import Choice
from kpos.appliance.manifest import Manifest, age, version_key
from kpos.appliance.slots import Slots
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Here:
    """What runs: `built` is what an update said of it, None for what the card came with.

    `reads_journal` is the newest journal.db that its kpos reads, `journal` that of the books there
    are; 0 without books.
    """

    version: str
    arch: str
    reads_journal: int
    journal: int
    built: Manifest | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for though it may be a mistake."""

    older: bool = False
    no_way_back: bool = False


def check_trial(slots: Slots, choice: Choice) -> None:
    """Whether the running slot is one to go back to.

    Raises:
        Refused: while it is on trial itself: the other one is all that it could fall back to.
    """
    if choice.slot == slots.running and not choice.is_good:
        reason = (
            f"slot {slots.running} runs on trial and is not marked good yet, so the other one is"
            " still needed: press a digit at the till, and see kpos update --status"
        )
        raise refuse("invalid", reason)


def check_manifest(new: Manifest, here: Here, wishes: Wishes) -> None:
    """Whether this update is one for this machine, now.

    Raises:
        Refused: with what to do.
    """
    if new.arch != here.arch:
        reason = f"the update is for {new.arch}, this machine is {here.arch}: fetch that one"
        raise refuse("invalid", reason)
    if _is_older(new, here) and not wishes.older:
        reason = (
            f"the update ({new.version} of {new.built_at}) is older than what runs"
            f" ({here.version}): --allow-older installs it all the same"
        )
        raise refuse("invalid", reason)
    if new.journal_version < here.journal:
        reason = (
            f"the books are of version {here.journal}, and kpos {new.version} reads none above"
            f" {new.journal_version}: it could not open them"
        )
        raise refuse("invalid", reason)
    if needs_no_way_back(new, here) and not wishes.no_way_back:
        reason = (
            f"kpos {new.version} brings the books to version {new.journal_version} at its first"
            f" start, which kpos {here.version} cannot read: if the update is taken back, the till"
            " stays locked (J-02) until it is installed again, or a backup is put back, without"
            " what was sold since. --no-way-back FOLDER makes that backup and goes on"
        )
        raise refuse("invalid", reason)


def needs_no_way_back(new: Manifest, here: Here) -> bool:
    """Whether the running slot could not read the books once the new one has opened them."""
    return here.journal > 0 and new.journal_version > here.reads_journal


def _is_older(new: Manifest, here: Here) -> bool:
    """By version, and if an update said when what runs was built, by that."""
    if here.built is not None and here.built.version == here.version:
        return age(new) < age(here.built)
    return version_key(new.version) < version_key(here.version)
