"""Which files make a till or a server a service, where they go, and what stands in them."""

from __future__ import annotations

from pathlib import Path

import kpos
from kpos.domain.values import dataclass

# In the sources; the path of the kpos that is to run takes its place.
PROGRAM = "/usr/bin/kpos"
# Beside what a distribution installs and below what an admin changes (`systemctl edit`).
_BASE = "usr/local/lib"
_UNITS = f"{_BASE}/systemd/system"
_INCLUDE = "include "
USERS, FOLDERS = "sysusers.d", "tmpfiles.d"

_TILL = (
    "kpos.service", "kpos-out-of-order.service", "kpos-reboot.path", "kpos-poweroff.path",
    "kpos-power@.service", "kpos-backup.service", "kpos-backup.timer", "kpos-backup-stick@.service",
    "kpos-stick@.service", "kpos-verify.service", "kpos-verify.timer", "kpos-metrics.service",
    "kpos-metrics.timer",
)  # fmt: skip
_LINE = ("kpos-line.socket", "kpos-line.service", "kpos-line.path", "kpos-line-again.service")
_TILL_ENABLED = (
    "kpos.service", "kpos-reboot.path", "kpos-poweroff.path", "kpos-backup.timer",
    "kpos-verify.timer", "kpos-metrics.timer",
)  # fmt: skip
_LINE_ENABLED = ("kpos-line.socket", "kpos-line.path")
_SERVER = ("kpos-wawi.service",)

# Of the source's name: where it goes otherwise than the units.
_ELSEWHERE = {
    "kpos.sysusers": f"{_BASE}/{USERS}/kpos.conf",
    "kpos-wawi.sysusers": f"{_BASE}/{USERS}/kpos-wawi.conf",
    "kpos.tmpfiles": f"{_BASE}/{FOLDERS}/kpos.conf",
    "70-kpos-devices.rules": f"{_BASE}/udev/rules.d/70-kpos-devices.rules",
    "71-kpos-backup.rules": f"{_BASE}/udev/rules.d/71-kpos-backup.rules",
    "kpos.service.d-wawi.conf": f"{_UNITS}/kpos.service.d/wawi.conf",
    "kpos.service.d-network.conf": f"{_UNITS}/kpos.service.d/network.conf",
    "kpos-out-of-order.service.d-network.conf": (
        f"{_UNITS}/kpos-out-of-order.service.d/network.conf"
    ),
}
_TILL_ELSEWHERE = (
    "kpos.sysusers", "kpos.tmpfiles", "70-kpos-devices.rules", "71-kpos-backup.rules",
)  # fmt: skip
_NETWORK = ("kpos.service.d-network.conf", "kpos-out-of-order.service.d-network.conf")
_WAWI = "kpos.service.d-wawi.conf"
# The same lines for two units.
_SAME = {"kpos-out-of-order.service.d-network.conf": "kpos.service.d-network.conf"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall run on a machine.

    `program` is the kpos to run. `has_wawi` is whether a till may reach a WaWi, `is_networked`
    whether its display is reached by this machine's network.
    """

    program: str
    is_server: bool = False
    has_wawi: bool = True
    is_networked: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A file: its path below the root, and what stands in it."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall be there, what of ours shall not, and which units start with the machine."""

    pieces: tuple[Piece, ...]
    others: tuple[str, ...]
    enabled: tuple[str, ...]
    disabled: tuple[str, ...]


def plan(wish: Wish) -> Plan:
    """What to do for a wish. A server's files and a till's do not know of each other."""
    if wish.is_server:
        chosen: tuple[str, ...] = (*_SERVER, "kpos-wawi.sysusers")
        return Plan(_pieces(chosen, wish.program), (), _SERVER, ())
    wawi = (*_LINE, _WAWI)
    chosen = (*_TILL, *_TILL_ELSEWHERE)
    chosen += wawi if wish.has_wawi else ()
    chosen += _NETWORK if wish.is_networked else ()
    others = tuple(_path(name) for name in (*wawi, *_NETWORK) if name not in chosen)
    enabled, disabled = _TILL_ENABLED + _LINE_ENABLED, ()
    if not wish.has_wawi:
        return Plan(_pieces(chosen, wish.program), others, _TILL_ENABLED, _LINE_ENABLED)
    return Plan(_pieces(chosen, wish.program), others, enabled, disabled)


def sources() -> Path:
    """The folder of the files: in a wheel within the package, in a checkout beside it."""
    package = Path(kpos.__file__).parent
    inside = package / "systemd"
    return inside if inside.is_dir() else package.parent / "systemd"


def rendered(name: str, program: str) -> str:
    """What stands in a file, for the kpos that is to run."""
    lines = []
    for line in (sources() / _SAME.get(name, name)).read_text(encoding="utf-8").splitlines():
        if line.startswith(_INCLUDE):
            included = sources() / line.removeprefix(_INCLUDE)
            lines += included.read_text(encoding="utf-8").splitlines()
        elif line.startswith("Exec"):
            lines.append(line.replace(f"{PROGRAM} ", f"{program} "))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _pieces(names: tuple[str, ...], program: str) -> tuple[Piece, ...]:
    return tuple(Piece(_path(name), rendered(name, program)) for name in names)


def _path(name: str) -> str:
    return _ELSEWHERE.get(name, f"{_UNITS}/{name}")
