"""What `base.html` needs on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.workflow import permissions, queries


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    logged_in = user is not None and user.is_authenticated
    staff = logged_in and user.is_staff_member
    return {
        "demo": settings.DEMO,
        "nav_items": _staff_nav(request) if staff else _patient_nav(request) if logged_in else [],
        "current_user_name": user.name if logged_in else "",
        "is_staff": staff,
        "help_now": None if staff else {"clinics": queries.sites()},
        "open_alerts": queries.count_open_alerts(by=user)
        if staff and permissions.may_read_alerts(user)
        else 0,
    }


def _staff_nav(request: HttpRequest) -> list[NavItem]:
    user = request.user
    wanted = [
        (_("Sessions"), "sessions_today", permissions.may_see_sessions(user)),
        (_("Patients"), "patients", permissions.may_list_patients(user)),
        (_("Inbox"), "inbox", permissions.may_read_inbox(user)),
        (_("Alerts"), "alerts", permissions.may_read_alerts(user)),
        (_("Staff"), "site_staff", permissions.may_run_site(user)),
        (_("Audit"), "site_audit", permissions.may_run_site(user)),
    ]
    return [_item(request, label, name) for label, name, allowed in wanted if allowed]


def _patient_nav(request: HttpRequest) -> list[NavItem]:
    return [
        _item(request, _("My care"), "my_care"),
        _item(request, _("How I am doing"), "my_outcomes"),
        _item(request, _("Help now"), "help_now"),
    ]


def _item(request: HttpRequest, label: str, name: str) -> NavItem:
    url = reverse(name)
    return NavItem(label, url, is_current=request.path == url)
