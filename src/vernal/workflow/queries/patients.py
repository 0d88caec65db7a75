"""The list of patients and the head of a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from vernal.accounts.models import User
from vernal.records.models import (
    Alert,
    IntakeSent,
    Patient,
    PatientAccount,
    PatientDetails,
    ReviewSigned,
    ScreeningDecision,
    SectionSaved,
)
from vernal.workflow.permissions import (
    FRONT_OF_HOUSE,
    check_may_list_patients,
    may_read_chart,
    sites_where,
)
from vernal.workflow.queries.sites import SiteView, site_view


@dataclass(frozen=True)
class PatientLine:
    """One line of the list. `step` is where the course of care stands."""

    id: UUID
    name: str
    site: SiteView
    step: str
    since: datetime
    has_open_alert: bool
    is_review_due: bool
    may_open: bool


def patients(*, by: User, at: datetime) -> list[PatientLine]:
    """Patients of the actor's sites, open alerts first, then reviews that are due."""
    check_may_list_patients(by)
    found = _with_course().filter(site__in=sites_where(by, FRONT_OF_HOUSE))
    lines = [
        PatientLine(
            id=row.pk,
            name=f"{row.given_name} {row.family_name}",
            site=site_view(row.site),
            step=step_of(row),
            since=row.at,
            has_open_alert=row.has_open_alert,
            is_review_due=_is_due(row, at),
            may_open=may_read_chart(by, row),
        )
        for row in found.select_related("site").order_by("-at")
    ]
    return sorted(lines, key=lambda line: (not line.has_open_alert, not line.is_review_due))


def _is_due(row: Patient, at: datetime) -> bool:
    """Whether the day has come on which the newest review wanted to be looked at again."""
    return (
        row.look_again_on is not None and row.look_again_on <= at.astimezone(row.site.zone).date()
    )


def step_of(row: Patient) -> str:
    """Where the course stands: invited, joined, intake, screening, or the decision itself."""
    if row.decision:
        return row.decision
    if row.intake_sent:
        return "screening"
    if row.intake_begun:
        return "intake"
    return "joined" if row.has_account else "invited"


def _with_course():
    details = PatientDetails.objects.filter(patient=OuterRef("pk")).order_by("-at")
    decisions = ScreeningDecision.objects.filter(patient=OuterRef("pk")).order_by("-at")
    reviews = ReviewSigned.objects.filter(patient=OuterRef("pk")).order_by("-at")
    return Patient.objects.annotate(
        look_again_on=Subquery(reviews.values("look_again_on")[:1]),
        given_name=Subquery(details.values("given_name")[:1]),
        family_name=Subquery(details.values("family_name")[:1]),
        decision=Subquery(decisions.values("outcome")[:1]),
        has_account=Exists(PatientAccount.objects.filter(patient=OuterRef("pk"))),
        intake_begun=Exists(SectionSaved.objects.filter(patient=OuterRef("pk"))),
        intake_sent=Exists(IntakeSent.objects.filter(patient=OuterRef("pk"))),
        has_open_alert=Exists(Alert.objects.filter(patient=OuterRef("pk"), acknowledged=None)),
    )
