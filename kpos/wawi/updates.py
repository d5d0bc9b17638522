"""Update files that tills fetch: a folder of them, and nothing in the database."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from kpos.appliance import signing
from kpos.appliance.bundle import Bundle
from kpos.appliance.device import CHUNK
from kpos.appliance.manifest import Manifest, age
from kpos.domain.refusal import Refused, refuse
from kpos.ledger.files import sync_folder

FOLDER = "updates"
SIGNERS_FILE = "update-signers"
_SUFFIX = ".update"


@dataclass(frozen=True)
class Kept:
    """An update file. `etag` is that of exactly these bytes; `size` in bytes."""

    file: Path
    manifest: Manifest
    etag: str
    size: int


def add(data: Path, file: Path) -> tuple[Manifest, str | None]:
    """Keep a copy of an update file; what it is, and who signed it, where that can be said.

    Raises:
        Refused: if it is no update, or not whole, or nobody signed it who may.
        OSError: if it cannot be read or kept.
    """
    signers = data / SIGNERS_FILE
    with file.open("rb") as stream:
        bundle = Bundle(stream)
        signer = None
        if signers.exists():
            signer = signing.signer_of(bundle.signed, bundle.signature, signers)
        manifest = bundle.manifest()
        _check_slot(bundle, manifest)
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    target = _file(data, manifest.version, manifest.arch)
    fresh = target.with_suffix(".new")
    with file.open("rb") as source, fresh.open("wb") as copy:
        while piece := source.read(CHUNK):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    fresh.replace(target)
    sync_folder(folder)
    return manifest, signer


def _check_slot(bundle: Bundle, manifest: Manifest) -> None:
    found = hashlib.sha256()
    for piece in bundle.slot():
        found.update(piece)
    if found.hexdigest() != manifest.sha256:
        reason = "the slot in the update is not what was signed: fetch or copy it again"
        raise refuse("invalid", reason)


def kept(data: Path) -> list[Kept]:
    """All that can be read, the newest last."""
    found = [each for file in (data / FOLDER).glob(f"*{_SUFFIX}") if (each := _read(file))]
    return sorted(found, key=lambda each: age(each.manifest))


def newest(data: Path, arch: str) -> Kept | None:
    """What tills of an architecture are offered."""
    return next((each for each in reversed(kept(data)) if each.manifest.arch == arch), None)


def find(data: Path, version: str, arch: str) -> Kept | None:
    """One of them."""
    return next((each for each in kept(data) if _is(each, version, arch)), None)


def remove(data: Path, version: str, arch: str) -> None:
    """Forget one.

    Raises:
        Refused: if there is none.
    """
    found = find(data, version, arch)
    if found is None:
        reason = f"there is no update {version[:40]} for {arch[:20]}: see kpos wawi update list"
        raise refuse("unknown", reason)
    found.file.unlink()


def _is(each: Kept, version: str, arch: str) -> bool:
    return (each.manifest.version, each.manifest.arch) == (version, arch)


def _read(file: Path) -> Kept | None:
    """A file that somebody put there, or took away just now, is none."""
    try:
        with file.open("rb") as stream:
            bundle = Bundle(stream)
            manifest, size = bundle.manifest(), os.fstat(stream.fileno()).st_size
    except (OSError, Refused):
        return None
    etag = hashlib.sha256(bundle.signed + bundle.signature).hexdigest()
    return Kept(file, manifest, etag, size)


def _file(data: Path, version: str, arch: str) -> Path:
    return data / FOLDER / f"kpos-{version}-{arch}{_SUFFIX}"
