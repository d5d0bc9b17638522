"""Settings, and telling the till that its clock is right."""

from __future__ import annotations

from kpos.domain.document import Json
from kpos.domain.instant import Reading
from kpos.domain.refusal import refuse
from kpos.domain.settings import parse_setting, with_rate
from kpos.ledger import master
from kpos.ledger.localday import day_of
from kpos.ledger.seam import Books
from kpos.ledger.stock import is_any_lot_open


def setting_set(books: Books, author: str, *, key: str, value: str) -> dict[str, Json]:
    """Change a setting that affects bookings."""
    try:
        parsed = parse_setting(key, value)
        if key == "zone":
            _check_zone(value)
    except ValueError as error:
        raise refuse("invalid", f"{key}: {error}") from error
    if key == "cost_flow":
        _check_cost_flow(books, parsed)
    stored = list(parsed) if isinstance(parsed, tuple) else parsed
    with books.booking() as booking:
        booking.append(master.setting_row(key, stored, author))
    return {"key": key, "value": stored}


def tax_set(
    books: Books, author: str, *, tax_key: str, rate_bp: int, since: str | None = None
) -> dict[str, Json]:
    """The rate of a tax key from a day on, today if none is named; what was sold keeps its own."""
    day = since or day_of(books.settings.zone, books.believed_now())
    try:
        rates = with_rate(books.settings.tax_rates, tax_key, day, rate_bp)
    except ValueError as error:
        raise refuse("invalid", str(error)) from error
    with books.booking() as booking:
        booking.append(master.setting_row("tax_rates", list(rates), author))
    return {"tax_key": tax_key, "since": day, "rate_bp": rate_bp}


def clock_trust(books: Books, author: str, *, back: bool = False) -> dict[str, Json]:
    """Believe the clock as it is now, after somebody looked at it.

    Needed where the till was off for more than a day and no time server is reachable. `back`
    takes the word of an earlier booking back, which was believed though its clock ran ahead.
    """
    at = books.clock.now()
    believed = books.journal.head.trusted_at
    if at < believed and not back:
        raise refuse(
            "invalid",
            f"the clock says {at}, the last believed booking {believed}: set the clock,"
            " or, if that booking was wrong, kpos clock trust --back",
        )
    with books.booking(Reading(at, "ok")) as booking:
        booking.append(master.setting_row("clock_trusted_at", str(at), author))
    return {"at": str(at)}


def _check_cost_flow(books: Books, flow: object) -> None:
    """Lots know their own cost or share one pool; while one is open, it cannot change over."""
    before = books.settings.cost_flow
    if "average" in {flow, before} and flow != before and is_any_lot_open(books.current()):
        raise refuse(
            "invalid",
            f"cost_flow: from {before} to {flow} only while no lot has goods or costs left:"
            " what is there was costed the other way",
        )


def _check_zone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # not on the way to the first frame

    try:
        ZoneInfo(name)
    except (OSError, ZoneInfoNotFoundError) as error:
        msg = f"there is no time zone {name[:40]!r} (write Europe/Berlin)"
        raise ValueError(msg) from error
