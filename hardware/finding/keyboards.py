"""Scanners, card readers and keypads behind Linux's input layer, and the PC speaker."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from hardware.finding.found import Found, Machine, forbidden, number_of, word
from hardware.finding.guesses import keyboard_role
from hardware.inputs import InputInfo, Places, list_inputs

_SPEAKER = "PC Speaker"


def find_keyboards(machine: Machine) -> Iterator[Found]:
    """What can type digits."""
    inputs = list_inputs(Places(machine.dev / "input", machine.sys / "class/input"))
    for info in inputs:
        role, reason = keyboard_role(info.vendor_product, info.name, has_letters=info.has_letters)
        yield Found(
            role=role,
            what=f"{info.name} ({info.vendor_product})",
            path=info.path,
            name=_lasting_name(info, inputs, machine),
            guess=reason,
            trouble=forbidden(info.path, "input", os.R_OK),
            rule=_rule(info),
        )


def find_speaker(machine: Machine) -> Iterator[Found]:
    """The beeper of the mainboard, where its module is loaded."""
    for node in sorted((machine.sys / "class/input").glob("event*"), key=number_of):
        if word(node / "device/name") == _SPEAKER:
            path = str(machine.dev / "input" / node.name)
            yield Found(
                role="speaker",
                what=_SPEAKER,
                path=path,
                name=path,
                trouble=forbidden(path, "input", os.W_OK),
                rule=f'SUBSYSTEM=="input", KERNEL=="event*", ATTRS{{name}}=="{_SPEAKER}",'
                ' GROUP="{group}", MODE="0620"',
            )


def _lasting_name(info: InputInfo, inputs: Sequence[InputInfo], machine: Machine) -> str:
    """By id where that is its own, else by its socket, else its node, which changes."""
    count = Counter(other.by_id for other in inputs)
    folder = machine.dev / "input"
    if info.by_id and count[info.by_id] == 1 and not _has_twin(info, inputs):
        return str(folder / "by-id" / info.by_id)
    if info.by_path:
        return str(folder / "by-path" / info.by_path)
    return str(folder / "by-id" / info.by_id) if info.by_id else info.path


def _has_twin(info: InputInfo, inputs: Sequence[InputInfo]) -> bool:
    """Whether an equal device has no link by id: the two share one, and it leads to either."""
    return any(
        other.vendor_product == info.vendor_product
        and other.name == info.name
        and other.by_id is None
        for other in inputs
    )


def _rule(info: InputInfo) -> str:
    vendor, _, product = info.vendor_product.partition(":")
    if not info.by_id:  # not by USB: the numbers are those of the mainboard's controller
        return ""
    return (
        f'SUBSYSTEM=="input", KERNEL=="event*", ATTRS{{idVendor}}=="{vendor}",'
        f' ATTRS{{idProduct}}=="{product}", GROUP="{{group}}", MODE="0660",'
        ' ENV{LIBINPUT_IGNORE_DEVICE}="1"'
    )
