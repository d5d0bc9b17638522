"""What is written for ever: journals, alarms, the audit log."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused
from kpos.wawi import office
from kpos.wawi.desk.fields import moment_text
from kpos.wawi.desk.models import (
    Alarm,
    Audit,
    Barcode,
    Card,
    Condition,
    Document,
    Group,
    Member,
    Product,
    Supplier,
    Wallet,
)
from kpos.wawi.desk.pages.base import Looked, author_of, why

KINDS: dict[str, Any] = {
    "sale": _("sale"),
    "debit": _("debit"),
    "reversal": _("reversal"),
    "top_up": _("top-up"),
    "payout": _("payout"),
    "transfer": _("transfer"),
    "deposit_return": _("deposit return"),
    "delivery": _("delivery"),
    "costing": _("costing"),
    "write_off": _("write-off"),
    "stocktake": _("stocktake"),
    "cash_count": _("cash count"),
    "cash_move": _("cash move"),
    "closing": _("closing"),
    "master_change": _("master data"),
}
# What of a document is remarkable: nothing was refused for what it says.
_FLAGS = {
    "overdraft": _("overdrawn"),
    "unknown_product": _("unknown product"),
    "blocked": _("blocked card"),
    "clock": _("clock is wrong"),
}
_ALARMS = {
    "stopped": _("a till stopped"),
    "clash": _("two of the same"),
    "fork": _("a till forked"),
    "private": _("private part"),
}
_ENTITIES: dict[str, tuple[Any, type[Any], str]] = {
    "product": (_("product"), Product, "pk"),
    "barcode": (_("barcode"), Barcode, "own"),
    "group": (_("price group"), Group, "pk"),
    "member": (_("member"), Member, "pk"),
    "supplier": (_("supplier"), Supplier, "pk"),
    "condition": (_("condition"), Condition, "pk"),
    "wallet": (_("wallet"), Wallet, "pk"),
    "card": (_("card"), Card, "pk"),
}


_DONE = {
    "assortment": _("assortment"),
    "branch added": _("branch added"),
    "pairing code": _("pairing code"),
    "till lost": _("till lost"),
    "till paired": _("till paired"),
    "till resolved": _("till resolved"),
    "till unpaired": _("till unpaired"),
}


def named(what: str) -> str:
    """What was changed, with the name it has now: the log itself has no names of people."""
    if what in _DONE:
        return str(_DONE[what])
    entity, _blank, identifier = what.partition(" ")
    if entity in KINDS:
        return str(KINDS[entity])
    if entity not in _ENTITIES:
        return what
    word, model, key = _ENTITIES[entity]
    found = model._default_manager.filter(**{key: identifier}).first()
    return f"{word}: {found or identifier}"


def shown(text: str | None) -> str:
    """JSON, indented; or whatever it is instead."""
    if text is None:
        return "–"
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return format_html('<pre class="kpos-json">{}</pre>', text)


class Chosen(admin.SimpleListFilter):
    """A filter with words of its own for what the core says in its."""

    words: ClassVar[dict[str, Any]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All of them."""
        return list(self.words.items())


class Kind(Chosen):
    """Documents of a kind."""

    title = _("kind")
    parameter_name = "kind"
    words = KINDS

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Those."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AlarmKind(Kind):
    """Alarms of a kind."""

    words = _ALARMS


class Chain(Chosen):
    """Documents that somebody should look at."""

    title = _("chain")
    parameter_name = "chain"
    words: ClassVar[dict[str, Any]] = {"forked": _("forked"), "waiting": _("not projected")}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Those."""
        if self.value() == "forked":
            return queryset.filter(fork=1)
        return queryset.filter(position=None) if self.value() == "waiting" else queryset


@admin.register(Document)
class DocumentPage(Looked):
    """All documents of all tills."""

    list_display = ("__str__", "till", "shown_kind", "arrived", "chain")
    list_select_related = ("till",)
    list_filter = ("till", Kind, Chain)
    search_fields = ("receipt", "hash")
    fields = (
        *("till", "epoch", "seq", "receipt", "shown_kind", "arrived", "chain"),
        *("hash", "prev_hash", "shown_content", "shown_part"),
    )
    readonly_fields = ("shown_kind", "arrived", "chain", "shown_content", "shown_part")
    show_full_result_count = False

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, document: Document) -> str:
        """In the reader's words, where there are some."""
        return str(KINDS.get(document.kind or "", document.kind or "–"))

    @admin.display(description=_("arrived"), ordering="at_ms")
    def arrived(self, document: Document) -> str:
        """At the server."""
        return moment_text(document.at_ms)

    @admin.display(description=_("chain"))
    def chain(self, document: Document) -> str:
        """Whether it was taken, and is part of what the till goes on from."""
        words = [] if document.position else [str(_("not projected"))]
        words += [str(_("forked"))] if document.fork else []
        words += [str(_FLAGS.get(flag, flag)) for flag in document.flags.split()]
        return ", ".join(words) or str(_("whole"))

    @admin.display(description=_("content"))
    def shown_content(self, document: Document) -> str:
        """As it was hashed."""
        return shown(document.content)

    @admin.display(description=_("private part"))
    def shown_part(self, document: Document) -> str:
        """Until it is erased."""
        return shown(document.part)


class Unsettled(admin.SimpleListFilter):
    """What nobody has looked at, unless somebody asks for the rest."""

    title = _("state")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Besides what is open."""
        return [("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        """The first is what one sees unasked."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Those."""
        return queryset if self.value() else queryset.filter(settled_by=None)


@admin.register(Alarm)
class AlarmPage(Looked):
    """Alarms, until somebody settles them."""

    list_display = ("shown_kind", "till", "detail", "moment", "settled_by")
    list_select_related = ("till",)
    list_filter = (Unsettled, AlarmKind)
    list_display_links = None
    actions: ClassVar[list[str]] = ["settle"]

    @admin.display(description=_("kind"), ordering="kind")
    def shown_kind(self, alarm: Alarm) -> str:
        """In the reader's words, where there are some."""
        return str(_ALARMS.get(alarm.kind, alarm.kind))

    @admin.display(description=_("at"), ordering="at_ms")
    def moment(self, alarm: Alarm) -> str:
        """When it was raised."""
        return moment_text(alarm.at_ms)

    @admin.action(description=_("Settle"), permissions=["view"])
    def settle(self, request: HttpRequest, chosen: Any) -> None:
        """Somebody looked; a till that stopped for it goes on."""
        for alarm in chosen:
            try:
                office.settle(alarm.pk, author_of(request))
            except Refused as refused:
                self.message_user(request, f"{alarm}: {why(refused)}", messages.ERROR)


@admin.register(Audit)
class AuditPage(Looked):
    """Every change at the server, with before and after."""

    list_display = ("shown_what", "who", "moment")
    list_filter = ("who",)
    search_fields = ("what", "who", "was", "became")
    fields = ("shown_what", "who", "moment", "before", "after")
    readonly_fields = ("shown_what", "moment", "before", "after")

    @admin.display(description=_("what"), ordering="what")
    def shown_what(self, change: Audit) -> str:
        """In the reader's words, where there are some."""
        return named(change.what)

    @admin.display(description=_("at"), ordering="id")
    def moment(self, change: Audit) -> str:
        """By the server's clock."""
        return moment_text(Instant.parse(change.at).ms)

    @admin.display(description=_("before"))
    def before(self, change: Audit) -> str:
        """What it was."""
        return shown(change.was)

    @admin.display(description=_("after"))
    def after(self, change: Audit) -> str:
        """What it became."""
        return shown(change.became)
