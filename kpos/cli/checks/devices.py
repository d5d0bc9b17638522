"""The devices: drivers, what is plugged in, and what kpos.toml asks for.

`kpos doctor` lists these findings; `kpos hardware test` begins each step with the one of its
device, so that both say the same. Nothing is opened that a running till may have open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

from hardware import errors as device_errors
from hardware.finding.found import Machine, forbidden
from hardware.finding.keyboards import find_keyboards
from hardware.finding.ports import find_ports
from hardware.inputs import find_input
from hardware.matrix_input import find_bus, is_matrix
from hardware.serial_port import find_port, is_serial
from hardware.sound import PC_SPEAKER
from kpos.cli.checks.display import judge_display
from kpos.cli.checks.finding import Finding, Patient
from kpos.config import Config, ConfigError, load_config


def check_devices(patient: Patient) -> Iterator[Finding]:
    """The driver, what is plugged in, and what kpos.toml asks for."""
    if find_spec("evdev") is None:
        remedy = "sudo apt install gcc python3-dev, then pip install 'kpos[devices]'"
        yield Finding("evdev", "warn", "not installed: scanners and keypads need it", remedy)
    else:
        yield Finding("evdev", "ok", "installed")
    machine = Machine()
    for check, every in (("input", find_keyboards(machine)), ("serial port", find_ports(machine))):
        for found in every:
            what = f"{found.what}, {found.name}"
            if found.trouble is None:
                yield Finding(check, "ok", what)
            else:
                text = f"{what}: {found.trouble.problem}"
                yield Finding(check, "warn", text, found.trouble.remedy)
    try:
        config = load_config(patient.config)
    except ConfigError:
        config = Config()
    yield from judge_configured(config)


def judge_configured(config: Config) -> Iterator[Finding]:
    """Every device that kpos.toml names."""
    for role in ("scanner", "keypad", "card_reader"):
        for where in getattr(config, role).device.split():
            yield judge_device(role, where)
    for where in filter(None, (config.cash.coins, config.cash.notes)):
        yield judge_device("cash reader", where)
    if config.display.kind != "none":
        yield judge_display(config.display)
    yield judge_sound(config.sound.player)


def judge_device(role: str, where: str) -> Finding:
    """Whether a device is there, and this user may use it."""
    try:
        path, trouble = _found(where)
    except device_errors.DeviceError as error:
        trouble, path = error, ""
    except ValueError as error:
        return Finding(role, "fail", str(error), "see config/kpos.toml")
    if trouble is not None:
        return Finding(role, "fail", f"{trouble.device}: {trouble.problem}", trouble.remedy)
    return Finding(role, "ok", f"{where} is {path}")


def _found(where: str) -> tuple[str, device_errors.DeviceError | None]:
    """The node that is meant, and why it may not be used."""
    if is_matrix(where):
        path = find_bus(where)
        return path, forbidden(path, "i2c")
    if is_serial(where):
        path = find_port(where)
        return path, forbidden(path, "dialout")
    path = find_input(where)
    return path, forbidden(path, "input", os.R_OK)


def judge_sound(player: str) -> Finding:
    """Whether the sounds of kpos.toml can be made."""
    if player == "aplay" and shutil.which("aplay") is None:
        return Finding("sound", "fail", "aplay is not installed", "sudo apt install alsa-utils")
    if player == "pcspkr" and not os.access(PC_SPEAKER, os.W_OK):
        remedy = "sudo modprobe pcspkr; sudo kpos install-units has the rule for it"
        return Finding("sound", "fail", f"{PC_SPEAKER} cannot be written to", remedy)
    return Finding("sound", "ok", player)
