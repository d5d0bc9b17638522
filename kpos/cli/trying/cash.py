"""Readers of coins and notes: one coin or note is taken, and booked for nobody."""

from __future__ import annotations

from hardware.cash import CashDevice, Credit
from hardware.cash_input import SerialCash, open_cash
from hardware.errors import DeviceError
from hardware.serial_port import Line
from kpos.cli.checks.devices import judge_device
from kpos.cli.trying.console import Console
from kpos.cli.trying.verdict import Verdict, failed, judged
from kpos.clock import real_ms


def try_cash(console: Console, what: str, where: str, line: Line, kind: CashDevice) -> Verdict:
    """Until it has seen one; then it takes no more.

    Raises:
        Skipped: by Enter.
    """
    device = f"{what} {where}"
    if (verdict := judged(device, judge_device("cash reader", where))) is not None:
        return verdict
    try:
        source = open_cash(where, line, real_ms, kind)
    except DeviceError as error:
        return failed(device, error)
    try:
        return _try(console, what, device, source)
    except DeviceError as error:
        return failed(device, error)
    finally:
        source.farewell()
        source.close()


def _try(console: Console, what: str, device: str, source: SerialCash) -> Verdict:
    words = console.words
    console.say(f"  {words.insert.format(what=what)}")
    source.accept()
    for event in console.hears(source):
        if isinstance(event, Credit):
            console.say(f"  {words.taken.format(cents=event.cents)}")
            return Verdict(device, "ok", words.taken.format(cents=event.cents))
        console.say(f"  {event.text}")
    return Verdict(device, "failed", words.nothing_came, words.look_at_cash)
