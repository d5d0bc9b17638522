"""The slots of an appliance: what became of the last update."""

from __future__ import annotations

from collections.abc import Iterator

from kpos.cli.appliance import sentence, standing
from kpos.cli.checks.finding import Finding, Patient

_REMEDIES = {
    "writing": "run kpos update again; what runs is not touched by it",
    "trial": "press a digit at the till; kpos update --status says what else is missing",
    "back": "the version before runs on; tell whoever made the update, and install a better one",
}


def check_update(_patient: Patient) -> Iterator[Finding]:
    """Whether an update was taken back, or is not done with."""
    found = standing()
    if found is None:
        return
    slot, last = found
    remedy = _REMEDIES.get(last.outcome, "") if last is not None else ""
    said = f"slot {slot} runs; last update: {sentence(last)}"
    yield Finding("update", "warn" if remedy else "ok", said, remedy)
