"""The application that Django knows the desk as."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Tables, migrations and pages of the house."""

    name = "kpos.wawi.desk"
    verbose_name = _("House")

    def ready(self) -> None:
        """Views follow the tables."""
        from kpos.wawi.desk.views import make_views

        post_migrate.connect(make_views, sender=self)
