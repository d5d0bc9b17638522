"""Products, barcodes, suppliers."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpos.domain.product import quantity_text
from kpos.domain.tax import TAX_KEYS
from kpos.wawi.desk.fields import HouseChoice, MoneyField, money_text
from kpos.wawi.desk.models import Barcode, Product, Supplier
from kpos.wawi.desk.pages.base import HouseForm, HousePage, InUse

_UNITS = [("piece", _("piece")), ("kg", _("kilogram"))]


class ProductForm(HouseForm):
    """A product; new ones with their barcodes."""

    name = forms.CharField(label=_("Name"), max_length=200)
    price_cents = MoneyField(
        label=_("Price"), required=False, help_text=_("Empty: the price of a condition.")
    )
    deposit_cents = MoneyField(label=_("Deposit"), required=False)
    tax_key = forms.ChoiceField(
        label=_("Tax key"),
        required=False,
        choices=[("", _("as usual")), *((k, k) for k in TAX_KEYS)],
    )
    number = forms.IntegerField(label=_("Short number"), required=False, min_value=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=_UNITS)
    low_stock = forms.CharField(
        label=_("Low stock from"), required=False, help_text=_("Pieces, or kilograms as 1.5.")
    )
    barcodes = forms.CharField(
        label=_("Barcodes"), required=False, help_text=_("Several with blanks between them.")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        product = self.instance
        if not product.pk:
            return
        self.initial |= {
            name: getattr(product, name)
            for name in ("name", "price_cents", "deposit_cents", "tax_key", "number", "unit")
        }
        if product.low_stock is not None:
            self.initial["low_stock"] = quantity_text(product.low_stock, product.unit)
        codes = Barcode.objects.filter(product=product).values_list("code", flat=True)
        self.initial["barcodes"] = " ".join(codes)

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or changed in what was typed."""
        values["deposit_cents"] = values["deposit_cents"] or 0
        values["low_stock"] = values["low_stock"] or None
        if self.is_new:
            added = values | {"barcodes": values["barcodes"].split()}
            return "product_add", added | {"tax_key": values["tax_key"] or None}
        changes = self.changes(values)
        if not changes.get("tax_key", "x"):
            del changes["tax_key"]
        return (
            ("product_set", {"product": self.instance.pk, "changes": changes}) if changes else None
        )


@admin.register(Product)
class ProductPage(HousePage):
    """Products."""

    form = ProductForm
    list_display = ("name", "shown_price", "shown_deposit", "number", "shown_unit", "shown_codes")
    list_filter = (InUse,)
    search_fields = ("name", "number", "codes__code")
    actions: ClassVar[list[str]] = ["retire"]
    fields = (
        *("name", "price_cents", "deposit_cents", "tax_key"),
        *("number", "unit", "low_stock", "barcodes"),
    )
    fixed = ("barcodes",)

    @admin.display(description=_("price"), ordering="price_cents")
    def shown_price(self, product: Product) -> str:
        """As a price tag has it."""
        return money_text(product.price_cents)

    @admin.display(description=_("deposit"), ordering="deposit_cents")
    def shown_deposit(self, product: Product) -> str:
        """Per piece."""
        return money_text(product.deposit_cents) if product.deposit_cents else ""

    @admin.display(description=_("unit"), ordering="unit")
    def shown_unit(self, product: Product) -> Any:
        """In words."""
        return dict(_UNITS)[product.unit]

    @admin.display(description=_("barcodes"))
    def shown_codes(self, product: Product) -> str:
        """All of them."""
        return " ".join(each.code for each in product.codes.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their barcodes at once."""
        return super().get_queryset(request).prefetch_related("codes")

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """Out of sale; number and barcodes are free again."""
        self.each(request, chosen, "product_retire", "product")


class BarcodeForm(HouseForm):
    """A barcode; of a crate with its pieces."""

    code = forms.CharField(label=_("Code"), max_length=200)
    product = HouseChoice(label=_("Product"), queryset=Product.objects.filter(retired=0))
    pack = forms.IntegerField(
        label=_("Pieces in the crate"), required=False, help_text=_("Empty: one piece.")
    )
    pack_deposit_cents = MoneyField(label=_("Deposit of the crate"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.initial |= {
                "code": self.instance.code,
                "product": self.instance.product_id,
                "pack": self.instance.pack_size,
                "pack_deposit_cents": self.instance.pack_deposit_cents,
            }

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or led elsewhere."""
        asked = {
            "product": values["product"],
            "pack_deposit_cents": values["pack_deposit_cents"] or 0,
        }
        if self.is_new:
            return "barcode_add", asked | {"code": values["code"], "pack": values["pack"]}
        return "barcode_set", asked | {"code": self.instance.code, "pack": values["pack"] or 1}


@admin.register(Barcode)
class BarcodePage(HousePage):
    """Barcodes."""

    form = BarcodeForm
    list_display = ("code", "product", "pack_size", "shown_deposit")
    list_select_related = ("product",)
    search_fields = ("code", "product__name")
    actions: ClassVar[list[str]] = ["retire"]
    fields = ("code", "product", "pack", "pack_deposit_cents")
    fixed = ("code",)

    @admin.display(description=_("deposit of the crate"))
    def shown_deposit(self, barcode: Barcode) -> str:
        """Of a crate."""
        return money_text(barcode.pack_deposit_cents) if barcode.pack_deposit_cents else ""

    @admin.action(description=_("Forget"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """It leads nowhere any more."""
        self.each(request, chosen, "barcode_retire", "code")


class SupplierForm(HouseForm):
    """A supplier."""

    name = forms.CharField(label=_("Name"), max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            self.initial["name"] = self.instance.name

    def request(self, values: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Added, or renamed."""
        if self.is_new:
            return "supplier_add", values
        return "supplier_set", {"supplier": self.instance.pk, "name": values["name"]}


@admin.register(Supplier)
class SupplierPage(HousePage):
    """Suppliers."""

    form = SupplierForm
    list_display = ("name",)
    list_filter = (InUse,)
    search_fields = ("name",)
    fields = ("name",)
    actions: ClassVar[list[str]] = ["retire"]

    @admin.action(description=_("Retire"))
    def retire(self, request: HttpRequest, chosen: Any) -> None:
        """No more deliveries of theirs."""
        self.each(request, chosen, "supplier_retire", "supplier")
