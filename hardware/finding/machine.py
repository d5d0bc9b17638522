"""All that is plugged into this machine."""

from collections.abc import Collection

from hardware.finding.found import Found, Machine
from hardware.finding.i2c import find_i2c
from hardware.finding.keyboards import find_keyboards, find_speaker
from hardware.finding.others import find_gpio, find_lcdd, find_sound_cards
from hardware.finding.ports import find_ports


def find_all(machine: Machine | None = None, i2c_asked: Collection[int] = ()) -> list[Found]:
    """What there is; ``i2c_asked`` are the I2C adapters to ask that are not asked by themselves."""
    machine = machine or Machine()
    return [
        *find_keyboards(machine),
        *find_ports(machine),
        *find_i2c(machine, i2c_asked),
        *find_lcdd(),
        *find_gpio(machine),
        *find_speaker(machine),
        *find_sound_cards(machine),
    ]
