"""What came of one step."""

from __future__ import annotations

from typing import Literal, NamedTuple

from hardware.errors import Busy, DeviceError
from kpos.cli.checks.finding import Finding

State = Literal["ok", "failed", "skipped"]


class Verdict(NamedTuple):
    """`device` is its name for people; `remedy` what to do about a failure."""

    device: str
    state: State
    said: str = ""
    remedy: str = ""


def failed(device: str, error: DeviceError) -> Verdict:
    """A device that cannot be opened, or went away."""
    remedy = error.remedy
    if isinstance(error, Busy):
        remedy += "; a till would be stopped with: sudo systemctl stop kpos"
    return Verdict(device, "failed", error.problem, remedy)


def judged(device: str, finding: Finding) -> Verdict | None:
    """What the doctor says, where it is bad enough to try no further."""
    if finding.state != "fail":
        return None
    # The device is named already.
    said = finding.finding.removeprefix(f"{device.rpartition(' ')[2]}: ")
    return Verdict(device, "failed", said, finding.remedy)
