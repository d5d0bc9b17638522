"""The display: a picture with all that is hard to show, then without light."""

from __future__ import annotations

from hardware.display.opening import SIZES, open_display
from hardware.display.writer import Writer
from hardware.errors import DeviceError
from kpos.cli.checks.display import judge_display
from kpos.cli.trying.console import Console
from kpos.cli.trying.verdict import Verdict, failed, judged
from kpos.config import DisplayConfig
from kpos.terminal.display import description

# The slowest there is, a USB adapter with RPLCD, takes ten for a picture.
_SHOWN_S = 20.0
_HARD = "ÄÖÜ äöü ß € 1,50"
_BORDERED_ROWS = 4


def picture(rows: int, columns: int) -> list[str]:
    """Border, number of each row at both ends, umlauts and the Euro."""
    lines = [f"{row + 1}{'-' * (columns - 2)}{row + 1}" for row in range(rows)]
    inner = range(1, rows - 1) if rows >= _BORDERED_ROWS else range(rows)
    for row, text in zip(inner, (_HARD, "0123456789 *#"), strict=False):
        lines[row] = f"{row + 1} {text[: columns - 4]:<{columns - 4}} {row + 1}"
    return lines


def name_of(console: Console, section: DisplayConfig) -> str:
    """How it is called here."""
    return f"{console.words.display} {section.kind} {section.where}".strip()


def try_display(console: Console, section: DisplayConfig) -> Verdict:
    """Show, ask, dim, ask.

    Raises:
        Skipped: by whoever was asked.
    """
    device = name_of(console, section)
    if (verdict := judged(device, judge_display(section))) is not None:
        return verdict
    notes: list[str] = []
    try:
        writer = Writer(open_display(description(section)), notes.append)
    except DeviceError as error:
        return failed(device, error)
    try:
        return _try(console, section, writer, notes)
    finally:
        writer.close()


def _try(console: Console, section: DisplayConfig, writer: Writer, notes: list[str]) -> Verdict:
    words, size, device = console.words, SIZES[section.size], name_of(console, section)
    lines = picture(size.rows, size.columns)
    console.say(f"  {words.drawing}")
    for line in lines:
        console.say(f"    {line}")
    if section.kind == "lcdd":
        console.say(f"  {words.euro_of_lcdd}")
    writer.show(lines)
    if not writer.wait_until_shown(_SHOWN_S):
        why = notes[-1] if notes else "?"
        said = words.not_shown.format(why=why.removeprefix("display: "))
        return Verdict(device, "failed", said, words.look_at_display)
    if console.asks(words.is_it_so) == "no":
        return Verdict(device, "failed", words.not_so, words.look_at_display)
    writer.light(lit=False)
    writer.wait_until_shown(_SHOWN_S)
    is_dark = console.asks(words.is_it_dark) == "yes"
    writer.light(lit=True)
    if not is_dark:
        return Verdict(device, "failed", words.not_dark, words.look_at_display)
    return Verdict(device, "ok")
