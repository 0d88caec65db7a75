"""Moments and spans as a nurse reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def span(length: timedelta) -> str:
    minutes = max(int(length.total_seconds() // 60), 0)
    hours, days = minutes // 60, minutes // (24 * 60)
    if not hours:
        return _("%(n)s min") % {"n": minutes}
    if not days:
        return _("%(h)s h %(m)02d min") % {"h": hours, "m": minutes % 60}
    told = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return _("%(days)s %(h)s h") % {"days": told, "h": hours % 24}
