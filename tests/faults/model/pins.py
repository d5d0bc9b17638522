"""What wrong PINs must cost, in dictionaries of integers."""

from collections import Counter

from tests.kiosk import PINS

FREE, FREE_OF_TILL, FOR_GOOD = 3, 10, 10
WAIT_MS, WAIT_OF_TILL_MAX_MS = 30_000, 15 * 60_000
LOCKED_FOR_GOOD = -1
TILL = "till"
NO_LIMIT = 10**12


class ModelPins:
    """Digits and attempts are on the disk, the rest a process knows only by itself."""

    def __init__(self) -> None:
        self.digits = dict(PINS)
        self.attempts: Counter[str] = Counter()
        self.starts(0)

    def starts(self, now_ms: int) -> None:
        self.started_ms = now_ms
        self.failed_ms: dict[str, int] = {}

    def standing(self, who: str, now_ms: int) -> tuple[int, int | None]:
        """Attempts left, and for how many milliseconds it is locked; None: one may try."""
        attempts = self.attempts[who]
        if attempts >= FOR_GOOD:
            return 0, LOCKED_FOR_GOOD
        own_ms = self._wait_ms(who, FREE, NO_LIMIT, now_ms)
        till_ms = self._wait_ms(TILL, FREE_OF_TILL, WAIT_OF_TILL_MAX_MS, now_ms)
        return max(FREE - attempts, 1), max(own_ms, till_ms) or None

    def _wait_ms(self, who: str, free: int, most_ms: int, now_ms: int) -> int:
        if self.attempts[who] < free:
            return 0
        wait_ms = min(WAIT_MS << (self.attempts[who] - free), most_ms)
        return max(self.failed_ms.get(who, self.started_ms) + wait_ms - now_ms, 0)

    def tries(self, who: str, digits: str, now_ms: int) -> bool:
        """Whether it is the right one; a wrong one counts for its holder and for the till."""
        if self.standing(who, now_ms)[1] is not None:
            return False
        before_ms = self.failed_ms.get(TILL, self.started_ms)
        self.attempts.update([who, TILL])
        self.failed_ms[who] = self.failed_ms[TILL] = now_ms
        if digits != self.digits[who]:
            return False
        self.failed_ms[TILL] = before_ms
        self.attempts[who] = 0
        # Its own one, and one of earlier days.
        self.attempts[TILL] = max(self.attempts[TILL] - 2, 0)
        return True
