"""One entry of the journal: what is hashed, exactly.

A document's content is the canonical JSON array of its fields in the order of `FIELDS`, without
the hash; the stored bytes are what is hashed and are never written anew. Each document holds
the hash of the one before it, so that nothing can be changed, removed or put in between without
every later hash showing it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from kpos.domain.instant import Reading
from kpos.domain.values import dataclass, fields, is_dataclass

# Any of None, bool, int, str, and lists and mappings of them: never a float.
Json: TypeAlias = Any
Body: TypeAlias = Mapping[str, Json]

FIRST_PREV_HASH = "0" * 64
BODY_VERSION = 1
SALT_BYTES = 16
INTEGER_MAX = 2**63 - 1

# Kinds without a receipt number: the other half of a pair, or not shown to anybody.
UNNUMBERED = frozenset({"debit", "costing", "master_change"})
NUMBER_DIGITS_MIN = 6


@dataclass(frozen=True, slots=True)
class Ref:
    """Where a document stands: `seq` counts from 1 without gaps in its epoch."""

    epoch: int
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}/{self.seq}"


@dataclass(frozen=True, slots=True)
class FarRef:
    """A document of another till's journal; `hash` where that has several at the place."""

    till: str
    epoch: int
    seq: int
    hash: str | None = None


# How one document names another.
Named: TypeAlias = Ref | FarRef


@dataclass(frozen=True, slots=True)
class Posting:
    """Money on one account; debit positive, credit negative. A document's postings sum to 0."""

    account: str
    cents: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Goods in (+) or out (-); `cost_cents` of the whole quantity, None while not costed."""

    product: str
    place: str
    lot: str | None
    quantity: int
    cost_cents: int | None = None
    best_before: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before the ledger gives it place, number, time and hash."""

    kind: str
    body: Body
    postings: tuple[Posting, ...] = ()
    movements: tuple[Movement, ...] = ()
    author: str | None = None
    private: Body | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A booked document. `at` is UTC with milliseconds; order is `(epoch, seq)`, not time."""

    till: str
    epoch: int
    seq: int
    receipt_number: str | None
    kind: str
    at: str
    clock: str
    author: str | None
    body: Body
    postings: tuple[Posting, ...]
    movements: tuple[Movement, ...]
    private_digest: str | None
    prev_hash: str
    hash: str

    @property
    def ref(self) -> Ref:
        """Where it stands."""
        return Ref(self.epoch, self.seq)

    def as_json(self) -> dict[str, Json]:
        """All fields by name, postings and movements as arrays."""
        values = {name: getattr(self, name) for name in FIELDS}
        values["postings"], values["movements"] = _arrays(self.postings, self.movements)
        return values


FIELDS = tuple(field.name for field in fields(Document))


def canonical(value: Json) -> str:
    """Canonical JSON: sorted keys, no spaces, no ASCII escapes, NFC."""
    return _in_nfc(_ENCODER.encode(value))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 text, lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def private_digest(salt: bytes, part: str) -> str:
    """What a document holds of its private part: SHA-256 of the salt and the canonical JSON."""
    return hashlib.sha256(salt + part.encode()).hexdigest()


def receipt_number(prefix: str, number: int) -> str:
    """``K1-000042``."""
    return f"{prefix}-{number:0{NUMBER_DIGITS_MIN}}"


@dataclass(frozen=True, slots=True)
class Place:
    """What the ledger knows about the document that comes next."""

    till: str
    ref: Ref
    receipt_number: str | None
    reading: Reading
    prev_hash: str


def seal(draft: Draft, place: Place, digest_of_private: str | None) -> tuple[Document, str]:
    """The finished document and its content, the text that was hashed and is to be stored.

    The document is what was stored, in NFC, not what was typed.
    """
    before = (
        place.till,
        place.ref.epoch,
        place.ref.seq,
        place.receipt_number,
        draft.kind,
        str(place.reading.at),
        place.reading.clock,
        draft.author,
    )
    after = (digest_of_private, place.prev_hash)
    text = _ENCODER.encode([*before, draft.body, *_arrays(draft.postings, draft.movements), *after])
    content = _in_nfc(text)
    own_hash = digest(content)
    if content != text:
        return read_content(content, own_hash), content
    return Document(*before, draft.body, draft.postings, draft.movements, *after, own_hash), content


def read_content(content: str, claimed_hash: str) -> Document:
    """The document a stored content describes.

    Raises:
        ValueError: if the text is not the content of a document (its hash is not checked here).
    """
    try:
        values = _DECODER.decode(content)
        named = dict(zip(FIELDS, [*values, claimed_hash], strict=True))
        named["postings"] = tuple(Posting(*posting) for posting in named["postings"])
        named["movements"] = tuple(Movement(*movement) for movement in named["movements"])
        return Document(**named)
    except (TypeError, RecursionError) as wrong:
        msg = f"not the content of a document: {content[:60]!r}"
        raise ValueError(msg) from wrong


def fault_of(draft: Draft) -> str | None:
    """What makes a draft impossible to book, whatever its kind; None if nothing does."""
    cents = [posting.cents for posting in draft.postings]
    if sum(cents) != 0:
        return "postings do not sum to zero"
    if len({posting.account for posting in draft.postings}) != len(cents):
        return "an account is posted twice"
    if 0 in cents:
        return "a posting of zero"
    if 0 in [movement.quantity for movement in draft.movements]:
        return "a movement of nothing"
    return None


def plain(value: Json) -> Json:
    """A body's dataclasses as what JSON knows: mappings, lists, ints, strings, None.

    Raises:
        TypeError: for anything else, a float or an integer beyond 63 bits included.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, int) and -INTEGER_MAX <= value <= INTEGER_MAX:
        return value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    msg = f"{value!r} cannot be part of a document"
    raise TypeError(msg)


def body_of(value: object) -> dict[str, Json]:
    """A body as it is stored: the dataclass's fields and the version of their meaning."""
    return {"v": BODY_VERSION, **plain(value)}


def merge_postings(*postings: Posting) -> tuple[Posting, ...]:
    """One posting per account, in the order of their first mention, none of zero."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.cents
    return tuple(Posting(account, cents) for account, cents in sums.items() if cents)


def _in_nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _arrays(postings: tuple[Posting, ...], movements: tuple[Movement, ...]) -> list[Json]:
    return [
        [[posting.account, posting.cents] for posting in postings],
        [[m.product, m.place, m.lot, m.quantity, m.cost_cents, m.best_before] for m in movements],
    ]


def _refuse_float(text: str) -> Sequence[object]:
    msg = f"a float in a document: {text[:20]}"
    raise ValueError(msg)


# Made once: both are used for every document. What `plain` made is no circle.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)
_DECODER = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)
