"""What makes a till of a fresh Debian; mmdebstrap calls it with the folder of the new root.

python customise.py ROOT PROGRAM CONTENTS
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from making import contents
from making.tools import CHECKOUT, HERE, Refused, run

ENABLED: Final = (
    "kpos-clock.service",
    "kpos-clock-save.timer",
    "kpos-hostname.service",
    "kpos-local-rules.service",
    "kpos-ssh-keys.service",
    "ssh.service",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "systemd-timesyncd.service",
)
# The two that `kpos install-units` leaves to an image.
APPLIANCE: Final = ("kpos-good.service", "kpos-setup.service")
# No console, no seat, no key that reboots; what Debian does by timer needs a root it can write to.
MASKED: Final = (
    "autovt@.service",
    "console-getty.service",
    "container-getty@.service",
    "ctrl-alt-del.target",
    "debug-shell.service",
    "getty-static.service",
    "getty@.service",
    # Its file system's module is not in the image.
    "proc-sys-fs-binfmt_misc.automount",
    "rescue.service",
    "serial-getty@.service",
    "systemd-logind.service",
    "systemd-networkd-wait-online.service",
    "systemd-pstore.service",
    "systemd-sysusers.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
)
FOLDERS: Final = ("boot/kpos", "data", "etc/kpos", "var/lib/kpos", "var/backups/kpos")
# In a module, what it depends on (modinfo).
_DEPENDS: Final = re.compile(rb"\0depends=([^\0]*)\0")
# What differs from build to build, or belongs to building only.
LEFT_OVER: Final = (
    "boot/System.map-*",
    "boot/config-*",
    "etc/*-",
    "etc/hostname",
    "etc/machine-id",
    "etc/ssh/ssh_host_*",
    "usr/lib/systemd/system/sysinit.target.wants/systemd-firstboot.service",
    "var/cache/*",
    "var/lib/apt/*",
    "var/lib/dbus/machine-id",
    "var/lib/dpkg/info",
    "var/lib/dpkg/*-old",
    "var/lib/systemd/random-seed",
    "var/lib/systemd/timers",
    "var/log/*",
    "var/tmp/*",
)


def customise(root: Path, program: Path, listed: Path) -> None:
    """All of it, in order."""
    shutil.copytree(HERE / "root", root, dirs_exist_ok=True, symlinks=True)
    shutil.copytree(program, root / "usr/lib/kpos", dirs_exist_ok=True)
    _take_ownership(root)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    inside(root, "systemd-sysusers")
    _install_units(root)
    inside(root, "systemctl", "--quiet", "enable", *ENABLED, *APPLIANCE)
    inside(root, "systemctl", "--quiet", "mask", *MASKED)
    _compile(root)
    _make_initrd(root)
    parts = contents.parts_of(root)
    contents.write(parts, listed)
    contents.write(parts, root / "usr/lib/kpos-appliance/contents.csv")
    _make_nameless(root)


def inside(root: Path, *command: str) -> None:
    """Run a program of the new root in it."""
    run(["chroot", root, *command])


def _take_ownership(root: Path) -> None:
    """Everything that came from the checkout is root's, whoever owns that, and as git knows it.

    Git knows no times: a file is as old as the commit, whenever it was checked out.
    """
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    copied = [root / path.relative_to(HERE / "root") for path in (HERE / "root").rglob("*")]
    for path in [*copied, root / "usr/lib/kpos", *(root / "usr/lib/kpos").rglob("*")]:
        shutil.chown(path, 0, 0)
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (epoch, epoch))


def _install_units(root: Path) -> None:
    """As on any Debian, and what only an appliance has: its first start, and its trials."""
    inside(root, "kpos", "install-units", "--program", "/usr/bin/kpos")
    for unit in APPLIANCE:
        shutil.copyfile(CHECKOUT / "systemd" / unit, root / "usr/local/lib/systemd/system" / unit)


def _compile(root: Path) -> None:
    """Nobody can write it down later, and no time is compared: a slot does not change."""
    compiled = ("-m", "compileall", "-q", "-f", "--invalidation-mode=unchecked-hash")
    inside(root, "python3", *compiled, "/usr/lib/kpos", "/usr/lib/python3", "/usr/lib/python3.11")


def _make_initrd(root: Path) -> None:
    [modules] = (root / "lib/modules").iterdir()
    version = modules.name
    _check_modules(modules)
    inside(root, "depmod", version)
    wanted = (HERE / "initrd-modules.txt").read_text(encoding="utf-8")
    (root / "etc/initramfs-tools/modules").write_text(wanted, encoding="utf-8")
    inside(root, "update-initramfs", "-c", "-k", version)
    # By the names that GRUB knows.
    for name in ("vmlinuz", "initrd.img"):
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(f"boot/{name}-{version}")
        (root / f"{name}.old").unlink(missing_ok=True)


def _check_modules(modules: Path) -> None:
    """See whether one was left out that another needs.

    Raises:
        Refused: modules.txt is to be mended.
    """
    there = {path: path.stem.replace("-", "_") for path in modules.rglob("*.ko")}
    missing = {
        f"{name} needs {needed}"
        for path, name in there.items()
        for found in _DEPENDS.findall(path.read_bytes())
        for needed in found.decode().split(",")
        if needed and needed.replace("-", "_") not in there.values()
    }
    if missing:
        msg = f"modules.txt leaves out what others need: {', '.join(sorted(missing))}"
        raise Refused(msg)


def _make_nameless(root: Path) -> None:
    """Take out what would make two tills, or two builds, the same or different by accident."""
    for pattern in LEFT_OVER:
        for path in root.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    # Empty: each start of a till has another one, and asks nothing.
    (root / "etc/machine-id").touch()
    (root / "etc/hostname").write_text("kpos\n", encoding="utf-8")
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").symlink_to("../run/systemd/resolve/stub-resolv.conf")
    (root / "var/lib/dpkg/info").mkdir()
    # Systemd does not start with a time before that of its own making.
    (root / "usr/lib/clock-epoch").touch()


if __name__ == "__main__":
    try:
        customise(*map(Path, sys.argv[1:]))
    except Refused as error:
        sys.exit(str(error))
