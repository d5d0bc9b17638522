"""Make an update file of a slot: ``python -m kpos.appliance.pack slot.sqfs --key KEY``.

For whoever builds images: the slot must have been built from these very sources, whose version and
journal it is said to have. docs/update.md says how to come by a key.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from kpos import __version__
from kpos.appliance import bundle, signing
from kpos.appliance import manifest as manifests
from kpos.appliance.device import CHUNK
from kpos.appliance.manifest import ARCHES, Manifest
from kpos.clock import SystemClock
from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused
from kpos.ledger.schema import JOURNAL_VERSION

_MS = 1000


def main(arguments: list[str] | None = None) -> None:
    """Pack, sign, and print where the update file is."""
    parser = argparse.ArgumentParser(prog="python -m kpos.appliance.pack", description=__doc__)
    parser.add_argument("slot", type=Path, help="the squashfs of a slot")
    key = "an SSH key; its public half will do if an agent or a token has the private one"
    parser.add_argument("--key", type=Path, required=True, help=key)
    host = manifests.arch_of_machine()
    parser.add_argument("--arch", choices=sorted(set(ARCHES.values())), default=host)
    parser.add_argument("--folder", type=Path, default=Path(), help="where to put the update file")
    asked = parser.parse_args(arguments)
    try:
        made = pack(asked.slot, manifest_of(asked.slot, asked.arch), asked.key, asked.folder)
    except (Refused, OSError) as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(f"{made}\n")


def manifest_of(slot: Path, arch: str) -> Manifest:
    """What to say of a slot that was built of these sources.

    Raises:
        OSError: if it cannot be read.
    """
    found, size = hashlib.sha256(), 0
    with slot.open("rb") as content:
        while piece := content.read(CHUNK):
            found.update(piece)
            size += len(piece)
    return Manifest(__version__, arch, size, found.hexdigest(), JOURNAL_VERSION, _built_at())


def pack(slot: Path, manifest: Manifest, key: Path, folder: Path) -> Path:
    """Sign and pack; where the update file is.

    Raises:
        Refused: if the key cannot be used.
        OSError: if something cannot be read or written.
    """
    made = folder / f"kpos-{manifest.version}-{manifest.arch}.update"
    with TemporaryDirectory() as scratch:
        page = Path(scratch) / bundle.MANIFEST
        page.write_bytes(manifests.written(manifest))
        signature = signing.sign(page, key)
        fresh = made.with_name(f".{made.name}.new")
        with tarfile.open(fresh, "w", format=tarfile.USTAR_FORMAT) as tar:
            for name, file in (
                (bundle.MANIFEST, page),
                (bundle.SIGNATURE, signature),
                (bundle.SLOT, slot),
            ):
                _add(tar, name, file, manifest.built_at)
        fresh.replace(made)
    return made


def _add(tar: tarfile.TarFile, name: str, file: Path, at: Instant) -> None:
    """A plain file that is nobody's."""
    header = tarfile.TarInfo(name)
    header.size = file.stat().st_size
    header.mtime = at.ms // _MS
    with file.open("rb") as content:
        tar.addfile(header, content)


def _built_at() -> Instant:
    """Now; or when the sources say, so that the same sources make the same file."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return Instant(int(epoch) * _MS) if epoch else SystemClock().now()


if __name__ == "__main__":
    main()
