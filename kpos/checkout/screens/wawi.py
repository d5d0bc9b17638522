"""What an idle till says of its WaWi: in the corner, in few words."""

from __future__ import annotations

from kpos.checkout.screens.view import View

_HOUR, _DAY = 60, 24 * 60


def wawi_seen(view: View) -> str:
    """Nothing at a till that has none."""
    _, wawi = view.text, view.wawi
    if wawi is None:
        return ""
    if wawi.trouble == "revoked":
        return _("WaWi: pair anew")
    if wawi.out is None:
        return _("WaWi: kpos status") if wawi.trouble else _("WaWi ok")
    if wawi.out < 0:
        return _("no WaWi yet")
    if wawi.out < _HOUR:
        return _("no WaWi for {minutes} min").format(minutes=wawi.out)
    if wawi.out < _DAY:
        return _("no WaWi for {hours} h").format(hours=wawi.out // _HOUR)
    days = min(wawi.out // _DAY, 999)
    return _("no WaWi for 1 day") if days == 1 else _("no WaWi for {days} days").format(days=days)
