"""Where `kpos update` gets an image that is not on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.appliance.admission import Here
from kpos.appliance.install import Place
from kpos.appliance.manifest import version_key
from kpos.cli.appliance import here
from kpos.cli.common import existing
from kpos.cli.progress import end_progress
from kpos.cli.syncing import pairing_of
from kpos.domain.refusal import refuse

if TYPE_CHECKING:
    from kpos.sync.releases import Release

# One at a time, whatever its name: the part of another one is thrown away by its ETag.
_PART = "fetched.update"
_CONNECT_S, _READ_S = 10, 60
_MB = 1024 * 1024


def fetch(place: Place, data: Path, url: str | None, *, older: bool) -> Path | None:
    """The update at a URL, or the newest of the WaWi; None if that has nothing newer.

    Raises:
        Refused: if it cannot be had; what came is kept for the next time.
    """
    try:
        return _from_wawi(place, data, older=older) if url is None else _from_url(place, url)
    finally:
        end_progress()


def _from_url(place: Place, url: str) -> Path:
    import requests

    from kpos.sync.download import download

    target = place.folder / _PART
    download(
        lambda headers: requests.get(
            url, headers=dict(headers), stream=True, timeout=(_CONNECT_S, _READ_S)
        ),
        target,
        show_bytes,
    )
    return target


def _from_wawi(place: Place, data: Path, *, older: bool) -> Path | None:
    from kpos.sync.backend import BackendError
    from kpos.sync.download import download
    from kpos.sync.http import HttpBackend

    pairing, runs = pairing_of(existing(data)), here(place, data)
    backend = HttpBackend(pairing.url, pairing.token, pairing.fingerprint)
    try:
        found = backend.release(runs.arch)
        if found is None:
            raise refuse("unknown", f"the WaWi keeps no update for {runs.arch}: {_REMEDY}")
        if not _is_news(found, runs) and not older:
            click.echo(f"Nothing newer: the WaWi has {found.version} of {found.built_at}.")
            return None
        target, path = place.folder / _PART, f"/updates/{found.arch}/{found.version}"
        download(lambda headers: backend.open(path, headers), target, show_bytes)
    except BackendError as error:
        raise refuse("offline", f"the WaWi: {error}") from error
    finally:
        backend.close()
    return target


_REMEDY = "kpos wawi update add FILE, there"


def _is_news(found: Release, runs: Here) -> bool:
    """Newer than what runs; of the card's own version nobody knows when it was built."""
    if version_key(found.version) != version_key(runs.version):
        return version_key(found.version) > version_key(runs.version)
    return runs.built is None or found.built_at > runs.built.built_at


def show_bytes(what: str, done: int, of: int) -> None:
    """How far it is, on stderr, where somebody looks."""
    if sys.stderr.isatty():
        click.echo(f"\r{done // _MB} of {of // _MB} MB {what}   ", nl=False, err=True)
