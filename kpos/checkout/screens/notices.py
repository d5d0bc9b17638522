"""The answers to the last input: what happened or did not, then what to do. Two lines."""

from __future__ import annotations

from collections.abc import Callable

from kpos.checkout.layout import named, row
from kpos.checkout.screens.view import View
from kpos.checkout.states import Notice, NoticeCode

# How many zeros fill a GTIN-13, -12 or -8 up.
_GTIN_DIGITS = 14
_FILLED = (1, 2, 6)


def notice_lines(notice: Notice, view: View) -> tuple[str, str]:
    """The first two lines."""
    _ = view.text
    if notice.code in _PLAIN:
        first, second = _PLAIN[notice.code]
        return row(_(first)), row(_(second) if second else "")
    return _WITH_VALUES[notice.code](notice, view)


def N_(text: str) -> str:  # noqa: N802 - the name the catalogue tools know
    """Marks a text for the catalogue where it is not translated yet."""
    return text


_PLAIN: dict[NoticeCode, tuple[str, str]] = {
    "cancelled": (N_("Cancelled, nothing was booked"), ""),
    "misread": (N_("Misread"), N_("Please scan again")),
    "blocked": (N_("This card is blocked"), N_("A trusted person can help")),
    "number_needs_pin": (N_("This number has no PIN"), N_("Please show the card")),
    "cart_full": (N_("Not added: the cart is full"), N_("Please buy with # first")),
    "quantity": (N_("Not added: 1 to 99 pieces only"), N_("Type the number, then scan")),
    "show_card": (N_("Nobody to pay for this yet"), N_("Show card, then # to buy")),
    "card_first": (N_("Not taken: a number is no product"), N_("Leave first, then type it")),
    "own_wallet": (N_("That is your own card"), N_("Show the receiver's card")),
    "amount": (N_("No amount"), N_("Type it in cents: 2000 is 20.00")),
    "no_undo": (N_("Nothing left to take back"), N_("A trusted person may help")),
    "not_undone": (N_("Not taken back: already done"), N_("Nothing was booked")),
    "pin_short": (N_("The PIN is too short"), N_("Please begin again")),
    "pin_differs": (N_("The two PINs differ"), N_("Please begin again")),
    "code_taken": (N_("This code is taken"), N_("Show another card")),
    "no_guest_group": (N_("There is no group of guests"), N_("Admin: kpos group add guests")),
    "refused": (N_("Not booked"), N_("Please call the admin")),
    "disk": (N_("Not booked: disk full"), N_("Please call the admin")),
    "too_many": (N_("Not taken back: there are fewer"), N_("Type how many")),
    "units": (N_("Not booked: more than you bought"), N_("A trusted person can help")),
    "cash_changed": (N_("Not booked: the cash has changed"), N_("Please count again")),
    "voucher": (N_("No number"), N_("Without a paper nothing is booked")),
    "same_box": (N_("Not booked: that is the same box"), N_("Show somebody else's card")),
    "trusted_only": (N_("Only trusted persons keep cash"), N_("Show another card")),
    "nothing_to_close": (N_("Nothing was booked since the last Z"), ""),
    "no_receipt": (N_("Nothing left to take back"), N_("Is the number right?")),
    "admins_only": (N_("Only an admin can do that"), N_("Show another card")),
    "how_many": (N_("Not taken: how many?"), N_("1 to 9999 pieces, up to 999999 grams")),
    "list_full": (N_("Not taken: the list is full"), N_("Please go on with #")),
    "no_day": (N_("That is no day"), N_("24 December 2026 is 241226")),
    "no_supplier": (N_("There are no suppliers yet"), N_("Admin: kpos supplier add NAME")),
    "not_counted": (N_("Not booked: does it still wait?"), N_("Please call the admin")),
    "stock_short": (N_("Not booked: not enough in stock"), N_("* takes the last scan back")),
    "held_elsewhere": (N_("Not booked: in use at another till"), N_("Please try again later")),
    "offline": (N_("Not booked: no answer of the WaWi"), N_("This credit is known there alone")),
    "wrong_holder": (N_("Not the card that paid for it"), N_("Show the right card")),
}


def _unknown(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Unknown: "), _as_printed(notice.name)), row(_("Noted for the admin"))


def _as_printed(code: str) -> str:
    """A GTIN as it stands on the goods: 13, 12 or 8 digits, without the zeros it is stored with."""
    if len(code) != _GTIN_DIGITS or not code.isdigit():
        return code
    zeros = len(code) - len(code.lstrip("0"))
    return code[max((fill for fill in _FILLED if fill <= zeros), default=0) :]


def _no_number(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("No such number: "), notice.name), row(_("Please check it and try again"))


def _offline_limit(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    missing = view.money(notice.missing)
    return row(_("Not booked: too much without the WaWi")), row(_("Too much by"), missing)


def _taken_back(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Taken back: "), notice.name, right=view.money(notice.amount)), row()


def _credit_short(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return row(_("The credit does not suffice")), row(_("Missing"), view.money(notice.missing))


def _not_in_cart(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    first = named(_("Not in the cart: "), notice.name, right=view.money(notice.amount))
    return first, row(_("Missing"), view.money(notice.missing))


def _cash_short(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return row(_("Not booked: too little cash")), row(_("Missing"), view.money(notice.missing))


def _no_card(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Not a card: "), notice.name), row(_("Show a card or type the number"))


def _weigh(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Not added: "), notice.name), row(_("Scan the label of the scale"))


def _no_price(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("No price yet: "), notice.name), row(_("Not in the cart. Please tell the admin"))


def _repriced(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    first = named(_("Prices for "), notice.name or _("guests"))
    return first, row(_("Total before"), view.money(notice.amount))


def _no_deposit(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("No deposit on "), notice.name), row(_("Not added"))


def _goods_back(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Taken back: "), notice.name), row()


def _sold_out(notice: Notice, view: View) -> tuple[str, str]:
    _ = view.text
    return named(_("Not in the cart: "), notice.name), row(_("Not enough of it in stock"))


_WITH_VALUES: dict[NoticeCode, Callable[[Notice, View], tuple[str, str]]] = {
    "unknown": _unknown,
    "no_card": _no_card,
    "no_number": _no_number,
    "taken_back": _taken_back,
    "offline_limit": _offline_limit,
    "credit_short": _credit_short,
    "not_in_cart": _not_in_cart,
    "cash_short": _cash_short,
    "weigh": _weigh,
    "no_price": _no_price,
    "repriced": _repriced,
    "no_deposit": _no_deposit,
    "sold_out": _sold_out,
    "goods_back": _goods_back,
}
