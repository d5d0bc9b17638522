"""The core's tables, as its first version made them."""

from __future__ import annotations

from django.db import migrations

from kpos.wawi.core.schema import found
from kpos.wawi.database import database


def make_tables(_apps: object, _editor: object) -> None:
    """In the transaction of the migration."""
    found(database())


class Migration(migrations.Migration):
    """The first."""

    initial = True
    dependencies = ()
    operations = (migrations.RunPython(make_tables),)
