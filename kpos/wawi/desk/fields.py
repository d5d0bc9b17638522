"""Columns of the core and cells of forms: money in cents, flags, times in milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kpos.domain.money import Money

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BASIS = 100


def money_text(cents: int | None) -> str:
    """``1,50`` in German, ``1.50`` in English; a dash for none."""
    if cents is None:
        return "–"
    return Money(cents).text("," if get_language() == "de" else ".")


def moment_text(ms: int) -> str:
    """A moment as the reader writes it, in the zone of the house."""
    local = timezone.localtime(_EPOCH + timedelta(milliseconds=ms))
    return local.strftime("%d.%m.%Y %H:%M" if get_language() == "de" else "%Y-%m-%d %H:%M")


def iso_text(ms: int) -> str:
    """A moment as it is typed, in the zone of the house."""
    local = timezone.localtime(_EPOCH + timedelta(milliseconds=ms))
    return local.strftime("%Y-%m-%d %H:%M")


class Flag(models.IntegerField):
    """0 or 1: the core's tables have no other kind of truth, in either database."""

    def from_db_value(self, value: int | None, *_args: object) -> bool:
        """As Python has it."""
        return bool(value)

    def formfield(self, **_options: Any) -> None:
        """No form is made of it: what changes is a document."""


class MoneyField(forms.CharField):
    """An amount as people type it; cents for the books."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"size": 10, "inputmode": "decimal"})
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        """Cents as an amount; what was typed stays as it is."""
        return money_text(value) if type(value) is int else value

    def to_python(self, value: Any) -> Any:
        """Cents."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Money.parse(text).cents
        except ValueError as error:
            raise ValidationError(_("Write an amount as 20, 20.00 or 20,00.")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed, however it is written."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class PercentField(MoneyField):
    """A percentage with two decimals; basis points for the books, as cents are of an euro."""


class HouseChoice(forms.ModelChoiceField):
    """One of a list; its id for the books."""

    def clean(self, value: Any) -> Any:
        """The id."""
        found = super().clean(value)
        return found.pk if found is not None else None
