"""Sites, and whether the database answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from vernal.accounts.models import Site


@dataclass(frozen=True)
class SiteView:
    id: UUID
    name: str
    phone: str
    hours: str
    time_zone: str


def sites() -> list[SiteView]:
    """Every site, as the public may see it."""
    return [site_view(site) for site in Site.objects.all()]


def site_view(site: Site) -> SiteView:
    return SiteView(site.pk, site.name, site.phone, site.opening_hours, site.time_zone)


def ping() -> None:
    """Ask the database one thing; raises Django's database error when it does not answer."""
    Site.objects.exists()


def database_vendor() -> str:
    return connection.vendor
