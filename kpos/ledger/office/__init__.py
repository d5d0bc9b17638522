"""What an admin asks the books to do: one function per request, JSON in, JSON out.

The command line performs a request itself while no till runs, and sends it through the till's
control socket while one does; both end here, in `perform`. Each function takes the open books,
the author (``uid:<n>``) and plain values, and returns plain values; expected refusals are
`Refused`. Rooms: `goods`, `stock`, `suppliers`, `conditions`, `people`, `cards`, `money`, `cash`,
`upkeep`, `lists`, `wawi` of these; `find` turns what a person typed into ids, `forms` refuses what
has not the form its handler expects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from kpos.domain.document import Json
from kpos.domain.refusal import Refused, refuse
from kpos.ledger.office import (
    cards,
    cash,
    conditions,
    delivered,
    goods,
    lists,
    money,
    people,
    stock,
    suppliers,
    upkeep,
    wawi,
)
from kpos.ledger.office.forms import check_form
from kpos.ledger.seam import Books

Handler: TypeAlias = Callable[..., dict[str, Json]]

HANDLERS: dict[str, Handler] = {
    "product_add": goods.product_add,
    "product_set": goods.product_set,
    "product_retire": goods.product_retire,
    "barcode_add": goods.barcode_add,
    "barcode_set": goods.barcode_set,
    "barcode_retire": goods.barcode_retire,
    "unknown_clear": goods.unknown_clear,
    "supplier_add": suppliers.supplier_add,
    "supplier_set": suppliers.supplier_set,
    "supplier_retire": suppliers.supplier_retire,
    "group_add": people.group_add,
    "group_set": people.group_set,
    "group_retire": people.group_retire,
    "member_add": people.member_add,
    "member_set": people.member_set,
    "member_retire": people.member_retire,
    "member_import": lists.member_import,
    "product_import": lists.product_import,
    "condition_import": lists.condition_import,
    "delivery_import": delivered.delivery_import,
    "pin_set": people.pin_set,
    "card_issue": cards.card_issue,
    "cards_issue": cards.cards_issue,
    "card_set": cards.card_set,
    "erase": people.erase,
    "top_up": money.top_up,
    "payout": money.payout,
    "transfer": money.transfer,
    "reverse": money.reverse,
    "condition_add": conditions.condition_add,
    "condition_set": conditions.condition_set,
    "condition_retire": conditions.condition_retire,
    "tax_set": upkeep.tax_set,
    "cash_move": cash.cash_move,
    "cash_count": cash.cash_count,
    "closing": cash.closing,
    "delivery_add": stock.delivery_add,
    "write_off": stock.write_off,
    "stocktake_count": stock.stocktake_count,
    "stocktake_approve": stock.stocktake_approve,
    "stocktake_discard": stock.stocktake_discard,
    "setting_set": upkeep.setting_set,
    "clock_trust": upkeep.clock_trust,
    "wawi_application": wawi.wawi_application,
    "wawi_pair": wawi.wawi_pair,
    "wawi_unpair": wawi.wawi_unpair,
}

# Master data: at a till that has a WaWi they are made there. Not a PIN, which people set at tills
# anyway: where all who may reset one have forgotten theirs, root of a till can help.
OF_MASTER_DATA = frozenset(
    f"{noun}_{verb}"
    for noun, verbs in {
        "product": "add set retire import",
        "barcode": "add set retire",
        "supplier": "add set retire",
        "group": "add set retire",
        "member": "add set retire import",
        "condition": "add set retire import",
        "card": "issue set",
        "cards": "issue",
        "tax": "set",
        "setting": "set",
    }.items()
    for verb in verbs.split()
) | {"erase"}


def perform(books: Books, name: str, arguments: Mapping[str, Any], author: str) -> dict[str, Json]:
    """Perform one request.

    Raises:
        Refused: nothing was changed; the refusal says why and what to do.
        LedgerError: nothing was changed; the disk or the files are at fault.
    """
    handler = HANDLERS.get(name)
    if handler is None:
        raise refuse("invalid", f"this till does not know {name!r}: is it older than the command?")
    check_form(name, handler, arguments)
    if name in OF_MASTER_DATA and books.is_led:
        raise _made_elsewhere(books)
    with books.looking():
        return handler(books, author, **arguments)


def _made_elsewhere(books: Books) -> Refused:
    if books.wawi_url is None:
        return refuse("paired", "what this till knows came from a WaWi: kpos pair it again first")
    return refuse("paired", f"that belongs to the WaWi: change it at {books.wawi_url}")
