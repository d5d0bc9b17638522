"""What is said over HTTP besides the messages of `kpos.sync.wire`: wishes, signs of life."""

from __future__ import annotations

from kpos.domain.document import INTEGER_MAX
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.sync.codec import Codec, Malformed, nullable, number, record, text
from kpos.sync.wire import BATCH_MAX, POINT, Point

# Rows of a page of the feed: some 60 KiB gzipped.
PAGE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """To spend so much, asked when the journal ended at `head`."""

    cents: int
    head: Point | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A till is there: its version, what it could not send yet, what its clock says."""

    version: str
    queue: int
    at: Instant


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer: what the server's clock says."""

    at: Instant


@dataclass(frozen=True, slots=True)
class Meta:
    """What a server is, and how much it takes or gives at once."""

    api: str
    version: str
    at: Instant
    batch_max: int = BATCH_MAX
    page_max: int = PAGE_MAX


def _instant(value: object, at: str) -> Instant:
    try:
        return Instant.parse(text.read_at(value, at))
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, Malformed) else Malformed(at, "must be a time") from error


_INSTANT: Codec[Instant] = Codec(str, _instant)
_COUNT = number(0, INTEGER_MAX)

HEAD: Codec[Point | None] = nullable(POINT)
WISH: Codec[Wish] = record(Wish, cents=_COUNT, head=HEAD)
HEARTBEAT: Codec[Heartbeat] = record(Heartbeat, version=text, queue=_COUNT, at=_INSTANT)
HEARD: Codec[Heard] = record(Heard, at=_INSTANT)
META: Codec[Meta] = record(
    Meta,
    api=text,
    version=text,
    at=_INSTANT,
    batch_max=number(1, INTEGER_MAX),
    page_max=number(1, INTEGER_MAX),
)
