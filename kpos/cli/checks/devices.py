"""The devices: drivers, what is plugged in, and what kpos.toml asks for."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator

from hardware import errors as device_errors
from hardware.inputs import find_input, list_inputs
from hardware.matrix_input import find_bus, is_matrix
from hardware.serial_port import find_port, is_serial, list_ports
from hardware.sound import PC_SPEAKER
from kpos.cli.checks.finding import Finding, Patient
from kpos.config import Config, ConfigError, load_config


def check_devices(patient: Patient) -> Iterator[Finding]:
    """The driver, what is plugged in, and what kpos.toml asks for."""
    try:
        importlib.import_module("evdev")
    except ImportError:
        remedy = "sudo apt install gcc python3-dev, then pip install 'kpos[devices]'"
        yield Finding("evdev", "warn", "not installed: scanners and keypads need it", remedy)
    else:
        yield Finding("evdev", "ok", "installed")
    for info in list_inputs():
        what = f"{info.path} {info.name} ({info.by_id or info.vendor_product})"
        if info.readable:
            yield Finding("input", "ok", what)
        else:
            remedy = device_errors.Forbidden(info.path).remedy
            yield Finding("input", "warn", f"{what}: this user may not read it", remedy)
    for path in list_ports():
        yield Finding("serial port", "ok", path)
    try:
        config = load_config(patient.config)
    except ConfigError:
        config = Config()
    for role in ("scanner", "keypad", "card_reader"):
        for where in getattr(config, role).device.split():
            yield _judge_device(role, where)
    for where in filter(None, (config.cash.coins, config.cash.notes)):
        yield _judge_device("cash reader", where)
    yield from _judge_sound(config.sound.player)


def _judge_device(role: str, where: str) -> Finding:
    find = find_bus if is_matrix(where) else find_port if is_serial(where) else find_input
    try:
        return Finding(role, "ok", f"{where} is {find(where)}")
    except device_errors.DeviceError as error:
        return Finding(role, "fail", f"{error.device}: {error.problem}", error.remedy)
    except ValueError as error:
        return Finding(role, "fail", str(error), "see config/kpos.toml")


def _judge_sound(player: str) -> Iterator[Finding]:
    if player == "aplay" and shutil.which("aplay") is None:
        yield Finding("sound", "fail", "aplay is not installed", "sudo apt install alsa-utils")
    elif player == "pcspkr" and not os.access(PC_SPEAKER, os.W_OK):
        remedy = "sudo modprobe pcspkr, and the udev rule of hardware/README.md"
        yield Finding("sound", "fail", f"{PC_SPEAKER} cannot be written to", remedy)
    else:
        yield Finding("sound", "ok", player)
