"""What a till with a damaged file does, and what that is called."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tomllib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from kpos.config import ConfigError, load_config
from kpos.domain.refusal import Refused
from kpos.ledger.backup import restore
from kpos.ledger.errors import LedgerError
from kpos.ledger.files import Folder
from kpos.ledger.verify import verify
from tests.faults.audit import Lost
from tests.faults.damage_shop import CARDS, State, read
from tests.faults.kill_process import Life
from tests.faults.kill_run import shown_credit
from tests.kiosk import MATE, SUNDAY_EVENING, Kiosk

# Found and refused at the start; the till locked at a look or sale; stammdaten.db found damaged and
# made anew, so that nobody notices more than a card that is not known at once; found by `kpos
# verify` alone; of no consequence. Forgotten: the tail of a damaged WAL had a wrong PIN behind the
# last document, which nothing else remembers.
GOOD = ["start", "look", "mended", "verify", "harmless", "forgotten"]
FAILURES = ["wrong credit", "wrong price", "traceback", "undetected"]
OUTCOMES = [*GOOD, *FAILURES]
_HANG_S = 60
_MATE_CENTS = 165
_BUYER = "CARD-LINUS"
Result = tuple[str, str]


class _Found(Exception):
    """The probe is over: its outcome, and more about it."""


@contextlib.contextmanager
def _no_hang() -> Iterator[None]:
    def hangs(_number: int, _frame: FrameType | None) -> None:
        msg = "it hangs"
        raise TimeoutError(msg)

    signal.signal(signal.SIGALRM, hangs)
    signal.alarm(_HANG_S)
    try:
        yield
    finally:
        signal.alarm(0)


def _judged(work: Callable[[], Result]) -> Result:
    """What `work` comes to; whatever it raises is a traceback at a till."""
    try:
        with _no_hang():
            return work()
    except _Found as found:
        outcome, detail = found.args
        return outcome, detail
    except Exception as error:  # noqa: BLE001 - that none comes is what is tested
        where = traceback.extract_tb(error.__traceback__)[-1]
        return "traceback", f"{error!r} in {where.filename}:{where.lineno}"


def probe(data: Path, before: State) -> Result:
    """A till in this process: looked at, bought from, verified, compared."""

    def work() -> Result:
        damaged = (data / "stammdaten.db").stat().st_ino
        try:
            kiosk = Kiosk(data)
        except LedgerError as error:
            return "start", str(error)
        try:
            seen = _looks_and_buys(kiosk, before)
        finally:
            kiosk.close()
        return _compared(data, before, damaged, seen)

    return _judged(work)


def _looks_and_buys(kiosk: Kiosk, before: State) -> str:
    """Every card, and a bottle; what could not be seen."""
    unseen = ""
    for card in CARDS:
        kiosk.card(card)
        unseen += _look(kiosk.says, card, before.credit[card])
        kiosk.type("*")
        kiosk.waits(2)
    kiosk.waits(60)
    booked = len(kiosk.documents)
    kiosk.scan(MATE)
    kiosk.card(_BUYER)
    kiosk.type("#")
    if "Kasse gesperrt" in kiosk.says:
        raise _Found("look", kiosk.says)
    if len(kiosk.documents) > booked:
        cents = kiosk.documents[-1].body["total_cents"]
        if cents != _MATE_CENTS:
            raise _Found("wrong price", f"{cents} cents for a Mate")
        if shown_credit(kiosk.says) != before.credit[_BUYER] - _MATE_CENTS:
            raise _Found("wrong credit", f"after buying\n{kiosk.says}")
    else:
        unseen += f"nothing was bought: {kiosk.says}\n"
    return unseen


def _look(says: str, card: str, cents: int) -> str:
    """What the display says of a card; empty if it is right."""
    if "Kasse gesperrt" in says:
        raise _Found("look", says)
    shown = shown_credit(says)
    if shown is not None and shown != cents:
        raise _Found("wrong credit", f"{card} has {cents}:\n{says}")
    return "" if shown is not None else f"{card} is not known\n"


def _compared(data: Path, before: State, damaged: int, unseen: str) -> Result:
    """What `kpos verify` and a comparison with the truth say in the end."""
    try:
        verify(Folder(data))
    except LedgerError as error:
        return "verify", f"{error}; {unseen}"
    made_anew = (data / "stammdaten.db").stat().st_ino != damaged
    changed = _changes(Folder(data).journal, before)
    if changed or (unseen and not made_anew):
        return "undetected", f"{changed} {unseen}"
    return ("mended" if made_anew else "harmless"), ""


def _changes(journal: Path, before: State) -> str:
    documents, beside = read(journal)
    if documents[: len(before.documents)] != before.documents:
        return f"documents: {len(before.documents)} are {len(documents)}"
    for table, rows in before.beside.items():
        # Bought since: more undo links, and some whose time was over are gone.
        lost = [row for row in rows if row not in beside[table]]
        if lost and table != "undo":
            return f"{table}: {lost[0]}"
    return ""


def runs(data: Path, before: State) -> Result:
    """A till in a process of its own."""

    def work() -> Result:
        damaged = (data / "stammdaten.db").stat().st_ino
        life = Life(data, str(SUNDAY_EVENING), errors=data.with_name("errors"), forked=True)
        if not life.awake():
            life.wait()
            return "start", life.complaint
        unseen = ""
        try:
            for card in CARDS:
                life.do([{"scan": card}])
                unseen += _look(life.shows, card, before.credit[card])
                life.do([{"key": "*"}, {"wait_ms": 2000}])
            life.do([{"scan": MATE}, {"scan": _BUYER}, {"key": "#"}])
        except Lost as ended:
            return "start", str(ended)
        finally:
            life.kill()
            life.wait()
        return _compared(data, before, damaged, unseen)

    try:
        return _judged(work)
    except Lost as lost:
        return "traceback", str(lost)


def restores(backup: Path, data: Path, before: State) -> Result:
    """`kpos restore` of a damaged backup, into a folder that has a till."""

    def work() -> Result:
        from kpos.clock import ScriptClock

        shutil.rmtree(data)
        try:
            restore(backup, Folder(data), ScriptClock(SUNDAY_EVENING))
        except (Refused, LedgerError) as refused:
            return "start", str(refused)
        documents, beside = read(Folder(data).journal)
        same = documents == before.documents and all(
            beside[table] == before.beside[table] for table in ("private", "pin", "undo")
        )
        return ("harmless", "") if same else ("undetected", "the restored journal is another one")

    return _judged(work)


def config_is_read(config: Path) -> Result:
    """Nothing in kpos.toml reaches a booking: it is refused, or is another config."""

    def work() -> Result:
        with contextlib.suppress(tomllib.TOMLDecodeError, ValueError):
            try:
                load_config(config)
            except ConfigError as error:
                return "start", str(error)
            return "harmless", ""
        return "traceback", "not a ConfigError"

    return _judged(work)
