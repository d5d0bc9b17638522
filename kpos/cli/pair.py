"""`kpos pair`, `kpos sync` and `kpos unpair`: the till and its WaWi."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import Row, data_option, existing, request, warn
from kpos.cli.syncing import pairing_of, sync_now
from kpos.domain.refusal import Refused, refuse

if TYPE_CHECKING:
    from kpos.ledger.pairing import Pairing
    from kpos.sync.http import HttpBackend
    from kpos.sync.wire import Application


@click.command()
@data_option
@click.argument("url")
@click.argument("code")
@click.option("--fingerprint", help="SHA-256 of the WaWi's certificate, if nobody vouches for it.")
def pair(data: Path, url: str, code: str, fingerprint: str | None) -> None:
    """Become a till of the WaWi at URL; CODE comes from there, and is good once.

    Master data are made there from now on. What this till knows goes there, what the WaWi knows
    comes here; receipts may go on under another prefix.
    """
    from kpos.sync.address import checked_fingerprint, checked_url
    from kpos.sync.backend import BackendError

    url = checked_url(url)
    pinned = checked_fingerprint(fingerprint) if fingerprint is not None else None
    try:
        branch, prefix = become_till(data, url, code, pinned)
    except BackendError as error:
        raise refuse("invalid", f"{url} did not pair this till: {error}") from error
    click.echo(f"Paired with {url}: branch {branch}, receipts {prefix}-….")
    sync_now(data)


def become_till(data: Path, url: str, code: str, pinned: str | None) -> tuple[str, str]:
    """Trade a code for a place among the tills of a WaWi: its branch, and a prefix.

    Raises:
        BackendError: the WaWi was not reached, or will not.
        Refused: this till cannot be what the WaWi says; the token is given back.
    """
    from kpos.sync.http import HttpBackend

    asked = _application(request(data, "wawi_application"), code)
    paired = HttpBackend(url, None, pinned).pair(asked)
    try:
        done = request(
            data,
            "wawi_pair",
            url=url,
            token=paired.token,
            branch=paired.branch,
            fingerprint=pinned,
            till=paired.till,
            place=paired.place,
            prefix=paired.prefix,
        )
    except Refused:
        _give_back(HttpBackend(url, paired.token, pinned))
        raise
    return paired.branch, done["prefix"]


def _application(row: Row, code: str) -> Application:
    from kpos import __version__
    from kpos.sync.wire import APPLICATION

    return APPLICATION.read(row | {"code": code, "version": __version__})


@click.command()
@data_option
def sync(data: Path) -> None:
    """Send to the WaWi what it does not hold, and take over what changed there."""
    pairing_of(existing(data))
    sync_now(data)


@click.command()
@data_option
@click.option("--force", is_flag=True, help="Though it lacks documents; with --reason.")
@click.option("--reason", help="Why; it stands in the journal.")
def unpair(data: Path, reason: str | None, *, force: bool) -> None:
    """Give the WaWi's token back. No credit from there is spent until it is paired anew."""
    if force != (reason is not None):
        msg = "--force and --reason go together"
        raise click.UsageError(msg)
    pairing = pairing_of(existing(data))
    request(data, "wawi_unpair", reason=reason)
    click.echo("Not paired any more.")
    _tell(pairing)


def _tell(pairing: Pairing) -> None:
    from kpos.sync.http import HttpBackend

    _give_back(HttpBackend(pairing.url, pairing.token, pairing.fingerprint))


def _give_back(backend: HttpBackend) -> None:
    from kpos.sync.backend import BackendError

    try:
        backend.unpair()
    except BackendError as error:
        warn(f"The WaWi was not told ({error}): declare this till lost there.")
    finally:
        backend.close()
