"""What pages show, as frozen dataclasses: never models, never querysets.

Each function checks who asks, and notes in the audit chain when a chart is read.
"""

from vernal.workflow.queries.alerts import AlertView, alert, alerts, count_open_alerts
from vernal.workflow.queries.inquiries import (
    InquiryLine,
    InquiryView,
    inbox,
    inquiry,
    invitation,
    sites_for_inquiries,
)
from vernal.workflow.queries.patients import PatientLine, patients
from vernal.workflow.queries.sites import SiteView, database_vendor, ping, sites

__all__ = [
    "AlertView",
    "InquiryLine",
    "InquiryView",
    "PatientLine",
    "SiteView",
    "alert",
    "alerts",
    "count_open_alerts",
    "database_vendor",
    "inbox",
    "inquiry",
    "invitation",
    "patients",
    "ping",
    "sites",
    "sites_for_inquiries",
]
