"""A WaWi over HTTP: one `Backend` for every server that speaks `/api/v1`.

Imported by the thread that talks, when there is somebody to talk to: `requests` costs more than
all the rest of a till. Whatever comes back that is no answer of a WaWi (a proxy's page, half a
body, a redirect to a login) is `Unreachable`: asking again is always harmless.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar

import requests
from requests.auth import AuthBase

from kpos.clock import real_ms
from kpos.domain.document import Json
from kpos.domain.ids import Id
from kpos.sync.adapter import Adapter
from kpos.sync.backend import CursorExpired, Refused, Revoked, Unlinked, Unreachable
from kpos.sync.codec import Codec, Malformed, nullable
from kpos.sync.releases import RELEASE, Release
from kpos.sync.wire import (
    ACK,
    APPLICATION,
    HEARTBEAT,
    HOLD,
    PAGE,
    PAIRED,
    POINT,
    POINTS,
    PUSH,
    TAIL,
    Ack,
    Application,
    Heartbeat,
    Hold,
    Page,
    Paired,
    Point,
    Push,
    Tail,
)

_BASE = "/api/v1"
# A page of the feed: what a thin client takes over in a moment.
_PAGE_ROWS = 500
_CONNECT_S, _READ_S = 5, 30
# An answer that trickles in is given up then, and one that does not end then.
_WHOLE_MS = 120_000
_ANSWER_MAX = 32 * 1024 * 1024
_CHUNK = 65536
_GZIP_FROM = 1400
_RETRY_AFTER_MAX_S = 3600
_JSON = "application/json"
_PROBLEM = "application/problem+json"

T = TypeVar("T")
_HEAD: Codec[Point | None] = nullable(POINT)


class HttpBackend:
    """`token` None: for pairing alone. `fingerprint`: SHA-256 of the one certificate to trust.

    `budget_ms` bounds what a question may take, for those that somebody waits for.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        fingerprint: str | None = None,
        budget_ms: int = _WHOLE_MS,
    ) -> None:
        self._url = url + _BASE
        self.budget_ms = budget_ms
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        # Said with each question, or an environment variable would know better.
        self._verify: bool | None = None
        self._fingerprint = fingerprint
        if fingerprint is not None:
            # Who knows the very certificate needs nobody to vouch for it.
            self._verify = False
            self._session.mount("https://", Adapter(fingerprint))
        self._hint = ""

    def go_through(self, socket: str) -> None:
        """Reach the WaWi by a socket of this machine that leads there."""
        adapter = Adapter(self._fingerprint, socket)
        self._session.trust_env = False  # no proxy leads where the process itself cannot go
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)
        self._hint = " (by way of kpos-line: journalctl -u kpos-line)"

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    # What a till asks

    def push(self, push: Push) -> Ack:
        """Give documents."""
        return self._ask("POST", "/journal", ACK, PUSH.write(push))

    def pull(self, cursor: str | None) -> Page:
        """What changed since a cursor."""
        query = {"limit": str(_PAGE_ROWS)}
        if cursor is not None:
            query["cursor"] = cursor
        return self._ask("GET", "/changes", PAGE, query=query)

    def tail(self, after: Point | None) -> Tail:
        """The till's own documents after one of them."""
        query = {"after": f"{after.epoch}.{after.seq}.{after.hash}"} if after is not None else {}
        return self._ask("GET", "/journal", TAIL, query=query)

    def common(self, points: Sequence[Point]) -> Point | None:
        """The last of these points that is held."""
        return self._ask("POST", "/journal/common", _HEAD, POINTS.write(tuple(points)))

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        """Ask for a balance, and to keep `cents` of it."""
        body = {"cents": cents, "head": _HEAD.write(head)}
        return self._ask("POST", f"/wallets/{wallet}/hold", HOLD, body)

    def heartbeat(self, beat: Heartbeat) -> None:
        """Say that the till is there, and how it is."""
        self._send("POST", "/heartbeat", HEARTBEAT.write(beat))

    def pair(self, application: Application) -> Paired:
        """Trade a code for a token."""
        return self._ask("POST", "/pair", PAIRED, APPLICATION.write(application))

    def unpair(self) -> None:
        """Give the token back."""
        self._send("DELETE", "/till")

    def release(self, arch: str) -> Release | None:
        """The newest update that is kept for machines of a kind."""
        return self._ask("GET", f"/updates/{arch}", nullable(RELEASE))

    def open(self, path: str, headers: Mapping[str, str]) -> requests.Response:
        """An answer of whatever status, whose body has not been read yet.

        Raises:
            requests.RequestException: if there is none.
        """
        return self._session.get(
            self._url + path,
            headers=headers,
            timeout=(_CONNECT_S, _READ_S),
            allow_redirects=False,
            verify=self._verify,
            stream=True,
        )

    # HTTP

    def _ask(
        self,
        method: str,
        path: str,
        codec: Codec[T],
        body: Json = None,
        query: Mapping[str, str] | None = None,
    ) -> T:
        content = self._send(method, path, body, query)
        try:
            return codec.read(_parsed(content))
        except Malformed as error:
            msg = f"{self._url} answered in a form of its own: {error}"
            raise Unreachable(msg) from error

    def _send(
        self, method: str, path: str, body: Json = None, query: Mapping[str, str] | None = None
    ) -> bytes:
        """One question; the body of its answer."""
        data, headers = _packed(body) if body is not None else (None, {})
        until_ms = real_ms() + self.budget_ms
        wait_s = self.budget_ms / 1000
        try:
            with self._session.request(
                method,
                self._url + path,
                params=query,
                data=data,
                headers={"Accept": _JSON, **headers},
                timeout=(min(_CONNECT_S, wait_s), min(_READ_S, wait_s)),
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            ) as response:
                content = _content(response, until_ms)
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return content
                raise _failure(response, content)
        except (requests.RequestException, OSError) as error:
            msg = f"no answer from {self._url}: {_why(error)}{self._hint}"
            raise Unreachable(msg) from error


