"""A page of master data: what is saved is a document of the office, nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kpos.domain.document import Json
from kpos.domain.refusal import Refused
from kpos.wawi.office import perform

# Their stubs know of each attribute what else it could be: more than a page wants to say.
ModelForm: Any = forms.ModelForm
ModelAdmin: Any = admin.ModelAdmin

# What the till's command line says in English, in few words of the reader's language.
_WHY = {
    "credit": _("There is not enough credit, or credit is left."),
    "cash": _("There is not enough cash, or cash is left."),
    "amount": _("This amount or quantity cannot be booked."),
    "blocked": _("It is blocked or retired."),
    "taken": _("The name, number or code is taken."),
    "unknown": _("There is no such thing (any more)."),
    "invalid": _("This cannot be done like that."),
    "offline": _("This credit is at home at a till, which is asked to release it."),
    "changed": _("Something was booked meanwhile: look again."),
}


def author_of(request: HttpRequest) -> str:
    """Who books at the desk."""
    return f"user:{request.user.get_username()}"


def why(refused: Refused) -> str:
    """A refusal for a reader: the kind of reason in their language, then the reason itself."""
    reason = refused.refusal
    kind = _WHY.get(reason.code)
    return f"{kind} ({reason.message})" if kind else reason.message


@dataclass(frozen=True)
class Question:
    """A page with a form of its own: what stands above it, and what its button says."""

    title: Any
    subtitle: str
    facts: list[tuple[Any, str]]
    button: Any


class HouseForm(ModelForm):
    """A form whose cells are arguments of a request to the office.

    Whether the office takes it is only known by asking, so validating is booking: a refusal is
    shown above the form, with everything that was typed.
    """

    author: ClassVar[str] = ""
    outcome: dict[str, Json]

    class Meta:
        fields: ClassVar[list[str]] = []

    def clean(self) -> dict[str, Any]:
        """Book."""
        values = super().clean() or {}
        if self.errors:
            return values
        try:
            self.outcome = self.book(values)
        except Refused as refused:
            raise ValidationError(why(refused)) from refused
        return values

    def _post_clean(self) -> None:
        """What was typed is booked, not put into a row."""

    def book(self, values: dict[str, Any]) -> dict[str, Json]:
        """Have it booked; what the office answers."""
        request = self.request(values)
        return perform(*request, self.author) if request else {}

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """What to ask the office for; None if nothing was changed."""
        raise NotImplementedError

    def changes(self, values: dict[str, Any]) -> dict[str, Any]:
        """What was typed anew."""
        return {name: values[name] for name in self.changed_data if name in values}

    @property
    def is_new(self) -> bool:
        """Whether it adds something."""
        return not self.instance.pk


class HousePage(ModelAdmin):
    """A list and a form of something that the office looks after."""

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("desk/desk.css",)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Headed by what is listed."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    list_per_page = 50
    show_full_result_count = True
    # Cells that a thing keeps once it is there.
    fixed: ClassVar[tuple[str, ...]] = ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        """The form, with who sends it."""
        made = super().get_form(request, obj, change, **more)
        if issubclass(made, HouseForm):
            made.author = author_of(request)
            for name in self.fixed if obj else ():
                made.base_fields[name].disabled = True
                made.base_fields[name].required = False
        return made

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the office made of it."""
        identifier = form.outcome.get("code" if form.instance._meta.pk.name == "code" else "id")
        form.save_m2m = lambda: None
        if identifier is None:
            return form.instance
        return self.model._default_manager.get(pk=identifier)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """It is booked already."""

    def log_addition(self, *_asked: object) -> None:
        """The audit log has it, without a name that would outlive somebody's erasing."""

    def log_change(self, *_asked: object) -> None:
        """Likewise."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: retire it."""
        return False

    def ask(self, request: HttpRequest, form: Any, question: Question) -> HttpResponse:
        """The page of a question about what this page lists."""
        context = {
            **self.admin_site.each_context(request),
            **vars(question),
            "opts": self.opts,
            "form": form,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return render(request, "desk/asked.html", context)

    def each(self, request: HttpRequest, chosen: Any, name: str, argument: str) -> None:
        """Ask the office for the same for everything that is ticked, and say what came of it."""
        done = 0
        for item in chosen:
            try:
                perform(name, {argument: item.pk}, author_of(request))
            except Refused as refused:
                self.message_user(request, f"{item}: {why(refused)}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, _("%d done.") % done, messages.SUCCESS)


class Looked(HousePage):
    """A page to look at only."""

    change_form_template = "desk/looked.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class InUse(admin.SimpleListFilter):
    """What is in use, unless somebody asks for the rest."""

    title = _("state")
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Besides what is in use."""
        return [("1", _("retired")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """The first is what one sees unasked."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("in use")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Those."""
        if self.value() == "all":
            return queryset
        return queryset.filter(retired=1 if self.value() == "1" else 0)
