"""The endpoints. Each reads one message, asks the core in one transaction, and answers with one."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from kpos import __version__
from kpos.clock import SystemClock
from kpos.domain.document import Json
from kpos.ledger import stammdaten
from kpos.sync.backend import CursorExpired, Refused, Unlinked
from kpos.sync.releases import RELEASE, Release
from kpos.sync.wire import (
    ACK,
    APPLICATION,
    HEARTBEAT,
    HOLD,
    PAGE,
    PAIRED,
    POINTS,
    PUSH,
    TAIL,
    Hold,
)
from kpos.wawi import updates
from kpos.wawi.api.asked import (
    DOCUMENTS,
    ROWS,
    After,
    Arch,
    Count,
    Cursor,
    Version,
    Wallet,
    point_of,
    wallet_of,
)
from kpos.wawi.api.bodies import answer, answer_packed, read_body
from kpos.wawi.api.figures import MEDIA_TYPE, figures
from kpos.wawi.api.messages import HEAD, HEARD, META, WISH, Heard, Meta
from kpos.wawi.api.problems import Problem, busy
from kpos.wawi.api.releases import send
from kpos.wawi.api.schemas import answers, nullable, ref, says, sends, takes
from kpos.wawi.api.snapshots import Snapshots
from kpos.wawi.api.tokens import PAIRINGS, MetricsToken, TillToken, caller
from kpos.wawi.api.upkeep import purge_daily
from kpos.wawi.core import holds, intake, pages, pairing, tills
from kpos.wawi.database import reading, writing

API_VERSION = "1.0"
router = Router()
_till = TillToken()
_clock = SystemClock()
_snapshots = Snapshots()


def _unlinked(error: Unlinked) -> Problem:
    held: Json = HEAD.write(error.held)
    return Problem(409, str(error), code="unlinked", more={"held": held})


@router.get("/meta", openapi_extra=answers(ref("Meta")), tags=["public"])
def meta(request: HttpRequest) -> HttpResponse:
    """What this server is, its clock, and how much it takes at once."""
    return answer(request, META.write(Meta(API_VERSION, __version__, _clock.now())))


@router.get("/healthz", openapi_extra=answers({"type": "object"}), tags=["public"])
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the server can read its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if cursor.fetchone() != (1,):
            raise busy()
    return answer(request, {"status": "ok"})


@router.get(
    "/metrics",
    auth=MetricsToken(),
    openapi_extra=says("text/plain"),
    tags=["monitoring"],
)
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - by this name
    """Figures for a monitoring system."""
    with reading() as db:
        text = figures(db, _clock.now())
    return HttpResponse(text, content_type=MEDIA_TYPE)


@router.post("/pair", openapi_extra=takes("Application") | answers(ref("Paired")), tags=["public"])
def pair(request: HttpRequest) -> HttpResponse:
    """Trade an authorisation code for a token."""
    application = read_body(request, APPLICATION)
    PAIRINGS.check(request.META.get("REMOTE_ADDR", ""))
    with writing() as db:
        paired = pairing.pair(db, application, _clock.now())
    if isinstance(paired, Refused):
        raise Problem(403, str(paired), code=paired.code)
    return answer(request, PAIRED.write(paired))


@router.delete("/till", auth=_till, response={204: None}, tags=["till"])
def unpair(request: HttpRequest) -> HttpResponse:
    """Give the token back."""
    with writing() as db:
        till = caller(request)
        tills.unpair(db, till, f"till:{till}", _clock.now())
    return HttpResponse(status=204)


@router.post(
    "/heartbeat",
    auth=_till,
    openapi_extra=takes("Heartbeat") | answers(ref("Heard")),
    tags=["till"],
)
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Say that the till is there, and how it is."""
    beat = read_body(request, HEARTBEAT)
    now = _clock.now()
    with writing() as db:
        tills.heard(db, caller(request), beat, now)
    return answer(request, HEARD.write(Heard(now)))


@router.post(
    "/journal", auth=_till, openapi_extra=takes("Push") | answers(ref("Ack")), tags=["journal"]
)
def push(request: HttpRequest) -> HttpResponse:
    """Send documents; sending again is harmless."""
    pushed = read_body(request, PUSH)
    try:
        with writing() as db:
            ack = intake.push(db, caller(request), pushed, _clock.now())
    except Unlinked as error:
        raise _unlinked(error) from error
    return answer(request, ACK.write(ack))


