"""An update file, read from its beginning to its end and never held in memory.

A tar of three plain files in this order: manifest.json, manifest.json.sig, slot.sqfs. Only plain
headers are read: whatever else a tar may hold is read before anybody has looked at the signature.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from kpos.appliance import manifest as manifests
from kpos.appliance.device import CHUNK
from kpos.appliance.manifest import Manifest
from kpos.domain.refusal import Refused, refuse

MANIFEST, SIGNATURE, SLOT = "manifest.json", "manifest.json.sig", "slot.sqfs"
_BLOCK = tarfile.BLOCKSIZE
# A manifest has some 300 bytes, a signature by RSA 3 KB.
_PAGE_MAX = 16 * 1024


class Bundle:
    """An update file whose manifest and signature have been read, and whose slot comes next."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read up to the slot.

        Raises:
            Refused: if it is no update file.
        """
        self._stream = stream
        self.signed = self._page(MANIFEST)
        self.signature = self._page(SIGNATURE)

    def manifest(self) -> Manifest:
        """What it says of itself: to be believed once the signature of `signed` was checked.

        Raises:
            Refused: if it cannot be read.
        """
        return manifests.parse(self.signed)

    def slot(self) -> Iterator[bytes]:
        """The content of the slot, once, in pieces of `CHUNK`.

        Raises:
            Refused: if it is not of the size that the manifest says, or ends early.
        """
        size = self._header(SLOT)
        if size != self.manifest().size:
            raise refuse("invalid", "the slot in the update is not of the size that was signed")
        for at in range(0, size, CHUNK):
            yield self._exactly(min(CHUNK, size - at))

    def _page(self, name: str) -> bytes:
        size = self._header(name)
        if size > _PAGE_MAX:
            reason = f"{name} has {size} bytes"
            raise _no_update(reason)
        return self._exactly(-(-size // _BLOCK) * _BLOCK)[:size]

    def _header(self, name: str) -> int:
        """The size of the member that comes next, which must be this one."""
        block = self._exactly(_BLOCK)
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
        except tarfile.HeaderError as error:
            reason = f"where {name} should begin: {error}"
            raise _no_update(reason) from error
        if header.name != name or header.type != tarfile.REGTYPE:
            reason = f"{header.name[:40]!r} where {name} should be"
            raise _no_update(reason)
        return header.size

    def _exactly(self, size: int) -> bytes:
        pieces = []
        missing = size
        while missing and (piece := self._stream.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        if missing:
            raise refuse("invalid", "the update file ends early: fetch or copy it again")
        return b"".join(pieces)


def _no_update(why: str) -> Refused:
    return refuse("invalid", f"this is no update file of kpos: {why}")
