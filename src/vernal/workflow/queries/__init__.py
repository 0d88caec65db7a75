"""What pages show, as frozen dataclasses: never models, never querysets.

Each function checks who asks, and notes in the audit chain when a chart is read.
"""

from vernal.workflow.queries.alerts import count_open_alerts
from vernal.workflow.queries.inquiries import (
    inbox,
    inquiry,
    invitation,
    sites_for_inquiries,
)
from vernal.workflow.queries.sites import SiteView, database_vendor, ping, sites

__all__ = [
    "SiteView",
    "count_open_alerts",
    "database_vendor",
    "inbox",
    "inquiry",
    "invitation",
    "ping",
    "sites",
    "sites_for_inquiries",
]
