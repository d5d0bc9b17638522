"""What was found, as the lines of kpos.toml that use it; everything else stands in comments.

So the whole listing can be pasted into the file, or a part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hardware.finding.found import Found, Role
from hardware.finding.i2c import NEVER_ASKED, NOT_ASKED

_SECTIONS: dict[Role, str] = {
    "scanner": "scanner",
    "card_reader": "card_reader",
    "keypad": "keypad",
    "keyboard": "keypad",
    "pcf8574": "display",
    "mcp23017": "display",
    "serial_display": "display",
    "lcdd": "display",
    "gpio_display": "display",
    "speaker": "sound",
    "sound_card": "sound",
    "coins": "cash",
    "notes": "cash",
}
_IN_ORDER = tuple(dict.fromkeys(_SECTIONS.values()))
# Several can be named in one line, with a blank between.
_SEVERAL = {"scanner", "card_reader", "keypad"}
_KINDS: dict[Role, str] = {"serial_display": "serial", "gpio_display": "gpio"}
_RULES = "70-kpos-devices.rules of kpos install-units"

# What is looked for -> its roles, and what to do where there is none.
_LOOKED_FOR: tuple[tuple[str, set[Role], str], ...] = (
    (
        "a scanner, card reader or keypad that types",
        {"scanner", "card_reader", "keypad", "keyboard"},
        "plug it in; lsusb shows whether the computer sees it",
    ),
    (
        "a serial port",
        {"serial", "scanner", "card_reader", "coins", "notes", "serial_display"},
        "plug the adapter in; dmesg shows whether its driver took it",
    ),
    (
        "an I2C adapter",
        {"i2c"},
        "modprobe i2c-dev; on a Raspberry Pi: dtparam=i2c_arm=on in config.txt",
    ),
    ("LCDproc's LCDd on localhost:13666", {"lcdd"}, "systemctl start LCDd, if there is one"),
    ("GPIO pins", {"gpio", "gpio_display"}, "boards have them, PCs do not"),
    ("a PC speaker", {"speaker"}, "modprobe pcspkr, if the mainboard has a beeper"),
    ("a sound card that can play", {"sound_card"}, "aplay -l lists them; see also alsamixer"),
)


def options_of(found: Found) -> Mapping[str, str]:
    """The options of its section; empty where kpos has no use for it, or does not know which."""
    section = _SECTIONS.get(found.role)
    if section in _SEVERAL:
        return {"device": found.name}
    if section == "display":
        where = {"kind": _KINDS.get(found.role, found.role), "where": found.name}
        return {**where, "driver": "packed"} if found.is_usb else where
    if section == "sound":
        return {"player": "pcspkr" if found.role == "speaker" else "aplay"}
    return {found.role: found.name} if section == "cash" else {}


def sections_of(found: Sequence[Found]) -> dict[str, dict[str, str]]:
    """What `lines_of` has active, as values."""
    sections: dict[str, dict[str, str]] = {}
    for section in _IN_ORDER:
        here = [each for each in found if _SECTIONS.get(each.role) == section]
        chosen = _chosen(section, here) if here else []
        if chosen and section in _SEVERAL:
            sections[section] = {"device": " ".join(each.name for each in chosen)}
        for each in chosen if section not in _SEVERAL else ():
            sections.setdefault(section, {}).update(options_of(each))
    return sections


def row_of(found: Found) -> dict[str, Any]:
    """For programs."""
    options = options_of(found)
    section = f"[{_SECTIONS[found.role]}]\n" if options else ""
    return {
        "role": found.role,
        "what": found.what,
        "path": found.path,
        "guess": found.guess,
        "usable": found.trouble is None,
        "remedy": found.trouble.remedy if found.trouble else "",
        "udev_rule": rule_of(found),
        "note": found.note,
        "toml": section + "\n".join(_settings(options)),
    }


def rule_of(found: Found) -> str:
    """The line for udev that gives it to the till's group."""
    return found.rule.replace("{group}", "kpos")


def lines_of(found: Sequence[Found]) -> Iterator[str]:
    """The listing for people."""
    yield "# What is plugged in, as lines of kpos.toml; then try it: kpos hardware test"
    for section in _IN_ORDER:
        here = [each for each in found if _SECTIONS.get(each.role) == section]
        if here:
            yield ""
            yield f"[{section}]"
            yield from _section(section, here)
    rest = [each for each in found if each.role not in _SECTIONS]
    if rest:
        yield ""
        yield "# Beside these:"
    for each in rest:
        yield from _comments(each)
        if each.role == "serial":
            yield from _anything(each)
    roles = {each.role for each in found}
    missing = [(what, remedy) for what, any_of, remedy in _LOOKED_FOR if not roles & any_of]
    if missing:
        yield ""
        yield "# Looked for, and not there:"
        yield from (f"# - {what}: {remedy}" for what, remedy in missing)


def _section(section: str, found: Sequence[Found]) -> Iterator[str]:
    """Active is the first of what excludes one another, and all that goes together."""
    chosen = _chosen(section, found)
    for each in found:
        yield from _comments(each)
        if each.role == "mcp23017":
            pad = json.dumps(f"mcp23017:{each.path}")
            yield f"#   For a key matrix on its port B: [keypad] device = {pad}"
        if section not in _SEVERAL or each not in chosen:
            mark = "" if each in chosen else "# "
            yield from (f"{mark}{line}" for line in _settings(options_of(each)))
    if section in _SEVERAL:
        yield f"device = {json.dumps(' '.join(each.name for each in chosen))}"


def _chosen(section: str, found: Sequence[Found]) -> list[Found]:
    if section in _SEVERAL:
        # A whole keyboard is a keypad where there is no better one.
        return [each for each in found if each.role != "keyboard"] or list(found)
    taken: set[str] = set()
    chosen = []
    for each in found:
        if not taken & options_of(each).keys():
            chosen.append(each)
            taken |= options_of(each).keys()
    return chosen


def _comments(found: Found) -> Iterator[str]:
    if found.note == NEVER_ASKED:
        yield _comment(f"{found.what}: {found.note}")
        return
    may = "" if found.trouble else ": this user may use it"
    yield _comment(f"{found.what}, {found.path}{may}")
    if found.guess:
        yield _comment(f"  A guess: {found.guess}")
    if found.role == "keyboard":
        yield _comment("  If it is a scanner or card reader, write [scanner] or [card_reader]")
    if found.note:
        yield _comment(f"  {found.note[0].upper()}{found.note[1:]}")
    if found.note == NOT_ASKED:
        yield _comment(f"  If a display hangs on it: kpos hardware list --i2c {found.name}")
    if found.trouble:
        yield _comment(f"  Not usable: {found.trouble.problem}. {found.trouble.remedy}")
        if found.rule:
            yield _comment(f"  Its rule ({_RULES}): {rule_of(found)}")


def _anything(found: Found) -> Iterator[str]:
    """What a port may be."""
    name = json.dumps(found.name)
    yield f"#   [scanner] or [card_reader] or [keypad]: device = {name}"
    yield f'#   [display]: kind = "serial" and where = {name}'
    yield f"#   [cash]: coins = {name}, or notes = {name}"


def _settings(options: Mapping[str, str]) -> list[str]:
    return [f"{option} = {json.dumps(value)}" for option, value in options.items()]


def _comment(text: str) -> str:
    """Names come from the devices: whatever they call themselves, it stays a comment."""
    return "# " + "".join(each if each.isprintable() else "?" for each in text)
