"""Where Django looks for pages, and what the site as a whole is called."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group as Rights
from django.utils.translation import gettext_lazy as _

from kpos.wawi.desk.pages import conditions, goods, holdings, people, records, tills

__all__ = ["conditions", "goods", "holdings", "people", "records", "tills"]

admin.site.site_header = "kpos"
admin.site.site_title = "kpos"
admin.site.index_title = _("The house")
# Whoever may log in may do everything: there is nothing to group yet.
admin.site.unregister(Rights)
