"""A dialogue brought up to date while somebody stands at the till."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from kpos.domain.ids import Id
from kpos.domain.member import Holder
from kpos.domain.money import Money
from kpos.domain.values import fields, is_dataclass, replace

T = TypeVar("T")


def with_credit(value: T, credit: Callable[[Id], Money]) -> T:
    """A dialogue whose holders, at whatever depth, have the credit of now."""
    fresh: Any = value
    if isinstance(value, Holder):
        fresh = replace(value, credit=credit(value.wallet))
    elif is_dataclass(value):
        names = [field.name for field in fields(value)]
        parts = {name: with_credit(getattr(value, name), credit) for name in names}
        fresh = replace(fresh, **parts)
    known: T = fresh
    return known
