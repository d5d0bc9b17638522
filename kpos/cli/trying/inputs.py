"""Keys, scans and cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from hardware.errors import DeviceError
from hardware.keypad import KEYS
from hardware.scanner import Scan, without_preamble
from kpos.cli.checks.devices import judge_device
from kpos.cli.trying.console import Console, Skipped
from kpos.cli.trying.verdict import Verdict, failed, judged
from kpos.domain.barcode import Barcode, check_digit, parse
from kpos.terminal.wiring import Open, Opened

T = TypeVar("T")

# What AIM has named ("]E0"): the letter is the kind of code.
_AIM = re.compile(r"\]([A-Za-z])[0-9A-Za-z]")
_KINDS = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}
_BEFORE_EAN = re.compile(r"([A-Za-z]{1,4})(\d{8}|\d{12,14})")
_ENDS = 2  # characters of a card that are shown at each end
_PRINTED = "123 456 789 *0#"


def try_keys(console: Console, where: str, opens: Open[str]) -> Verdict:
    """Each of the twelve; which were pressed is shown, in which order is not kept."""
    words = console.words
    device = f"{words.keypad} {where}"
    left = set(KEYS)

    def listen(opened: Opened[str]) -> Verdict:
        console.say(f"  {words.press_keys}")
        console.say_again(f"  {words.left.format(keys=_printed(left))}")
        try:
            for key in console.hears(opened):
                left.discard(key)
                console.say_again(f"  {words.left.format(keys=_printed(left))}")
                if not left:
                    break
        except Skipped:
            if left == set(KEYS):
                console.say()
                raise
        console.say()
        if not left:
            return Verdict(device, "ok")
        keys = " ".join(sorted(left))
        said = words.keys_missing.format(keys=keys) if len(left) < len(KEYS) else words.no_key
        return Verdict(device, "failed", said, words.look_at_keys)

    return _listened(device, ("keypad", where), opens, listen)


def try_scanner(
    console: Console, where: str, opens: Open[Scan], preambles: tuple[str, ...]
) -> Verdict:
    """One code that the till would take; what it is, and what stood before it."""
    words = console.words
    device = f"{words.scanner} {where}"

    def listen(opened: Opened[Scan]) -> Verdict:
        console.say(f"  {words.scan_something}")
        for scan in console.hears(opened):
            if scan.fault is not None:
                console.say(f"  {scan.fault.value}")
            elif _is_told(console, scan.text, preambles):
                return Verdict(device, "ok")
            console.say(f"  {words.scan_again}")
        return Verdict(device, "failed", words.nothing_came, words.look_at_scanner)

    return _listened(device, ("scanner", where), opens, listen)


def try_card_reader(console: Console, where: str, opens: Open[Scan]) -> Verdict:
    """One card, of which the ends are shown: who has the whole has what is on it."""
    words = console.words
    device = f"{words.card_reader} {where}"

    def listen(opened: Opened[Scan]) -> Verdict:
        console.say(f"  {words.show_card}")
        for scan in console.hears(opened):
            if scan.fault is None:
                text = words.text_of.format(count=len(scan.text))
                console.say(f"  {words.read.format(text=_masked(scan.text))} ({text})")
                return Verdict(device, "ok")
            console.say(f"  {scan.fault.value}")
        return Verdict(device, "failed", words.nothing_came, words.look_at_reader)

    return _listened(device, ("card_reader", where), opens, listen)


def _listened(
    device: str,
    role_and_where: tuple[str, str],
    opens: Open[T],
    listen: Callable[[Opened[T]], Verdict],
) -> Verdict:
    """A device that is looked at, opened, listened to and given back."""
    if (verdict := judged(device, judge_device(*role_and_where))) is not None:
        return verdict
    try:
        opened = opens()
    except DeviceError as error:
        return failed(device, error)
    try:
        return listen(opened)
    except DeviceError as error:
        return failed(device, error)
    finally:
        opened.close()


def _is_told(console: Console, text: str, preambles: tuple[str, ...]) -> bool:
    """Say what was scanned; whether the till would take it."""
    words = console.words
    code = without_preamble(text, preambles)
    console.say(f"  {words.read.format(text=_shown(text))}")
    if code != text:
        preamble = text.removesuffix(code)
        console.say(f"  {words.cut_off.format(preamble=preamble, code=_shown(code))}")
    elif (before := _BEFORE_EAN.fullmatch(text)) and _gtin(before[2]):
        console.say(f"  {words.cut_hint.format(preamble=before[1])}")
        return False
    bare = _AIM.sub("", code, count=1) if _AIM.match(code) else code
    read = parse(code)
    kind = _KINDS.get(len(bare), "GTIN") if bare.isdigit() else ""
    if not isinstance(read, Barcode) or read.check_failed:
        if kind:
            right = check_digit(bare[:-1])
            said = words.check_wrong.format(kind=kind, digit=bare[-1], right=right)
            console.say(f"  {said}")
        return False
    if read.is_gtin and kind:
        console.say(f"  {words.check_right.format(kind=kind, digit=bare[-1])}")
    elif read.is_gtin:
        console.say(f"  {words.elements}")
    else:
        console.say(f"  {words.text_of.format(count=len(code))}")
    return True


def _gtin(digits: str) -> bool:
    read = parse(digits)
    return isinstance(read, Barcode) and read.is_gtin


def _printed(left: set[str]) -> str:
    """The keys as they lie on a pad, with a dot for those that came."""
    return "".join(key if key in left or key == " " else "·" for key in _PRINTED)


def _shown(text: str) -> str:
    return "".join(each if each.isprintable() else f"<{ord(each):02X}>" for each in text)


def _masked(text: str) -> str:
    if len(text) <= 2 * _ENDS:
        return "*" * len(text)
    return text[:_ENDS] + "*" * (len(text) - 2 * _ENDS) + text[-_ENDS:]
