"""Price groups, members, their cards, and conditions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpos.domain.member import LANGUAGES
from kpos.wawi.desk.fields import HouseChoice, MoneyField, PercentField
from kpos.wawi.desk.models import Card, Group, Member
from kpos.wawi.desk.pages.base import HouseForm, HousePage, InUse

_ROLES = [("member", _("member")), ("trusted", _("trusted person")), ("admin", _("admin"))]
_NAMES = {"de": "Deutsch", "en": "English"}
_LANGUAGES = [("", _("that of the till")), *((each, _NAMES[each]) for each in LANGUAGES)]


class GroupForm(HouseForm):
    """A price group; new ones with the markup of their default condition."""

    name = forms.CharField(label=_("Name"), max_length=200)
    markup_bp = PercentField(
        label=_("Markup in %"),
        required=False,
        help_text=_("On cost, for goods without a price of their own."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.initial["name"] = self.instance.name

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or renamed."""
        if self.is_new:
            return "group_add", values | {"markup_bp": values["markup_bp"] or 0}
        if "name" not in self.changed_data:
            return None
        return "group_set", {"group": self.instance.pk, "name": values["name"]}


@admin.register(Group)
class GroupPage(HousePage):
    """Price groups."""

    form = GroupForm
    list_display = ("name",)
    list_filter = (InUse,)
    actions: ClassVar[list[str]] = ["retire"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The markup is a condition of its own later."""
        return ["name"] if obj else ["name", "markup_bp"]

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """Closed, once nobody is in it."""
        self.each(request, chosen, "group_retire", "group")


class MemberForm(HouseForm):
    """A member; new ones with what they bring along."""

    name = forms.CharField(label=_("Name"), max_length=200)
    number = forms.IntegerField(label=_("Number"), required=False, min_value=1)
    group = HouseChoice(label=_("Price group"), queryset=Group.objects.filter(retired=0))
    role = forms.ChoiceField(label=_("Role"), choices=_ROLES)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=_LANGUAGES)
    opening_cents = MoneyField(
        label=_("Opening credit"), required=False, help_text=_("What they bring along.")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        member = self.instance
        if member.pk:
            names = ("name", "number", "role", "language")
            self.initial |= {name: getattr(member, name) for name in names}
            self.initial["group"] = member.group_id

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or changed in what was typed."""
        values["language"] = values["language"] or None
        if self.is_new:
            return "member_add", values | {"opening_cents": values["opening_cents"] or 0}
        changes = self.changes(values)
        return ("member_set", {"member": self.instance.pk, "changes": changes}) if changes else None


@admin.register(Member)
class MemberPage(HousePage):
    """Members."""

    form = MemberForm
    list_display = ("name", "number", "group", "shown_role", "history_kept")
    list_select_related = ("group",)
    list_filter = (InUse, "group")
    search_fields = ("name", "number")
    actions: ClassVar[list[str]] = ["retire"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Later, credit is topped up."""
        cells = ["name", "number", "group", "role", "language"]
        return cells if obj else [*cells, "opening_cents"]

    @admin.display(description=_("role"), ordering="role")
    def shown_role(self, member: Member) -> Any:
        """In words."""
        return dict(_ROLES)[member.role]

    @admin.display(description=_("keeps a history"), ordering="history")
    def history_kept(self, member: Member) -> Any:
        """Said by the member at the till, never by the office."""
        return _("yes") if member.history else ""

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """They leave: cards are blocked, the number is free again."""
        self.each(request, chosen, "member_retire", "member")


class CardForm(HouseForm):
    """A card: of a member, or of a guest with a wallet of its own."""

    code = forms.CharField(label=_("Code"), max_length=200)
    member = HouseChoice(
        label=_("Member"), required=False, queryset=Member.objects.filter(retired=0)
    )
    group = HouseChoice(
        label=_("Price group"),
        required=False,
        queryset=Group.objects.filter(retired=0),
        help_text=_("Of a guest card: it belongs to nobody and has a wallet of its own."),
    )
    blocked = forms.BooleanField(label=_("Blocked"), required=False)
    asks_pin = forms.BooleanField(label=_("Asks for the PIN"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        card = self.instance
        if card.pk:
            self.initial |= {name: getattr(card, name) for name in ("code", "blocked", "asks_pin")}

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Issued, or blocked and unblocked."""
        if self.is_new:
            return "card_issue", {
                name: values[name] for name in ("code", "member", "group", "asks_pin")
            }
        changes = self.changes({name: values[name] for name in ("blocked", "asks_pin")})
        return ("card_set", {"card": self.instance.code, "changes": changes}) if changes else None


@admin.register(Card)
class CardPage(HousePage):
    """Cards."""

    form = CardForm
    list_display = ("__str__", "wallet", "free", "asks")
    list_select_related = ("wallet__member",)
    search_fields = ("code", "wallet__member__name")
    fixed = ("code",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whose it is stays."""
        if obj:
            return ["code", "blocked", "asks_pin"]
        return ["code", "member", "group", "asks_pin"]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """What the office answers with is its code."""
        form.save_m2m = lambda: None
        code = form.outcome.get("code", form.instance.code)
        return Card.objects.get(code=code)

    @admin.display(description=_("works"), ordering="blocked", boolean=True)
    def free(self, card: Card) -> bool:
        """Not blocked."""
        return not card.blocked

    @admin.display(description=_("asks for the PIN"), ordering="asks_pin")
    def asks(self, card: Card) -> Any:
        """Before it pays."""
        return _("yes") if card.asks_pin else ""
