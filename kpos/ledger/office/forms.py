"""Whether a request has the form its handler was written for, before anything is done with it.

Requests come through a socket from other programs: what has another type than the handler says
is refused here, so that nothing of a wrong type ever reaches a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import Signature, signature
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kpos.domain.condition import Kind
from kpos.domain.document import Json
from kpos.domain.goods import PaidBy
from kpos.domain.member import Language, Role
from kpos.domain.product import Unit
from kpos.domain.refusal import refuse

# Far beyond any amount, number or quantity, and far below the 63 bits of SQLite's integers.
INTEGER_MAX = 10**15

_FIELDS: dict[str, object] = {
    "name": str,
    "number": int | None,
    "group": str | None,
    "role": Role,
    "language": Language | None,
    "price_cents": int | None,
    "deposit_cents": int,
    "tax_key": str,
    "low_stock": str | None,
    "product": str | None,
    "barcode": str | None,
    "quantity": str,
    "cost": str,
    "counted": str | None,
    "supplier": str,
    "invoice": str,
    "date": str,
    "paid": PaidBy,
    "best_before": str,
    "tax": int,
    "note": str,
    "unit": Unit,
    "blocked": bool,
    "asks_pin": bool,
    "kind": Kind,
    "value": int,
    "min_quantity": int,
    "levy_cents": int,
    "levy_for": str,
    "start": str | None,
    "end": str | None,
    "comment": str,
    "line": int,
    "id": str,
    "member": str,
    "from_quantity": int,
    "markup": int,
    "levy": int,
    "price": int | None,
    "deposit": int,
    "credit": int,
    "cards": Sequence[str],
    "barcodes": Sequence[str],
}


def check_form(name: str, handler: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Check the named arguments of a request against its handler's signature.

    Raises:
        Refused: naming the argument that does not fit.
    """
    form, hints = _form_of(handler)
    try:
        form.bind(None, "", **arguments)
    except TypeError as error:
        raise refuse("invalid", f"{name}: {error}: is the till older than the command?") from error
    for argument, value in arguments.items():
        check_value(argument, value, hints[argument])


@cache
def _form_of(handler: Callable[..., Any]) -> tuple[Signature, dict[str, Any]]:
    """What a handler takes. To evaluate its annotations costs as much as some requests do."""
    return signature(handler), get_type_hints(handler)


def check_value(argument: str, value: object, hint: object) -> None:
    """Check one value.

    Raises:
        Refused: if it is of another type than `hint`, or holds what no document may hold.
    """
    if not (_fits(value, hint) and _is_plain(value)):
        allowed = _literals(hint)
        if allowed:
            raise refuse("invalid", f"{argument} {str(value)[:40]!r} is none of {allowed}")
        raise refuse("invalid", f"{argument}: {str(value)[:40]!r} is not of the expected form")


def checked_fields(values: Mapping[str, Json], known: str) -> dict[str, Json]:
    """The values, if each is of a field in `known` and of that field's type.

    Raises:
        Refused: otherwise; to change a wallet or a history like this would go past its rules.
    """
    for field, value in values.items():
        if field not in known.split():
            raise refuse("invalid", f"{field[:40]!r} cannot be changed: there are {known}")
        check_value(field, value, _FIELDS[field])
    return dict(values)


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type, as typing knows it
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is Literal:
        return value in inner
    if origin is None:
        kind = type(None) if hint is None else hint
        return hint is Any or type(value) is kind
    if isinstance(value, dict):
        return origin is dict and all(_fits(each, inner[1]) for each in value.values())
    if not isinstance(value, list | tuple) or origin is dict:
        return False
    hints = inner if origin is tuple else inner * len(value)
    return len(hints) == len(value) and all(map(_fits, value, hints))


def _literals(hint: Any) -> str:  # noqa: ANN401 - a type, as typing knows it
    """The words a hint allows, for a message; empty where it allows more than words."""
    hints = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    words = [word for each in hints if get_origin(each) is Literal for word in get_args(each)]
    return ", ".join(words)


def _is_plain(value: object) -> bool:
    """What a document may hold: texts, integers of a size that means something, no floats."""
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, int):
        return abs(value) <= INTEGER_MAX
    return value is None or isinstance(value, str)
