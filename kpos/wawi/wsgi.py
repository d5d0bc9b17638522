"""For gunicorn, when one process is not enough: ``gunicorn kpos.wawi.wsgi`` (see the README)."""

from __future__ import annotations

from kpos.wawi.site import open_site

application = open_site()
