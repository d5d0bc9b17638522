"""The programs of the host."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent.parent
CHECKOUT: Final = HERE.parent

# Each by the package of Debian that brings it.
PROGRAMS: Final = {
    "mmdebstrap": "mmdebstrap",
    # For another architecture than the machine's own.
    "arch-test": "arch-test",
    "sqfstar": "squashfs-tools",
    "sfdisk": "fdisk",
    "mkfs.fat": "dosfstools",
    "mcopy": "mtools",
    "grub-mkimage": "grub-common",
}
GRUB: Final = Path("/usr/lib/grub")
PLATFORMS: Final = {
    "i386-pc": "grub-pc-bin",
    "x86_64-efi": "grub-efi-amd64-bin",
    "i386-efi": "grub-efi-ia32-bin",
}
# Not on everybody's path, and where Debian has what only root needs.
_SBIN: Final = "/usr/sbin:/sbin"


class Refused(Exception):
    """The image cannot be made here; the message says why and what to do."""


def run(command: Sequence[str | Path], **environment: str) -> None:
    """Run a program of the host.

    Raises:
        Refused: it failed; it has said why.
    """
    done = subprocess.run(  # noqa: S603 - ours, and no shell
        [str(word) for word in command], env=surroundings(**environment), check=False
    )
    if done.returncode:
        msg = f"{command[0]} failed with status {done.returncode}; see above"
        raise Refused(msg)


def surroundings(**more: str) -> dict[str, str]:
    """The environment of every program: nothing in it may differ from machine to machine."""
    path = f"{os.environ.get('PATH', '/usr/bin:/bin')}:{_SBIN}"
    # PYTHONDONTWRITEBYTECODE, for one, would reach the Python inside.
    given = {name: said for name, said in os.environ.items() if not name.startswith("PYTHON")}
    return given | {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC"} | more


def check_host() -> None:
    """See whether an image can be made here.

    Raises:
        Refused: programs are missing, or this is not root.
    """
    path = surroundings()["PATH"]
    missing = {package for name, package in PROGRAMS.items() if not shutil.which(name, path=path)}
    missing |= {package for name, package in PLATFORMS.items() if not (GRUB / name).is_dir()}
    if missing:
        msg = f"Missing: sudo apt install --no-install-recommends {' '.join(sorted(missing))}"
        raise Refused(msg)
    if os.geteuid() != 0:
        msg = "mmdebstrap makes files of other users and mounts /proc: call make image as root"
        raise Refused(msg)


def commit_epoch() -> str:
    """The second that stands for "now" in the image: of the last commit, or SOURCE_DATE_EPOCH.

    Raises:
        Refused: neither is there.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    # The checkout may belong to another user than root, who builds.
    git = ["git", "-c", f"safe.directory={CHECKOUT}", "-C", str(CHECKOUT)]
    asked = subprocess.run(  # noqa: S603 - ours, and no shell
        [*git, "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        msg = "This is no git checkout: say SOURCE_DATE_EPOCH=$(date +%s)"
        raise Refused(msg)
    return asked.stdout.strip()
