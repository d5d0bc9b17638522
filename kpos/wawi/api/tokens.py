"""Who asks: a bearer token, of which the database has the SHA-256 alone."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from kpos.clock import SystemClock
from kpos.domain.ids import Id
from kpos.wawi.api.limits import Limit
from kpos.wawi.api.problems import Problem
from kpos.wawi.core import tills
from kpos.wawi.database import reading

_SCOPE = "till"
_now_ms = SystemClock().monotonic_ms
# A till that comes back after weeks sends some ten batches a second, one after the other; its first
# sync of 100,000 products is 404 questions, as fast as they are answered.
REQUESTS = Limit(burst=1000, per_minute=1200, now_ms=_now_ms)
# Nobody types ten codes a minute, and whoever tries them all has 15 minutes.
PAIRINGS = Limit(burst=10, per_minute=10, now_ms=_now_ms)


class TillToken(HttpBearer):
    """The token of a till that is paired."""

    def authenticate(self, request: HttpRequest, token: str) -> Id | None:  # noqa: ARG002
        """The till whose token it is.

        Raises:
            Problem: 429 for one that asks too often.
        """
        with reading() as db:
            till = tills.till_of_token(db, token)
        if till is None:
            return None
        REQUESTS.check(till.id)
        if _SCOPE not in till.scopes:
            raise Problem(403, f"this token is not for the scope {_SCOPE!r}")
        return till.id


class MetricsToken(HttpBearer):
    """What stands in the file `metrics-token` of the data folder: it reads figures, no more."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:  # noqa: ARG002
        """Who reads them has no name."""
        is_it = hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
        return "metrics" if is_it else None


def caller(request: HttpRequest) -> Id:
    """The till that asks."""
    till: Id = request.auth  # type: ignore[attr-defined] # what `authenticate` returned
    return till
