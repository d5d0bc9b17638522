"""Serial ports: those of USB adapters and devices, and those of the mainboard."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from hardware.finding.found import Found, Machine, forbidden, number_of, word
from hardware.finding.guesses import UNSEEN, serial_role

_USB = ("ttyUSB*", "ttyACM*")
_MAINBOARD = "ttyS*"
# A port lies at most so many folders of /sys below its USB device.
_PARENTS_MAX = 4


def find_ports(machine: Machine) -> Iterator[Found]:
    """USB first; of the mainboard's, of which Linux always shows some, only those there are."""
    names = _links(machine.dev / "serial/by-id") or {}
    sockets = _links(machine.dev / "serial/by-path")
    ports = machine.sys / "class/tty"
    for pattern in _USB:
        for port in sorted(ports.glob(pattern), key=number_of):
            yield _usb_port(port, names.get(port.name) or sockets.get(port.name), machine)
    for port in sorted(ports.glob(_MAINBOARD), key=number_of):
        if word(port / "type") not in ("", "0"):  # PORT_UNKNOWN of linux/serial.h
            path = str(machine.dev / port.name)
            yield Found(
                role="serial",
                what="a serial port of the mainboard",
                path=path,
                name=path,
                trouble=forbidden(path, "dialout"),
                note=UNSEEN,
            )


def _usb_port(port: Path, link: str | None, machine: Machine) -> Found:
    path = str(machine.dev / port.name)
    device = _usb_device(port)
    numbers = ":".join(word(device / part) for part in ("idVendor", "idProduct")) if device else ""
    name = " ".join(
        filter(None, (word(device / part) for part in ("manufacturer", "product")))
        if device
        else ()
    )
    role, reason = serial_role(numbers, name)
    vendor, _, product = numbers.partition(":")
    rule = (
        f'SUBSYSTEM=="tty", ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}",'
        ' GROUP="{group}", MODE="0660"'
    )
    return Found(
        role=role,
        what=f"{name or 'a serial port'} ({numbers or 'USB'})",
        path=path,
        name=link or path,
        guess="" if role == "serial" else reason,
        trouble=forbidden(path, "dialout"),
        rule=rule if vendor else "",
        note=reason if role == "serial" else "",
    )


def _usb_device(port: Path) -> Path | None:
    """The folder of the USB device above a port."""
    folder = (port / "device").resolve()
    for above in (folder, *folder.parents)[: _PARENTS_MAX + 1]:
        if (above / "idVendor").exists():
            return above
    return None


def _links(folder: Path) -> Mapping[str, str]:
    """Port -> the path of the link to it."""
    links = sorted(folder.iterdir()) if folder.is_dir() else []
    return {link.readlink().name: str(link) for link in links if link.is_symlink()}
