"""A burglar who kills the till in each PIN check, in the hope that it forgets the guess."""

from __future__ import annotations

from kpos.domain.instant import Instant
from tests.faults.audit import insist, read_books
from tests.faults.evening import keys
from tests.faults.kill_process import Life
from tests.faults.kill_run import PINS, Run, Witness

_VICTIM = "77"
_FREE_GUESSES = 3
_KILLS = 12
_TIMES = ["2026-11-20T18:00:00Z", "1970-01-01T00:00:00Z", "2036-11-20T18:00:00Z"]


def burgle(run: Run, witness: Witness) -> None:
    """Guess until the till is locked, and then go on: the right PIN does not help any more.

    Only real waiting helps, and only one guess a time; the clock may be set as one likes.
    """
    subject = witness.subjects[PINS[_VICTIM]]
    seen = attempts = 0
    for guess in range(_KILLS):
        at = Instant.parse(run.random.choice(_TIMES))
        forked = run.forked()
        life = Life(witness.data, str(at), errors=run.work / "errors", forked=forked)
        insist(holds=life.awake(), else_say=f"the till does not start: {life.complaint}")
        right = attempts == _FREE_GUESSES
        life.do(keys(f"{_VICTIM}#{PINS[_VICTIM] if right else '9999'}"))
        life.send(keys("#"))
        _wait_for_the_answer(run, life)
        run.die(witness, life, "burglar")
        seen += any("Falsche PIN" in frame[0] for frame in life.frames)
        opened = any("Guthaben" in frame[0] for frame in life.frames)
        insist(holds=not opened, else_say=f"guess {guess + 1} got in: {life.shows}")
        found = read_books(witness.data / "journal.db")
        attempts = found.attempts.get(subject, 0)
        insist(
            holds=seen <= attempts <= _FREE_GUESSES,
            else_say=f"{seen} wrong PINs were shown, {attempts} were counted",
        )
    _is_locked(run, witness)


def _wait_for_the_answer(run: Run, life: Life) -> None:
    """Kill as soon as it is said, or while the check runs."""
    if run.random.random() < 0.5:
        run.spin(True, 40)
        return
    life.hear_of("Falsche", "Guthaben")


def _is_locked(run: Run, witness: Witness) -> None:
    """Unless the kills came so early that guesses are left."""
    left = _FREE_GUESSES - read_books(witness.data / "journal.db").attempts.get(
        witness.subjects[PINS[_VICTIM]], 0
    )
    life = Life(witness.data, _TIMES[2], errors=run.work / "errors", forked=True)
    insist(holds=life.awake(), else_say=life.complaint)
    for _ in range(left):
        life.do(keys(f"{_VICTIM}#9999#**"))
    life.do(keys(f"{_VICTIM}#{PINS[_VICTIM]}#"))
    insist(holds="Guthaben" not in life.shows, else_say=f"not locked:\n{life.shows}")
    life.wait()