class _Bearer(AuthBase):
    """The token, whatever a .netrc says."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _packed(body: Json) -> tuple[bytes, dict[str, str]]:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) < _GZIP_FROM:
        return content, {"Content-Type": _JSON}
    return gzip.compress(content, 6), {"Content-Type": _JSON, "Content-Encoding": "gzip"}


def _content(response: requests.Response, until_ms: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _ANSWER_MAX or real_ms() > until_ms:
            msg = f"{response.url.partition('?')[0]} does not come to an end"
            raise Unreachable(msg)
    return bytes(content)


def _parsed(content: bytes) -> Json:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Malformed("", f"no JSON ({content[:40]!r})") from error


def _failure(response: requests.Response, content: bytes) -> Exception:
    """What an answer that is none means."""
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    problem = _problem(content) if kind == _PROBLEM else None
    if problem is None:
        what = response.headers.get("Location", kind or "nothing")
        msg = f"{response.url.partition('?')[0]} answered {status} with {what[:80]}: no WaWi"
        return Unreachable(msg, _retry_after_s(response))
    code, detail = str(problem.get("code", status)), str(problem.get("detail", status))
    if code == "unlinked":
        return _unlinked(problem)
    if code == "cursor-expired":
        return CursorExpired(detail)
    if status == HTTPStatus.UNAUTHORIZED:
        return Revoked(detail)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(detail, _retry_after_s(response))
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        detail = f"it does not speak {_BASE} as this till does: update the older of them"
    return Refused(code, detail)


def _problem(content: bytes) -> dict[str, Json] | None:
    try:
        problem = _parsed(content)
    except Malformed:
        return None
    return problem if isinstance(problem, dict) else None


def _unlinked(problem: Mapping[str, Json]) -> Exception:
    try:
        return Unlinked(_HEAD.read_at(problem.get("held"), "/held"))
    except Malformed as error:
        return Unreachable(str(error))


def _retry_after_s(response: requests.Response) -> int | None:
    """Seconds; a date is not read: the clocks of both may be years apart."""
    said = response.headers.get("Retry-After", "")
    return min(int(said), _RETRY_AFTER_MAX_S) if said.isascii() and said.isdigit() else None


def _why(error: Exception) -> str:
    """The innermost reason, in one line."""
    cause: BaseException = error
    while (deeper := getattr(cause, "reason", None) or cause.__context__) is not None:
        if not isinstance(deeper, BaseException):
            break
        cause = deeper
    return " ".join(f"{type(error).__name__}, {cause}".split())[:200]
