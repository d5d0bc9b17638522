"""What the path and the query say, read as strictly as the bodies."""

from __future__ import annotations

import re
from typing import Annotated, Any

from ninja import Path, Query
from pydantic import BeforeValidator

from kpos.appliance.manifest import ARCHES
from kpos.domain.ids import Id
from kpos.sync.codec import Malformed
from kpos.sync.wire import BATCH_MAX, POINT, Point
from kpos.wawi.api.messages import PAGE_MAX
from kpos.wawi.api.problems import Problem

_ID = r"^[0-9a-f]{16}$"
_POINT = r"^[1-9][0-9]{0,8}\.[1-9][0-9]{0,8}\.[0-9a-f]{64}$"
_CURSOR = r"^[0-9A-Za-z._-]{1,200}$"
_ARCH = rf"^({'|'.join(sorted(set(ARCHES.values())))})$"
_VERSION = r"^[0-9][0-9a-z.]{0,39}$"


def _digits(value: object) -> object:
    """Nothing but digits: ``+5``, ``5.0`` and ``5_0`` are numbers for pydantic as well."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,6}", value):
        msg = "must be a whole number"
        raise ValueError(msg)
    return value


Wallet = Annotated[str, Path(pattern=_ID, description="A wallet's id")]
Arch = Annotated[str, Path(pattern=_ARCH, description="An architecture, as Debian calls it")]
Version = Annotated[str, Path(pattern=_VERSION, description="A version of kpos")]
After = Annotated[
    str | None,
    Query(pattern=_POINT, description="EPOCH.SEQ.HASH of the last document that is there already"),
]
Cursor = Annotated[
    str | None, Query(pattern=_CURSOR, description="Where the last page ended; without one, all")
]
Count = Annotated[int, BeforeValidator(_digits)]
# A purchase is two, and goes down whole.
DOCUMENTS: Any = Query(BATCH_MAX, ge=2, le=BATCH_MAX)  # type: ignore[type-arg] # called, not named
ROWS: Any = Query(PAGE_MAX, ge=1, le=PAGE_MAX)  # type: ignore[type-arg] # called, not named


def point_of(text: str | None) -> Point | None:
    """The place of a document in a query.

    Raises:
        Problem: 422 for a place that no document can have.
    """
    if text is None:
        return None
    epoch, seq, claimed = text.split(".")
    try:
        return POINT.read([int(epoch), int(seq), claimed])
    except Malformed as error:
        fault = {"pointer": "after", "detail": error.detail}
        raise Problem(422, str(error), more={"errors": [fault]}) from error


def wallet_of(text: str) -> Id:
    """A wallet in a path, which the pattern has checked."""
    return Id(text)
