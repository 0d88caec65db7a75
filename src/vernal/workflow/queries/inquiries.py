"""The inbox, one inquiry, one invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from vernal.accounts.models import Site, User
from vernal.records.models import Inquiry, Invitation, PatientAccount
from vernal.workflow import inquiries as acts
from vernal.workflow.errors import NotFound
from vernal.workflow.permissions import (
    FRONT_OF_HOUSE,
    check_may_answer_inquiry,
    check_may_read_inbox,
    sites_where,
)
from vernal.workflow.queries.readings import note_inquiry_reading, note_list_reading
from vernal.workflow.queries.sites import SiteView, site_view

INBOX_LENGTH = 200


@dataclass(frozen=True)
class InquiryLine:
    """One line of the inbox. `state` is waiting, invited, joined or closed."""

    id: UUID
    at: datetime
    name: str
    channel: str
    asks_for: str
    state: str
    site: SiteView


@dataclass(frozen=True)
class InquiryView:
    id: UUID
    at: datetime
    taken_by: str
    site: SiteView
    channel: str
    asks_for: str
    given_name: str
    family_name: str
    loved_one_name: str
    reach_by: str
    email: str
    phone: str
    message: str
    state: str
    closed_because: str
    invited_at: datetime | None
    invited_address: str

    @property
    def suggested_patient(self) -> dict[str, str]:
        """What the invitation form begins with: the asker, unless they ask for someone else."""
        if self.asks_for == Inquiry.AsksFor.loved_one:
            given_name, _, family_name = self.loved_one_name.partition(" ")
            return {"given_name": given_name, "family_name": family_name}
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "email": self.email,
        }


@dataclass(frozen=True)
class InvitationView:
    email: str
    given_name: str
    site: SiteView


def inbox(*, by: User, at: datetime) -> list[InquiryLine]:
    """The newest inquiries of the actor's sites, those that wait first; what stood on the list is
    on record."""
    check_may_read_inbox(by)
    found = _with_state().filter(site__in=sites_where(by, FRONT_OF_HOUSE)).order_by("-at")
    rows = list(found.select_related("site", "closed")[:INBOX_LENGTH])
    shown = [(row.site_id, row.pk) for row in rows]
    note_list_reading("inbox.read", by=by, at=at, shown=shown, of="inquiries")
    lines = [
        InquiryLine(
            id=row.pk,
            at=row.at,
            name=f"{row.given_name} {row.family_name}",
            channel=row.channel,
            asks_for=row.asks_for,
            state=_state(row),
            site=site_view(row.site),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.state != "waiting")


def inquiry(*, by: User, inquiry_id: UUID, at: datetime) -> InquiryView:
    """One inquiry, to be shown; the reading is noted."""
    row = (
        _with_state()
        .select_related("site", "closed", "by")
        .prefetch_related("invitations")
        .filter(pk=inquiry_id)
        .first()
    )
    if row is None:
        raise NotFound
    check_may_answer_inquiry(by, row)
    newest = max(row.invitations.all(), key=lambda each: each.at, default=None)
    patient_id = newest.patient_id if newest else None
    note_inquiry_reading(by=by, inquiry=row, patient_id=patient_id, at=at)
    return InquiryView(
        id=row.pk,
        at=row.at,
        taken_by=row.by.name if row.by else "",
        site=site_view(row.site),
        channel=row.channel,
        asks_for=row.asks_for,
        given_name=row.given_name,
        family_name=row.family_name,
        loved_one_name=row.loved_one_name,
        reach_by=row.reach_by,
        email=row.email,
        phone=row.phone,
        message=row.message,
        state=_state(row),
        closed_because=row.closed.reason if hasattr(row, "closed") else "",
        invited_at=newest.at if newest else None,
        invited_address=newest.email if newest else "",
    )


def invitation(*, token: str, at: datetime) -> InvitationView:
    """What the person behind a one-time link sees before choosing a password."""
    row = acts.open_invitation(token, at=at)
    details = row.patient.details.latest("at")
    return InvitationView(row.email, details.given_name, site_view(row.patient.site))


def sites_for_inquiries(*, by: User) -> list[SiteView]:
    """Sites at which the actor may take down an inquiry."""
    check_may_read_inbox(by)
    ids = sites_where(by, FRONT_OF_HOUSE)
    return [site_view(site) for site in Site.objects.filter(pk__in=ids)]


def _with_state():
    return Inquiry.objects.annotate(
        is_invited=Exists(Invitation.objects.filter(inquiry=OuterRef("pk"))),
        has_joined=Exists(
            PatientAccount.objects.filter(patient__invitations__inquiry=OuterRef("pk"))
        ),
    )


def _state(row: Inquiry) -> str:
    if row.has_joined:
        return "joined"
    if row.is_invited:
        return "invited"
    return "closed" if hasattr(row, "closed") else "waiting"
