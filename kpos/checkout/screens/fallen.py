"""What a till shows whose program does not run: what is wrong, and what to do.

Drawn by another program (`kpos out-of-order`), which knows no more than a word of why.
"""

from __future__ import annotations

from collections.abc import Callable

from kpos.checkout.layout import Frame, row
from kpos.checkout.screens.notices import N_

# By word, as the till left it behind; without one it came to nothing but its end.
WHYS = {
    "config": N_("There is a mistake in kpos.toml"),
    "no_till": N_("No till has been set up here yet"),
    "in_use": N_("Another kpos is using its books"),
    "books": N_("Its books cannot be opened"),
    "devices": N_("A device cannot be used"),
}
_CRASHED = N_("Its program does not keep running")


def fallen(word: str, text: Callable[[str], str]) -> Frame:
    """Four lines; `text` translates."""
    _ = text
    return (
        row(_("The till is out of order")),
        row(_(WHYS.get(word, _CRASHED))),
        row(_("Please switch it off and on again")),
        row(_("No help? Tell an admin: kpos doctor")),
    )
