"""Pairing with a WaWi whose network may not be there yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kpos.cli.common import existing
from kpos.cli.first.said import Fault, Said, Wrong
from kpos.cli.first.wishes import Wawi
from kpos.cli.pair import become_till
from kpos.cli.syncing import pairing_of, sync_now
from kpos.domain.refusal import Refused
from kpos.ledger.errors import LedgerError
from kpos.ledger.pairing import Pairing
from kpos.sync.address import checked_fingerprint, checked_url
from kpos.sync.backend import BackendError, Unreachable
from kpos.sync.http import HttpBackend

# Two seconds each, or as long as a network that swallows everything takes to give up.
_TRIES_MAX = 60
_NEW_CODE = Said(
    "einen neuen holen (kpos wawi till add, oder auf der Seite der WaWi) und hier eintragen, oder"
    " per ssh: kpos pair ADRESSE CODE",
    "get a new one (kpos wawi till add, or on the page of the WaWi) and write it here, or over"
    " ssh: kpos pair ADDRESS CODE",
)


def pair_till(
    wawi: Wawi, data: Path, say: Callable[[Said], None], wait: Callable[[], None]
) -> None:
    """Try until the till is paired, whoever did it; nothing else is the till good for without.

    `wait` lets some seconds pass, and raises what ends the trying.

    Raises:
        Wrong: if the WaWi answers and will not.
    """
    url = checked_url(wawi.url)
    pinned = checked_fingerprint(wawi.fingerprint) if wawi.fingerprint else None
    said = None
    while not is_paired(data, url):
        try:
            become_till(data, url, wawi.code, pinned)
        except Unreachable as error:
            if said != str(error):
                said = str(error)
                say(Said(
                    f"Die WaWi ist noch nicht zu erreichen, ich versuche es weiter ({said})",
                    f"The WaWi cannot be reached yet, I keep trying ({said})",
                ))  # fmt: skip
            wait()
        except BackendError as error:
            raise Wrong(_refused(url, str(error))) from error
    try:
        sync_now(data)
    except (Refused, LedgerError) as error:
        say(Said(f"Abgleich später: {error}", f"In step later: {error}"))


def wait_for_wawi(pairing: Pairing, say: Callable[[Said], None], wait: Callable[[], None]) -> None:
    """Until the WaWi of a backup answers: it may hold what was booked after the backup.

    Not for ever: a till whose WaWi is gone is to sell, too.
    """
    backend = HttpBackend(pairing.url, pairing.token, pairing.fingerprint)
    try:
        for attempt in range(_TRIES_MAX):
            try:
                backend.tail(None)
            except Unreachable as error:
                if not attempt:
                    say(Said(
                        f"Ich warte auf die WaWi, die mehr wissen kann als die Sicherung ({error})",
                        f"Waiting for the WaWi, which may know more than the backup ({error})",
                    ))  # fmt: skip
                wait()
            except BackendError:
                return
            else:
                return
    finally:
        backend.close()


def is_paired(data: Path, url: str) -> bool:
    """With this WaWi.

    Raises:
        Wrong: if with another one.
    """
    try:
        there = pairing_of(existing(data)).url
    except Refused:
        return False
    if there != url:
        raise Wrong(Fault(Said(
            f"die Kasse ist schon mit {there} gekoppelt: erst kpos unpair (per ssh), oder [wawi]"
            " weglassen",
            f"the till is paired with {there} already: kpos unpair first (over ssh), or leave"
            " [wawi] out",
        )))  # fmt: skip
    return True


def _refused(url: str, why: str) -> Fault:
    return Fault(Said(
        f"{url} nimmt diesen Code nicht ({why}): {_NEW_CODE.de}",
        f"{url} does not take this code ({why}): {_NEW_CODE.en}",
    ))  # fmt: skip