@router.get("/journal", auth=_till, openapi_extra=answers(ref("Tail")), tags=["journal"])
def tail(request: HttpRequest, after: After = None, limit: Count = DOCUMENTS) -> HttpResponse:
    """Read the till's own documents, after one of them or from the first on; purchases whole."""
    try:
        with reading() as db:
            found = intake.tail(db, caller(request), point_of(after), limit)
    except Unlinked as error:
        raise _unlinked(error) from error
    return answer(request, TAIL.write(found))


@router.post(
    "/journal/common",
    auth=_till,
    openapi_extra=takes("Points") | answers(ref("Head")),
    tags=["journal"],
)
def common(request: HttpRequest) -> HttpResponse:
    """The last of these points, given in order, that is held; or null."""
    points = read_body(request, POINTS)
    with reading() as db:
        found = intake.common(db, caller(request), points)
    return answer(request, HEAD.write(found))


@router.get("/changes", auth=_till, openapi_extra=answers(ref("Page")), tags=["feed"])
def changes(request: HttpRequest, cursor: Cursor = None, limit: Count = ROWS) -> HttpResponse:
    """Read what changed since a cursor; all there is without one."""
    till = caller(request)
    purge_daily(_clock.now())
    try:
        with reading() as db:
            must_confirm = pages.must_confirm(db, till)
        if must_confirm:
            with writing() as db:
                pages.confirm(db, till, cursor, _clock.now())
        with reading() as db:
            page = pages.changes(db, till, cursor, limit)
    except CursorExpired as error:
        raise Problem(410, str(error), code="cursor-expired") from error
    return answer(request, PAGE.write(page))


@router.get(
    "/snapshot",
    auth=_till,
    openapi_extra=answers(ref("Page"), also={304: "Not Modified"}),
    tags=["feed"],
)
def snapshot(request: HttpRequest) -> HttpResponse:
    """Read all there is, in one page; 304 for who has it already (If-None-Match)."""
    with reading() as db:
        found = _snapshots.of(db, caller(request))
    return answer_packed(request, found.packed, found.etag)


@router.get("/wallets/{wallet}", auth=_till, openapi_extra=answers(ref("Hold")), tags=["wallets"])
def balance(request: HttpRequest, wallet: Wallet) -> HttpResponse:
    """Look at the balance of a wallet over all tills."""
    with reading() as db:
        cents = stammdaten.credit(db, wallet_of(wallet)).cents
    return answer(request, HOLD.write(Hold(is_granted=False, balance_cents=cents)))


@router.post(
    "/wallets/{wallet}/hold",
    auth=_till,
    openapi_extra=takes("Wish") | answers(ref("Hold")),
    tags=["wallets"],
)
def hold(request: HttpRequest, wallet: Wallet) -> HttpResponse:
    """Ask for an amount to be held back from other tills until this one has bought, or not."""
    wish = read_body(request, WISH)
    with writing() as db:
        till = caller(request)
        wanted = holds.Wish(wallet_of(wallet), wish.cents, wish.head)
        held = holds.hold(db, till, wanted, _clock.now())
    return answer(request, HOLD.write(held))


@router.get(
    "/updates/{arch}", auth=_till, openapi_extra=answers(nullable(ref("Release"))), tags=["updates"]
)
def release(request: HttpRequest, arch: Arch) -> HttpResponse:
    """The newest update that is kept for tills of an architecture; null: there is none."""
    kept = updates.newest(settings.DATA, arch)
    if kept is None:
        return answer(request, None)
    found = kept.manifest
    said = Release(found.version, found.arch, found.built_at, kept.size)
    return answer(request, RELEASE.write(said))


@router.get("/updates/{arch}/{version}", auth=_till, openapi_extra=sends(), tags=["updates"])
def update(request: HttpRequest, arch: Arch, version: Version) -> HttpResponseBase:
    """Fetch an update file; from byte N on with Range: bytes=N-, and its ETag in If-Range."""
    kept = updates.find(settings.DATA, version, arch)
    if kept is None:
        raise Problem(404, "there is no such update")
    return send(request, kept)
