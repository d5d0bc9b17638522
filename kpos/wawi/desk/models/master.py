"""Products, people, what they pay and what there is."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpos.wawi.desk.fields import Flag

_ID_LENGTH = 16


def link(
    to: str,
    label: Any,
    column: str | None = None,
    *,
    empty: bool = False,
    back: str = "+",
) -> Any:
    """A reference that the core looks after; `empty` ones may name nobody."""
    return models.ForeignKey(
        to,
        models.DO_NOTHING,
        db_column=column or to.lower(),
        db_constraint=False,
        related_name=back,
        null=empty,
        blank=empty,
        verbose_name=label,
    )


class Row(models.Model):
    """A row with an id of the core."""

    id = models.CharField("ID", max_length=_ID_LENGTH, primary_key=True, editable=False)

    class Meta:
        abstract = True
        managed = False


class Product(Row):
    """What is sold."""

    name = models.TextField(_("name"))
    price_cents = models.BigIntegerField(_("price"), null=True)
    deposit_cents = models.BigIntegerField(_("deposit"))
    tax_key = models.TextField(_("tax key"))
    number = models.IntegerField(_("short number"), null=True)
    unit = models.TextField(_("unit"))
    low_stock = models.BigIntegerField(_("low stock from"), null=True)
    retired = Flag(_("retired"))
    codes: Any

    class Meta(Row.Meta):
        abstract = False
        db_table = "product"
        ordering = ("name",)
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class Barcode(models.Model):
    """What a scanner reads."""

    code = models.CharField(_("code"), max_length=200, primary_key=True)
    own = models.TextField("ID", db_column="id", editable=False)
    product = link("Product", _("product"), back="codes")
    pack_size = models.IntegerField(_("pieces in the crate"), null=True)
    pack_deposit_cents = models.BigIntegerField(_("deposit of the crate"), null=True)

    class Meta:
        managed = False
        db_table = "barcode"
        ordering = ("code",)
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")

    def __str__(self) -> str:
        return self.code


class Group(Row):
    """A price group."""

    name = models.TextField(_("name"))
    retired = Flag(_("retired"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "member_group"
        ordering = ("name",)
        verbose_name = _("price group")
        verbose_name_plural = _("price groups")

    def __str__(self) -> str:
        return self.name


class Member(Row):
    """Who belongs to the house."""

    name = models.TextField(_("name"))
    number = models.IntegerField(_("number"), null=True)
    group = link("Group", _("price group"), "member_group")
    wallet = models.TextField(_("wallet"))
    role = models.TextField(_("role"))
    language = models.TextField(_("language"), null=True)
    history = Flag(_("keeps a history"))
    retired = Flag(_("retired"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "member"
        ordering = ("name",)
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.name or str(_("(erased)"))


class Supplier(Row):
    """Who delivers."""

    name = models.TextField(_("name"))
    retired = Flag(_("retired"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "supplier"
        ordering = ("name",)
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.name or str(_("(erased)"))


class Condition(Row):
    """Who pays what, from when to when."""

    member = link("Member", _("member"), empty=True)
    group = link("Group", _("price group"), "member_group", empty=True)
    product = link("Product", _("product"), empty=True)
    min_quantity = models.IntegerField(_("from quantity"))
    kind = models.TextField(_("kind"))
    value = models.BigIntegerField(_("value"))
    levy_cents = models.BigIntegerField(_("levy"))
    levy_for = models.TextField(_("levy for"))
    starts_ms = models.BigIntegerField(_("start"))
    ends_ms = models.BigIntegerField(_("end"))
    comment = models.TextField(_("comment"))
    retired = Flag(_("retired"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "condition"
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        named = [str(each) for each in (self.member, self.group, self.product) if each]
        return ", ".join(named) or str(_("everybody, everything"))


class Wallet(Row):
    """What somebody may spend; of a member, or of an anonymous card."""

    member = link("Member", _("member"), empty=True)
    group = link("Group", _("price group"), "member_group", empty=True)
    credit_cents = models.BigIntegerField(_("credit"))
    home = link("Till", _("at home at"), "home", empty=True)
    member_id: str | None
    home_id: str | None

    class Meta(Row.Meta):
        abstract = False
        db_table = "desk_wallet"
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")

    def __str__(self) -> str:
        return str(self.member) if self.member else str(_("guest card %s")) % self.pk[:4]


class Card(Row):
    """What opens a wallet."""

    code = models.TextField(_("code"), null=True)
    wallet = link("Wallet", _("wallet"))
    blocked = Flag(_("blocked"))
    asks_pin = Flag(_("asks for the PIN"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "card"
        ordering = ("code",)
        verbose_name = _("card")
        verbose_name_plural = _("cards")

    def __str__(self) -> str:
        return self.code or str(_("(erased)"))


class Lot(Row):
    """Goods of one delivery, and what is left of them."""

    product = link("Product", _("product"))
    branch = link("Branch", _("branch"), empty=True)
    quantity = models.BigIntegerField(_("delivered"))
    cost_cents = models.BigIntegerField(_("cost"))
    quantity_left = models.BigIntegerField(_("left"))
    best_before = models.TextField(_("best before"), null=True)
    receipt = models.TextField(_("receipt"), null=True)
    position = models.BigIntegerField(_("document"))

    class Meta(Row.Meta):
        abstract = False
        db_table = "desk_lot"
        ordering = ("-position",)
        verbose_name = _("lot")
        verbose_name_plural = _("deliveries and lots")

    def __str__(self) -> str:
        return f"{self.product} {self.quantity}"


class Stock(models.Model):
    """What is there of a product, per branch."""

    key = models.TextField(primary_key=True)
    product = link("Product", _("product"))
    branch = link("Branch", _("branch"), empty=True)
    quantity = models.BigIntegerField(_("quantity"))
    cost_cents = models.BigIntegerField(_("value"))

    class Meta:
        managed = False
        db_table = "desk_stock"
        verbose_name = _("stock of a product")
        verbose_name_plural = _("stock")

    def __str__(self) -> str:
        return str(self.product)
