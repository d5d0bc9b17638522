"""A check, who is examined, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from kpos.clock import Clock, SystemClock
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder

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
