"""Conditions: who pays what, from when to when, from how many on."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpos.wawi.desk.fields import HouseChoice, MoneyField, PercentField, iso_text, money_text
from kpos.wawi.desk.models import Condition, Group, Member, Product
from kpos.wawi.desk.pages.base import HouseForm, HousePage, InUse

_NEVER_MS = 1 << 62
_NAMED = ("member", "group", "product")


class ConditionForm(HouseForm):
    """A condition; what it names stays as it was."""

    member = HouseChoice(
        label=_("Member"), required=False, queryset=Member.objects.filter(retired=0)
    )
    group = HouseChoice(
        label=_("Price group"), required=False, queryset=Group.objects.filter(retired=0)
    )
    product = HouseChoice(
        label=_("Product"), required=False, queryset=Product.objects.filter(retired=0)
    )
    price_cents = MoneyField(label=_("Fixed price"), required=False)
    markup_bp = PercentField(label=_("or markup in %"), required=False, help_text=_("On cost."))
    min_quantity = forms.IntegerField(label=_("From quantity"), initial=1, min_value=1)
    levy_cents = MoneyField(label=_("Levy"), required=False)
    levy_for = forms.CharField(
        label=_("Levy for"), required=False, help_text=_("One word, such as donation.")
    )
    start = forms.CharField(
        label=_("Start"), required=False, help_text=_("2026-12-24 or 2026-12-24 18:00")
    )
    end = forms.CharField(label=_("End"), required=False, help_text=_("A day counts as a whole."))
    comment = forms.CharField(label=_("Comment"), required=False, max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        condition = self.instance
        if not condition.pk:
            return
        same = ("min_quantity", "levy_cents", "levy_for", "comment")
        self.initial |= {name: getattr(condition, name) for name in same}
        self.initial |= {name: getattr(condition, f"{name}_id") for name in _NAMED}
        priced = "price_cents" if condition.kind == "fixed" else "markup_bp"
        self.initial[priced] = condition.value
        self.initial["start"] = iso_text(condition.starts_ms) if condition.starts_ms >= 0 else ""
        self.initial["end"] = iso_text(condition.ends_ms) if condition.ends_ms < _NEVER_MS else ""

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or changed from now on."""
        price, markup = values["price_cents"], values["markup_bp"]
        if (price is None) == (markup is None):
            raise ValidationError(_("Say a fixed price or a markup, one of the two."))
        priced = {"kind": "fixed", "value": price}
        if price is None:
            priced = {"kind": "markup", "value": markup}
        more = {name: values[name] for name in ("min_quantity", "levy_for", "comment")}
        more["levy_cents"] = values["levy_cents"] or 0
        more |= {name: values[name] or None for name in ("start", "end")}
        if self.is_new:
            named = {name: values[name] for name in _NAMED}
            return "condition_add", named | priced | {"more": more}
        if not self.changed_data:
            return None
        return "condition_set", {"condition": self.instance.pk, "changes": more | priced}


@admin.register(Condition)
class ConditionPage(HousePage):
    """Conditions."""

    form = ConditionForm
    list_display = (
        "__str__",
        "shown_value",
        "min_quantity",
        "shown_levy",
        "since",
        "until",
        "comment",
    )
    list_select_related = _NAMED
    list_filter = (InUse, "group")
    search_fields = ("member__name", "group__name", "product__name", "comment")
    actions: ClassVar[list[str]] = ["retire"]
    fields = (
        *_NAMED,
        *("price_cents", "markup_bp", "min_quantity", "levy_cents", "levy_for"),
        *("start", "end", "comment"),
    )
    fixed = _NAMED

    @admin.display(description=_("price"))
    def shown_value(self, condition: Condition) -> str:
        """A price, or a markup."""
        if condition.kind == "fixed":
            return money_text(condition.value)
        return (
            f"{'+' if condition.value >= 0 else ''}{money_text(condition.value)}\N{NO-BREAK SPACE}%"
        )

    @admin.display(description=_("levy"))
    def shown_levy(self, condition: Condition) -> str:
        """On top."""
        if not condition.levy_cents:
            return ""
        return f"{money_text(condition.levy_cents)} {condition.levy_for}"

    @admin.display(description=_("start"), ordering="starts_ms")
    def since(self, condition: Condition) -> str:
        """Empty where it always did."""
        return iso_text(condition.starts_ms) if condition.starts_ms >= 0 else ""

    @admin.display(description=_("end"), ordering="ends_ms")
    def until(self, condition: Condition) -> str:
        """Empty where it always will."""
        return iso_text(condition.ends_ms) if condition.ends_ms < _NEVER_MS else ""

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """It ends now."""
        self.each(request, chosen, "condition_retire", "condition")
