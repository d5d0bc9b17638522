"""What there is: credit in wallets, goods in lots and on shelves."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kpos.domain.product import quantity_text
from kpos.domain.refusal import Refused
from kpos.wawi import office
from kpos.wawi.desk.fields import HouseChoice, MoneyField, money_text
from kpos.wawi.desk.models import Card, Lot, Stock, Till, Wallet
from kpos.wawi.desk.pages.base import Looked, Question, author_of, why
from kpos.wawi.office import perform

_MEANS = [("cash", _("cash")), ("transfer", _("bank transfer"))]


class TopUpForm(forms.Form):
    """Money in, for a wallet."""

    cents = MoneyField(label=_("Amount"))
    means = forms.ChoiceField(label=_("Paid by"), choices=_MEANS)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class HomeForm(forms.Form):
    """The only till that may debit a wallet."""

    home = HouseChoice(
        label=_("At home at"),
        required=False,
        queryset=Till.objects.exclude(branch=None).exclude(token_hash=None),
        empty_label=_("no till: free"),
        help_text=_(
            "There all of it may be spent, even for weeks without a network, and nowhere else."
            " A free one may be spent everywhere, offline up to the offline limit."
        ),
    )


@admin.register(Wallet)
class WalletPage(Looked):
    """Wallets, with their credit; topping up is a document."""

    list_display = ("__str__", "shown_credit", "group", "home", "top_up_link", "move_link")
    list_select_related = ("member", "group", "home")
    list_filter = ("home",)
    search_fields = ("member__name", "member__number", "id")
    list_display_links = None

    @admin.display(description=_("credit"), ordering="credit_cents")
    def shown_credit(self, wallet: Wallet) -> str:
        """What may be spent."""
        return money_text(wallet.credit_cents)

    @admin.display(description="")
    def top_up_link(self, wallet: Wallet) -> str:
        """To the form."""
        address = reverse("admin:desk_wallet_topup", args=[wallet.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Top up"))

    @admin.display(description="")
    def move_link(self, wallet: Wallet) -> str:
        """To the other form."""
        address = reverse("admin:desk_wallet_home", args=[wallet.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("At home at"))

    def get_urls(self) -> list[Any]:
        """Two more: a top-up, and where it is at home."""
        view = self.admin_site.admin_view
        own = [
            path("<str:wallet>/top-up/", view(self.top_up), name="desk_wallet_topup"),
            path("<str:wallet>/home/", view(self.move), name="desk_wallet_home"),
        ]
        return [*own, *super().get_urls()]

    def top_up(self, request: HttpRequest, wallet: str) -> HttpResponse:
        """Show the form; book what was sent."""
        found = Wallet.objects.select_related("member").get(pk=wallet)
        form = TopUpForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                done = perform("top_up", form.cleaned_data | self._whose(found), author_of(request))
            except Refused as refused:
                form.add_error(None, why(refused))
            else:
                said = _("%(receipt)s is booked: the credit is %(credit)s.") % {
                    "receipt": done["receipt_number"],
                    "credit": money_text(done["credit_cents"]),
                }
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:desk_wallet_changelist")
        facts = [(_("Credit"), money_text(found.credit_cents))]
        return self.ask(request, form, Question(_("Top up"), str(found), facts, _("Book")))

    def move(self, request: HttpRequest, wallet: str) -> HttpResponse:
        """Show where it is at home; give it another home, or none."""
        found = Wallet.objects.select_related("member", "home").get(pk=wallet)
        form = HomeForm(request.POST or None, initial={"home": found.home_id})
        if request.method == "POST" and form.is_valid():
            try:
                waits = office.move_home(wallet, form.cleaned_data["home"], author_of(request))
            except Refused as refused:
                form.add_error(None, why(refused))
            else:
                said = _("Done once these tills know: %s") % " ".join(waits)
                self.message_user(request, said if waits else _("Done."), messages.SUCCESS)
                return redirect("admin:desk_wallet_changelist")
        facts = [
            (_("Credit"), money_text(found.credit_cents)),
            (_("At home at"), str(found.home or _("no till: free"))),
            (_("Waits for"), " ".join(office.awaited(wallet)) or "–"),
        ]
        return self.ask(request, form, Question(_("Home of a wallet"), str(found), facts, _("Set")))

    def _whose(self, wallet: Wallet) -> dict[str, str | None]:
        """A member's wallet by the member, an anonymous one by its card."""
        if wallet.member_id:
            return {"member": wallet.member_id}
        return {"card": Card.objects.filter(wallet=wallet).values_list("code", flat=True)[0]}


@admin.register(Lot)
class LotPage(Looked):
    """Deliveries and what is left of them."""

    list_display = (
        *("product", "branch", "delivered", "left", "shown_cost", "best_before", "receipt"),
    )
    list_select_related = ("product", "branch")
    list_filter = ("branch",)
    search_fields = ("product__name",)
    list_display_links = None

    @admin.display(description=_("delivered"), ordering="quantity")
    def delivered(self, lot: Lot) -> str:
        """As it came."""
        return quantity_text(int(lot.quantity), lot.product.unit)

    @admin.display(description=_("left"), ordering="quantity_left")
    def left(self, lot: Lot) -> str:
        """Not sold yet."""
        return quantity_text(lot.quantity_left, lot.product.unit)

    @admin.display(description=_("cost"), ordering="cost_cents")
    def shown_cost(self, lot: Lot) -> str:
        """Of all that came."""
        return money_text(lot.cost_cents)


@admin.register(Stock)
class StockPage(Looked):
    """What is there of each product, per branch."""

    list_display = ("product", "branch", "shown_quantity", "shown_value")
    list_select_related = ("product", "branch")
    list_filter = ("branch",)
    search_fields = ("product__name",)
    list_display_links = None
    ordering: ClassVar[list[str]] = ["product__name"]

    @admin.display(description=_("quantity"), ordering="quantity")
    def shown_quantity(self, stock: Stock) -> str:
        """Sold before it was delivered is below zero."""
        return quantity_text(int(stock.quantity), stock.product.unit)

    @admin.display(description=_("value"), ordering="cost_cents")
    def shown_value(self, stock: Stock) -> str:
        """At cost."""
        return money_text(int(stock.cost_cents))
