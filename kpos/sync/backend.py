"""The seam for every WaWi: what a till asks of one, and how it can fail.

`kpos.sync` speaks to nothing else. The companion server over HTTP is one backend; a connector to
another system is another. All of them pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kpos.domain.ids import Id
from kpos.sync.wire import Ack, Application, Heartbeat, Hold, Page, Paired, Point, Push, Tail


class Backend(Protocol):
    """A WaWi, seen from one till. Each call may block for seconds and raise `BackendError`.

    Sending the same again is always harmless.
    """

    def push(self, push: Push) -> Ack:
        """Give documents.

        Raises:
            Unlinked: if they do not follow what is held.
        """
        ...

    def pull(self, cursor: str | None) -> Page:
        """What changed since a cursor; without one a page of all there is.

        Raises:
            CursorExpired: if that is too long ago; begin without one.
        """
        ...

    def tail(self, after: Point | None) -> Tail:
        """The till's own documents after one of them.

        Raises:
            Unlinked: if that one is not held.
        """
        ...

    def common(self, points: Sequence[Point]) -> Point | None:
        """The last of these points, given in order, that is held; at most `BATCH_MAX` of them."""
        ...

    def hold(self, wallet: Id, cents: int, head: Point | None) -> Hold:
        """Ask for the balance of a wallet over all tills, and keep `cents` of it for this till.

        What is granted stays held back from other tills until a push says that the till's journal
        went past `head`, or until the next call for the same wallet.
        """
        ...

    def heartbeat(self, beat: Heartbeat) -> None:
        """Say that the till is there, and how it is: nothing follows from it but what is shown."""
        ...


class Pairing(Protocol):
    """How a till gets to know its WaWi."""

    def pair(self, application: Application) -> Paired:
        """Trade an authorisation code for a token.

        Raises:
            Refused: if the code is not, or no longer, good.
        """
        ...

    def unpair(self) -> None:
        """Give the token back."""
        ...


class BackendError(Exception):
    """A call failed; nothing is lost, the message is for the admin."""


class Unreachable(BackendError):
    """No answer, or none that can be read: try again, not before `retry_after_s` if it is said."""

    def __init__(self, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unlinked(BackendError):
    """The documents do not follow what is held; `held` is the last document held of this till."""

    def __init__(self, held: Point | None) -> None:
        super().__init__("the WaWi holds other documents of this till")
        self.held = held


class CursorExpired(BackendError):
    """The feed does not reach back to the cursor."""


class Revoked(BackendError):
    """The WaWi does not know this till (any more): it must be paired again."""


class Refused(BackendError):
    """The WaWi understood and will not; `code` is a word of its own."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
