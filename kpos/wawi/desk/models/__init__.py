"""Windows over the core's tables, for reading. Nothing is ever saved through them."""

from __future__ import annotations

from kpos.wawi.desk.models.master import (
    Barcode,
    Card,
    Condition,
    Group,
    Lot,
    Member,
    Product,
    Stock,
    Supplier,
    Wallet,
)
from kpos.wawi.desk.models.records import Alarm, Audit, Branch, Document, Till

__all__ = [
    "Alarm",
    "Audit",
    "Barcode",
    "Branch",
    "Card",
    "Condition",
    "Document",
    "Group",
    "Lot",
    "Member",
    "Product",
    "Stock",
    "Supplier",
    "Till",
    "Wallet",
]
