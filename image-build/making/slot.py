"""A slot: a Debian with kernel, initrd and the till, as one squashfs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from making.tools import HERE, Refused, run, surroundings

KERNELS: Final = {"amd64": "linux-image-amd64", "i386": "linux-image-686"}
SUITE: Final = "bookworm"
SOURCES: Final = (
    Path("/etc/apt/sources.list.d/debian.sources"),
    Path("/etc/apt/sources.list"),
)


@dataclass(frozen=True)
class Slot:
    """The files of one build."""

    arch: str
    folder: Path

    @property
    def root(self) -> Path:
        """The new root, packed by mmdebstrap."""
        return self.folder / "root.tar"

    @property
    def squashfs(self) -> Path:
        """What goes into a slot, and into an update."""
        return self.folder / "slot.sqfs"

    @property
    def contents(self) -> Path:
        """The list of what is in it."""
        return self.folder / "contents.csv"


def make_root(slot: Slot, program: Path, cache: Path) -> None:
    """Let mmdebstrap make the tar; packages that were downloaded before lie in ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    dpkg = slot.folder / "dpkg.conf"
    dpkg.write_text(_dpkg_options(), encoding="utf-8")
    customise = HERE / "making/customise.py"
    hook = f'"{sys.executable}" "{customise}" "$1" "{program}" "{slot.contents.resolve()}"'
    run(
        [
            "mmdebstrap",
            "--mode=root",
            "--variant=essential",
            "--format=tar",
            "--quiet",
            f"--architectures={slot.arch}",
            f"--include={','.join(_packages(slot.arch))}",
            '--aptopt=Acquire::Languages "none"',
            '--aptopt=APT::Install-Recommends "false"',
            '--aptopt=Acquire::Retries "3"',
            f"--dpkgopt={dpkg}",
            "--dpkgopt=force-unsafe-io",
            # A second build downloads nothing.
            "--skip=download/empty",
            "--skip=essential/unlink",
            '--setup-hook=mkdir -p "$1/var/cache/apt/archives"',
            f"--setup-hook=sync-in {cache} /var/cache/apt/archives",
            f"--customize-hook=sync-out /var/cache/apt/archives {cache}",
            f"--customize-hook={hook}",
            SUITE,
            str(slot.root),
            str(_sources()),
        ],
        # The one initrd is made at the end.
        INITRD="No",
    )


def pack(slot: Slot) -> None:
    """Make the squashfs. GRUB reads the kernel out of it, and knows gzip but not zstd."""
    slot.squashfs.unlink(missing_ok=True)
    options = ("-comp", "gzip", "-b", "256K", "-no-xattrs", "-quiet", "-no-progress")
    with slot.root.open("rb") as tar:
        packed = subprocess.run(  # noqa: S603 - ours, and no shell
            ["sqfstar", *options, str(slot.squashfs)],  # noqa: S607
            stdin=tar,
            env=surroundings(),
            check=False,
        )
    if packed.returncode:
        msg = "sqfstar failed; see above"
        raise Refused(msg)


def _sources() -> Path:
    """Where this machine has its Debian from."""
    for file in SOURCES:
        if file.is_file() and file.read_text(encoding="utf-8").strip():
            return file
    msg = f"apt has no sources: neither {SOURCES[0]} nor {SOURCES[1]}"
    raise Refused(msg)


def _packages(arch: str) -> list[str]:
    return [word.format(kernel=KERNELS[arch]) for word in _lines("packages.txt")]


def _dpkg_options() -> str:
    modules = [f"path-include=/lib/modules/*/kernel/{line}" for line in _lines("modules.txt")]
    return "\n".join([*_lines("leave-out.txt"), *modules, ""])


def _lines(name: str) -> list[str]:
    """A file without its comments."""
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
