"""Whatever goes wrong under ``/api/`` is a problem of RFC 9457.

`type` and `code` are for programs and never change or get translated; `detail` is for an admin.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kpos.domain.document import Json

MEDIA_TYPE = "application/problem+json"
# After a database that is locked or away: long enough for its writer, short enough for a till.
BUSY_RETRY_S = 5
_DISK_FULL = frozenset({"SQLITE_FULL", "53100"})
_PREFIX = "/api/"
_CODES = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "malformed",
    429: "too-many-requests",
    500: "internal",
    503: "busy",
}
_log = logging.getLogger(__name__)

Respond: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


class Problem(Exception):
    """An answer that is none; `more` are members of its own, `headers` such as Retry-After."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        more: Mapping[str, Json] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or _CODES[status]
        self.more = dict(more or {})
        self.headers = dict(headers or {})

    def response(self) -> HttpResponse:
        """As it is sent."""
        body = {
            "type": f"urn:kpos:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": f"urn:kpos:request:{secrets.token_hex(8)}",
        }
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("%s: %s", body["instance"], self.detail)
        content = json.dumps(body | self.more, ensure_ascii=False).encode("utf-8")
        headers = {"Content-Length": str(len(content)), "Cache-Control": "no-store"}
        return HttpResponse(
            content,
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=headers | self.headers,
        )


def busy(why: str = "the database is busy") -> Problem:
    """The database cannot be written now: nothing was done."""
    return Problem(503, f"{why}: try again", headers={"Retry-After": str(BUSY_RETRY_S)})


def problem_of(error: Exception) -> Problem:
    """What to answer to an exception that nobody expected, which goes to the log in full."""
    if isinstance(error, Problem):
        return error
    if _is_passing(error):
        _log.warning("the database: %s", error)
        return busy("the server's disk is full") if _is_full(error) else busy()
    _log.error("not expected", exc_info=error)
    return Problem(500, "a mistake of ours; it is in the server's log")


def _is_passing(error: Exception) -> bool:
    """Locked, full, starting, gone: it will be there again, and the till asks again.

    The core speaks to the driver itself, so that its exceptions come as they are.
    """
    driver = connection.Database  # type: ignore[attr-defined] # every backend has one
    passing = (OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError)
    return isinstance(error, passing) and isinstance(error, (DatabaseError, driver.Error))


def _is_full(error: BaseException) -> bool:
    """As SQLite's driver says it, or PostgreSQL's; Django hands both on as a cause."""
    cause = error.__cause__ or error
    said = {getattr(cause, name, None) for name in ("sqlite_errorname", "sqlstate")}
    return bool(said & _DISK_FULL)


class Problems:
    """The outermost layer: other words for what Django says under ``/api/`` in HTML."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        response = self._respond(request)
        is_api = request.path.startswith(_PREFIX)
        if not is_api or response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        if response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        status = response.status_code
        code = _CODES.get(status) or "http"
        found = Problem(status, HTTPStatus(status).phrase, code=code).response()
        if response.has_header("Allow"):
            found["Allow"] = response["Allow"]
        return found
