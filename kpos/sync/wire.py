"""What a till and a WaWi say to each other, as values and as JSON.

Documents go up in the order of the journal, each with its claimed place and hash, so that one
that cannot be read is kept all the same. Down comes one feed of changes: rows of master data in
the form of a `master_change`, and what a till cannot know alone: balances over all tills, the
stock of its branch, PINs. Money is integer cents, a `Point` is ``[epoch, seq, hash]`` or null
before the first document.
"""

from __future__ import annotations

from collections.abc import Mapping

from kpos.domain.document import INTEGER_MAX, SALT_BYTES, Json, Ref
from kpos.domain.exchange import Change, Entry, Point, Private, entry_of, point_of, prev_of
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.values import dataclass
from kpos.ledger.pins import KEY_BYTES, N_MAX, P, R, SetPin, Verifier
from kpos.ledger.pins import SALT_BYTES as PIN_SALT_BYTES
from kpos.sync.codec import (
    Codec,
    Malformed,
    Optional,
    array,
    flag,
    hex_digits,
    mapping,
    named,
    nullable,
    number,
    octets,
    one_of,
    record,
    row,
    text,
)

__all__ = [
    "ACK", "APPLICATION", "BATCH_MAX", "HEARTBEAT", "HOLD", "PAGE", "PAIRED", "POINT", "POINTS",
    "PUSH", "TAIL", "TIME", "Ack", "Application", "Change", "Entry", "Heartbeat", "Hold", "Page",
    "Paired", "Point", "Private", "Push", "SetPin", "Tail", "entry_of", "point_of", "prev_of",
]  # fmt: skip

# Documents of a push. 500 is the knee of cost per row on the other side.
BATCH_MAX = 500
# Powers of two, as scrypt wants them.
SCRYPT_N = tuple(2**power for power in range(1, N_MAX.bit_length()))


@dataclass(frozen=True, slots=True)
class Push:
    """Documents right after `after`, the last one that is known to be held.

    `head` is where the till's journal ends, whether its end is in here or not: whatever was held
    for a purchase at an earlier point was bought or was not. `fork` is the last point that both
    sides share, when the till goes on beside documents that only the WaWi has. `pins` are those
    that these documents say were set or removed: no document has a verifier.
    """

    after: Point | None
    entries: tuple[Entry, ...]
    head: Point | None
    fork: Point | None = None
    pins: tuple[SetPin, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ack:
    """Up to where documents are stored, and up to where their effects are in the feed."""

    acked: Point | None
    applied: Point | None

    @property
    def unread(self) -> str:
        """Documents are projected as they are stored, but for those from one on that cannot be."""
        if self.applied == self.acked:
            return ""
        where = f"behind {self.applied.ref}" if self.applied is not None else "from the first on"
        return f"the WaWi keeps documents {where} that it cannot read: see its alarms"


@dataclass(frozen=True, slots=True)
class Page:
    """Part of the feed. All parts up to one that `is_last` are taken over together.

    `applied`: the till's own documents that the balances and stocks up to here include; only that
    of the last page counts, since earlier pages are made up for by later ones.
    """

    changes: tuple[Change, ...]
    cursor: str
    is_last: bool
    applied: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Tail:
    """Documents that the WaWi holds of a till after a point, in order."""

    entries: tuple[Entry, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer to a wish to spend: the balance over all tills, and whether it is held back."""

    is_granted: bool
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A till is there: its version, what it could not send yet, what its clock says."""

    version: str
    queue: int
    at: Instant


@dataclass(frozen=True, slots=True)
class Application:
    """What a till says of itself to be paired.

    `own`: up to where it was its own master (0 of an epoch: up to the end of the one before).
    Whoever does not say so was until now.
    """

    code: str
    till: Id
    place: Id
    prefix: str
    cash_prefix: str
    head: Point | None
    version: str
    own: Ref | None = None


@dataclass(frozen=True, slots=True)
class Paired:
    """What a till is told when it is paired; another prefix than its own begins an epoch."""

    token: str
    till: Id
    place: Id
    prefix: str
    branch: str


# As JSON


def _time(value: Json, at: str) -> Instant:
    try:
        return Instant.parse(text.read_at(value, at))
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, Malformed) else Malformed(at, "must be a time") from error


TIME: Codec[Instant] = Codec(str, _time)
_ID = hex_digits(16)
_HASH = hex_digits(64)
# Nine digits are beyond what a till can book, and two of them fit into a position.
_PLACE_MAX = 999_999_999
_PLACE = number(1, _PLACE_MAX)
_BEFORE = number(0, _PLACE_MAX)

POINT: Codec[Point] = row(Point, epoch=_PLACE, seq=_PLACE, hash=_HASH)
POINTS: Codec[tuple[Point, ...]] = array(POINT, BATCH_MAX)
_HEAD = nullable(POINT)
_PRIVATE = record(Private, salt=octets(SALT_BYTES), part=text)
_ENTRY = record(Entry, point=POINT, prev_hash=_HASH, content=text, private=Optional(_PRIVATE))
_ENTRIES = array(_ENTRY, BATCH_MAX)
# No till can be given more work than it would make itself.
_VERIFIER = record(
    Verifier,
    salt=octets(PIN_SALT_BYTES),
    key=octets(KEY_BYTES),
    n=one_of(SCRYPT_N),
    r=number(1, R),
    p=number(P, P),
)
PIN: Codec[SetPin] = record(
    SetPin, subject=_ID, replaces=number(0, INTEGER_MAX), verifier=nullable(_VERIFIER)
)
PUSH: Codec[Push] = record(
    Push,
    after=_HEAD,
    entries=_ENTRIES,
    head=_HEAD,
    fork=Optional(POINT),
    pins=Optional(array(PIN, BATCH_MAX)),
)
ACK: Codec[Ack] = record(Ack, acked=_HEAD, applied=_HEAD)
_CHANGE = record(
    Change, entity=text, id=text, action=text, fields=mapping, private=Optional(mapping)
)
PAGE: Codec[Page] = record(
    Page, changes=array(_CHANGE), cursor=text, is_last=flag, applied=named(POINT)
)
TAIL: Codec[Tail] = record(Tail, entries=_ENTRIES, is_last=flag)
HOLD: Codec[Hold] = record(Hold, is_granted=flag, balance_cents=number(-INTEGER_MAX, INTEGER_MAX))
HEARTBEAT: Codec[Heartbeat] = record(Heartbeat, version=text, queue=number(0, INTEGER_MAX), at=TIME)
APPLICATION: Codec[Application] = record(
    Application,
    code=text,
    till=_ID,
    place=_ID,
    prefix=text,
    cash_prefix=text,
    head=_HEAD,
    version=text,
    own=Optional(row(Ref, epoch=_BEFORE, seq=_BEFORE)),
)
PAIRED: Codec[Paired] = record(Paired, token=text, till=_ID, place=_ID, prefix=text, branch=text)
