"""Branches and their tills."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kpos.domain.money import Money
from kpos.domain.refusal import Refused
from kpos.wawi import office
from kpos.wawi.desk.fields import MoneyField, moment_text, money_text
from kpos.wawi.desk.models import Branch, Product, Till, Wallet
from kpos.wawi.desk.pages.base import HouseForm, HousePage, Question, author_of, why

# A clock that is wrong by less is the network.
_SKEW_SHOWN_MS = 60_000

# Rows of a list to choose from.
_SIZE = 15
_PAIRING = {
    "before": _("The till gets its prefix when it is paired. What it sold before comes along."),
    "make": _("Make a code"),
    "there": _("At the new till:"),
    "once": _("The code works once, for 15 minutes."),
}


class BranchForm(HouseForm):
    """A branch, and what it sells."""

    name = forms.CharField(label=_("Name"), max_length=200)
    products = forms.ModelMultipleChoiceField(
        label=_("Assortment"),
        required=False,
        queryset=Product.objects.filter(retired=0),
        widget=forms.SelectMultiple(attrs={"size": _SIZE}),
        help_text=_("None: all products are sold here. Ctrl marks several."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.initial |= {
                "name": self.instance.name,
                "products": office.assortment(self.instance.pk),
            }

    def book(self, values: dict[str, Any]) -> dict[str, Any]:
        """Added, or with another assortment."""
        branch = self.instance.pk or office.add_branch(values["name"], self.author)
        if "products" in self.changed_data:
            products = [product.pk for product in values["products"]]
            office.set_assortment(branch, products, self.author)
        return {"id": branch}


@admin.register(Branch)
class BranchPage(HousePage):
    """Branches; each may get tills."""

    form = BranchForm
    list_display = ("name", "tills", "add_link")
    fields = ("name", "products")
    fixed = ("name",)

    @admin.display(description=_("tills"))
    def tills(self, branch: Branch) -> str:
        """Their prefixes."""
        return " ".join(Till.objects.filter(branch=branch).values_list("prefix", flat=True))

    @admin.display(description="")
    def add_link(self, branch: Branch) -> str:
        """To the code for one more."""
        address = reverse("admin:desk_branch_code", args=[branch.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Add a till"))

    def get_urls(self) -> list[Any]:
        """One more: the code for a till."""
        view = self.admin_site.admin_view(self.code)
        return [path("<str:branch>/till/", view, name="desk_branch_code"), *super().get_urls()]

    def code(self, request: HttpRequest, branch: str) -> HttpResponse:
        """Ask whether a till shall be added; then show its code, once."""
        found = Branch.objects.get(pk=branch)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add a till"),
            "subtitle": found.name,
            "opts": self.opts,
            "texts": _PAIRING,
        }
        if request.method == "POST":
            address = request.build_absolute_uri("/")
            context["made"] = office.invite(found.pk, address, author_of(request))
        return render(request, "desk/pairing.html", context)


class LimitForm(forms.Form):
    """What may be lost of a wallet while the network is away."""

    cents = MoneyField(
        label=_("Offline limit"),
        help_text=_(
            "So much of a free wallet may be spent at one till without an answer of this server."
            " A till hears of it when it is in contact; until then the limit there is the old one."
        ),
    )


@admin.register(Till)
class TillPage(HousePage):
    """Tills, as they were last heard of."""

    list_display = ("prefix", "branch", "seen", "queue", "clock", "version", "at_home", "state")
    change_list_template = "desk/tills.html"
    list_select_related = ("branch",)
    list_display_links = None
    actions: ClassVar[list[str]] = ["go_on", "skip", "lose"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """The office keeps a journal, but is no till."""
        return super().get_queryset(request).exclude(branch=None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By a code, at its branch."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """With what is the same for all of them."""
        more = {"limit_text": _("Offline limit")}
        return super().changelist_view(request, more | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        """One more: the offline limit."""
        view = self.admin_site.admin_view(self.limit)
        return [path("offline-limit/", view, name="desk_till_limit"), *super().get_urls()]

    def limit(self, request: HttpRequest) -> HttpResponse:
        """Show the limit; book another one."""
        cents, together = office.offline_limit()
        form = LimitForm(request.POST or None, initial={"cents": cents})
        if request.method == "POST" and form.is_valid():
            value = str(Money(form.cleaned_data["cents"]))
            asked = {"key": "offline_limit_cents", "value": value}
            try:
                office.perform("setting_set", asked, author_of(request))
            except Refused as refused:
                form.add_error(None, why(refused))
            else:
                self.message_user(request, _("Done."), messages.SUCCESS)
                return redirect("admin:desk_till_changelist")
        facts = [(_("All tills together"), money_text(together))]
        return self.ask(request, form, Question(_("Offline limit"), "", facts, _("Set")))

    @admin.display(description=_("wallets at home"))
    def at_home(self, till: Till) -> str:
        """How many, and which."""
        count = Wallet.objects.filter(home=till).count()
        address = reverse("admin:desk_wallet_changelist")
        return format_html('<a href="{}?home__id__exact={}">{}</a>', address, till.pk, count)

    @admin.display(description=_("last seen"), ordering="seen_ms")
    def seen(self, till: Till) -> str:
        """In the reader's words."""
        return moment_text(till.seen_ms) if till.seen_ms else str(_("never"))

    @admin.display(description=_("clock"))
    def clock(self, till: Till) -> str:
        """How far it is off."""
        if abs(till.skew_ms) < _SKEW_SHOWN_MS:
            return str(_("right"))
        minutes = till.skew_ms // _SKEW_SHOWN_MS
        return str(_("%+d min")) % minutes

    @admin.display(description=_("state"))
    def state(self, till: Till) -> Any:
        """Whether it belongs here, and its journal is read."""
        if till.lost_ms:
            return _("lost")
        if till.stopped:
            return format_html('<strong class="errornote">{}</strong>', till.stopped)
        return _("paired") if till.paired_ms else _("not paired")

    @admin.action(description=_("Try the document again that it stopped at"))
    def go_on(self, request: HttpRequest, chosen: Any) -> None:
        """After an update that knows better, say."""
        self._resolve(request, chosen, skip=False)

    @admin.action(description=_("Go on without the document that it stopped at"))
    def skip(self, request: HttpRequest, chosen: Any) -> None:
        """It is kept, and never projected."""
        self._resolve(request, chosen, skip=True)

    def _resolve(self, request: HttpRequest, chosen: Any, *, skip: bool) -> None:
        for till in chosen:
            stopped = office.resolve(till.prefix, author_of(request), skip=skip)
            if stopped is None:
                self.message_user(request, _("%s goes on.") % till, messages.SUCCESS)
            else:
                self.message_user(request, f"{till}: {stopped}", messages.ERROR)

    @admin.action(description=_("Declare lost"))
    def lose(self, request: HttpRequest, chosen: Any) -> None:
        """Its token is void, so are the PINs it knew; what it holds back is free again."""
        for till in chosen:
            try:
                office.declare_lost(till.prefix, author_of(request))
            except Refused as refused:
                self.message_user(request, f"{till}: {why(refused)}", messages.ERROR)
            else:
                said = _("%s is declared lost.") % till
                self.message_user(request, said, messages.SUCCESS)
