"""What a WaWi says of the newest update that it keeps for tills of a kind."""

from __future__ import annotations

from kpos.domain.document import INTEGER_MAX
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.sync.codec import Codec, number, record, text
from kpos.sync.wire import TIME


@dataclass(frozen=True, slots=True)
class Release:
    """`size` is that of the update file, in bytes."""

    version: str
    arch: str
    built_at: Instant
    size: int


RELEASE: Codec[Release] = record(
    Release, version=text, arch=text, built_at=TIME, size=number(1, INTEGER_MAX)
)
