"""Make the image: `make image`, or python image-build/build.py --arch amd64 --out build/image."""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
from pathlib import Path
from typing import Final

from kpos import __version__
from kpos.clock import SystemClock
from making import disk
from making.program import make_program
from making.slot import KERNELS, Slot, make_root, pack
from making.tools import CHECKOUT, Refused, check_host, commit_epoch

_MIB: Final = 1 << 20


def main() -> None:
    """Build what the command line says, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arch", choices=sorted(KERNELS), default="amd64")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "build/image")
    parser.add_argument("--cache", type=Path, help="what was downloaded (below --out)")
    parser.add_argument("--signers", type=Path, help="who may sign updates (docs/update.md)")
    wanted = parser.parse_args()
    started_ms = SystemClock().monotonic_ms()
    try:
        image = build(wanted.arch, wanted.out, wanted.cache or wanted.out / "cache", wanted.signers)
    except Refused as error:
        sys.exit(f"make image: {error}")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall_s = (SystemClock().monotonic_ms() - started_ms) / 1000
    say(f"made in {wall_s:.0f} s, {spent.ru_utime + spent.ru_stime:.0f} s of CPU")
    say(f"{image}: for cards of {image.stat().st_size} bytes ({disk.SIZE // _MIB} MiB) and more")


def build(arch: str, out: Path, cache: Path, signers: Path | None) -> Path:
    """The image for an architecture; beside it its slot and the list of its contents.

    Raises:
        Refused: it cannot be made here.
    """
    check_host()
    # What root may read alone on this machine is read by others in the image.
    os.umask(0o022)
    os.environ["SOURCE_DATE_EPOCH"] = commit_epoch()
    slot = Slot(arch, (out / arch).resolve())
    slot.folder.mkdir(parents=True, exist_ok=True)
    cache = cache.resolve()
    program = make_program(slot.folder / "program", cache / "wheels")
    if signers is not None:
        shutil.copyfile(signers, program / "update-signers")
    make_root(slot, program, cache / arch)
    pack(slot)
    say(f"{slot.root}: {slot.root.stat().st_size / _MIB:.0f} MiB")
    say(f"{slot.squashfs}: {slot.squashfs.stat().st_size / _MIB:.0f} MiB")
    slot.root.unlink()
    image = slot.folder / f"kpos-{__version__}-{arch}.img"
    disk.assemble(image, slot.squashfs)
    return image


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
