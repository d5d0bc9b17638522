"""What is said over HTTP besides the messages of `kpos.sync.wire`: wishes, what a server is."""

from __future__ import annotations

from kpos.domain.document import INTEGER_MAX
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.sync.codec import Codec, nullable, number, record, text
from kpos.sync.wire import BATCH_MAX, POINT, TIME, Point

# Rows of a page of the feed: some 60 KiB gzipped.
PAGE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """To spend so much, asked when the journal ended at `head`."""

    cents: int
    head: Point | None


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


_COUNT = number(0, INTEGER_MAX)

HEAD: Codec[Point | None] = nullable(POINT)
WISH: Codec[Wish] = record(Wish, cents=_COUNT, head=HEAD)
HEARD: Codec[Heard] = record(Heard, at=TIME)
META: Codec[Meta] = record(
    Meta,
    api=text,
    version=text,
    at=TIME,
    batch_max=number(1, INTEGER_MAX),
    page_max=number(1, INTEGER_MAX),
)
