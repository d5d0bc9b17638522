"""What the display showed as booked, and how much had been done to the disk by then.

Both come out of one file: QEMU traces what it writes into the log of the disk (`writelog`), and
each byte that goes to the display's chip, line by line, one after the other. A line for an entry
stands there before that entry is written, so before the guest can know that it is done, and what
the guest then sends to the display stands below it. So the entries above the line that completes a
receipt's number are no fewer than those that the number relies on. They are no more either than
what may have been on the disk: a write that is still under way counts as not flushed, and a flush
that is still under way is not counted, nor what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.appliance.writelog import Entry, Unreadable
from vm.glass import ADDRESS, Panel

# What QEMU must trace for this, beside what it sends to the display.
EVENTS = ("bdrv_co_pwritev_part", "ahci_cmd_done")
_LINE = re.compile(
    r"bdrv_co_pwritev_part bs (?P<node>\w+) offset (?P<offset>\d+) "
    r"|(?P<done>ahci_cmd_done) "
    rf"|(?P<bus>i2c_.*addr:{ADDRESS:#04x}\))"
)
_RECEIPT = re.compile(r"(?:Beleg|Receipt) (\S+-\d{6})(?= |$)")

Picture: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A receipt's number on the display, after so many entries; `picture` is the whole of it."""

    receipt_number: str
    entries: int
    picture: Picture


def read_shown(trace: Path, entries: Sequence[Entry]) -> list[Shown]:
    """The receipts that were shown while this log was written, in order.

    Raises:
        Unreadable: the trace does not belong to the log.
    """
    with trace.open(encoding="ascii", errors="replace") as told:
        lines = [found for line in told if (found := _LINE.search(line))]
    node = _node_of_the_log(lines, entries)
    at = {entry.at: entry for entry in entries}
    return list(_receipts(_pictures(lines, node, at)))


def _node_of_the_log(lines: Iterable[re.Match[str]], entries: Sequence[Entry]) -> str:
    """Which of QEMU's block nodes was written to where the entries are, all in their order."""
    places = {entry.at for entry in entries}
    written: dict[str, list[int]] = {}
    for line in lines:
        if line["node"] and int(line["offset"]) in places:
            written.setdefault(line["node"], []).append(int(line["offset"]))
    wanted = [entry.at for entry in entries]
    # QEMU may have been killed between a line and its entry.
    found = [node for node, offsets in written.items() if offsets[: len(wanted)] == wanted]
    if len(found) != 1:
        msg = f"the trace has {len(found)} nodes on which the {len(wanted)} entries were written"
        raise Unreadable(msg)
    return found[0]


def _pictures(
    lines: Iterable[re.Match[str]], node: str, at: dict[int, Entry]
) -> Iterator[tuple[int, Picture]]:
    """Each change of the picture, and after how many entries."""
    panel = Panel()
    before, octets = panel.lines, 0
    noted, under_way = 0, -1
    for line in lines:
        if line["node"] == node and (entry := at.get(int(line["offset"]))):
            noted = entry.number + 1
            if entry.is_flush:
                under_way = entry.number
        elif line["done"]:
            # Flushes are not queued: libata lets nothing else run beside them.
            under_way = -1
        elif line["bus"]:
            panel.take(line.string)
            # Looking takes a while, and of a character's twelve bytes on the bus one shows it.
            if panel.module.octets == octets:
                continue
            octets = panel.module.octets
            if panel.lines != before:
                before = panel.lines
                yield (noted if under_way < 0 else under_way), before


def _receipts(pictures: Iterable[tuple[int, Picture]]) -> Iterator[Shown]:
    """Counted is when a number could first be read; kept is the last picture that has it."""
    shown: Shown | None = None
    for entries, picture in pictures:
        found = next((found[1] for row in picture if (found := _RECEIPT.match(row))), None)
        if shown and found == shown.receipt_number:
            shown = Shown(found, shown.entries, picture)
            continue
        if shown:
            yield shown
        shown = Shown(found, entries, picture) if found else None
    if shown:
        yield shown
