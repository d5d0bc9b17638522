"""The display of kpos.toml: whether it can be driven, is there, and answers.

Nothing is written to it: a till may be showing something.
"""

from __future__ import annotations

from hardware import errors as device_errors
from hardware.display.expanders import EXPANDERS
from hardware.display.i2c import find_adapter, open_bus, parse_place
from hardware.display.lcdd import parse_server
from hardware.display.opening import open_display
from hardware.finding.found import forbidden
from hardware.finding.others import find_lcdd
from hardware.serial_port import find_port
from kpos.cli.checks.finding import Finding
from kpos.config import DisplayConfig
from kpos.terminal.display import description


def judge_display(section: DisplayConfig) -> Finding:
    """Whether it can be used, as far as looking at it shows."""
    try:
        open_display(description(section)).close()
        said = _look(section)
    except device_errors.DeviceError as error:
        return Finding("display", "fail", f"{error.device}: {error.problem}", error.remedy)
    return Finding("display", "ok", f"{section.kind}: {said}")


def _look(section: DisplayConfig) -> str:
    """What can be seen of it.

    Raises:
        DeviceError: it cannot be used.
    """
    if section.kind in EXPANDERS:
        return _look_behind(section)
    if section.kind == "serial":
        path = find_port(section.where)
        if (trouble := forbidden(path, "dialout")) is not None:
            raise trouble
        return f"{section.where} is {path}"
    if section.kind == "lcdd":
        host, port = parse_server(section.where)
        for found in find_lcdd(host, port):
            return found.what
        server = f"{host}:{port}"
        remedy = "Start it (systemctl start LCDd), and see Port and Bind in LCDd.conf"
        raise device_errors.DeviceError(server, "LCDd does not answer", remedy)
    return "whether it is there cannot be seen"


def _look_behind(section: DisplayConfig) -> str:
    """Read a byte from the expander, which changes nothing."""
    place = parse_place(section.where, EXPANDERS[section.kind].address)
    bus = open_bus(find_adapter(place.adapter))
    try:
        bus.read_byte(place.address)
    except OSError as error:
        remedy = "Look at its wires, and which addresses answer: kpos hardware list"
        problem = f"nobody answers ({error.strerror})"
        raise device_errors.DeviceError(str(place), problem, remedy) from error
    finally:
        bus.close()
    return f"{place} answers"
