"""Objects for tests, built through acts, so that tests cannot hold the impossible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from vernal.accounts.models import Membership, Role, Site, User
from vernal.records.models import Alert, Patient
from vernal.rules.facts import SUICIDAL_STEPS
from vernal.workflow import alerts, inquiries, intake, staff
from vernal.workflow.inquiries import Contact

NOW = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"  # long enough for the rules, the same for everyone


def make_site(slug: str = "laramie") -> Site:
    return Site.objects.create(
        slug=slug,
        name=f"{slug.title()} clinic",
        time_zone="America/Denver",
        phone="307 555 0100",
        opening_hours="Weekdays 8 to 17",
    )


def make_staff(role: Role, site: Site, *, name: str = "") -> User:
    name = name or f"{role.label} of {site.slug}"
    user = User.objects.create_user(f"{uuid4().hex}@vernal.example", PASSWORD, name=name)
    Membership.objects.create(user=user, site=site, role=role, granted_at=NOW)
    return user


def make_newcomer(site: Site) -> User:
    """Someone an administrator has just added: a nurse who has not chosen a password yet."""
    user_id = staff.add_staff_member(
        by=make_staff(Role.administrator, site),
        site_id=site.pk,
        name="Nora Quill",
        email=f"{uuid4().hex}@vernal.example",
        role="nurse",
        id=uuid4(),
        at=NOW,
    )
    return User.objects.get(pk=user_id)


def contact(**changes: str) -> Contact:
    given = {
        "given_name": "Wren",
        "family_name": "Hollis",
        "asks_for": "self",
        "reach_by": "email",
        "email": f"{uuid4().hex}@vernal.example",
    }
    return Contact(**{**given, **changes})


def make_inquiry(site: Site, *, at: datetime = NOW, **changes: str) -> UUID:
    return inquiries.take_inquiry(
        by=None, site_id=site.pk, contact=contact(**changes), id=uuid4(), at=at
    )


@dataclass(frozen=True)
class Invited:
    patient_id: UUID
    token: str


def make_invitation(by: User, site: Site, *, at: datetime | None = None) -> Invited:
    at = at or timezone.now() - timedelta(hours=1)
    inquiry_id, invitation_id = make_inquiry(site, at=at), uuid4()
    patient_id = inquiries.invite(
        by=by,
        inquiry_id=inquiry_id,
        given_name="Wren",
        family_name="Hollis",
        email=f"{uuid4().hex}@vernal.example",
        id=invitation_id,
        at=at,
    )
    return Invited(patient_id, inquiries.invitation_token(invitation_id))


@dataclass(frozen=True)
class PatientWithAccount:
    patient_id: UUID
    user: User


def make_patient(by: User, site: Site, *, at: datetime | None = None) -> PatientWithAccount:
    """A patient who has accepted the invitation."""
    at = at or timezone.now() - timedelta(hours=1)
    invited = make_invitation(by, site, at=at)
    user = inquiries.accept_invitation(
        token=invited.token, password=PASSWORD, at=at + timedelta(minutes=5)
    )
    return PatientWithAccount(invited.patient_id, user)


def make_alert(patient: PatientWithAccount, *, at: datetime | None = None) -> UUID:
    """An open alert, as a scale of the patient's own would raise it."""
    source = f"assessment:{uuid4()}"
    with transaction.atomic():
        alerts.open_alert(
            by=patient.user,
            patient=Patient.objects.get(pk=patient.patient_id),
            kind=Alert.Kind.suicidal_thoughts,
            source=source,
            at=at or timezone.now(),
        )
    return Alert.objects.get(source=source).pk


def tell_thoughts(patient: PatientWithAccount, *levels: int, at: datetime | None = None) -> None:
    """The patient answers yes to these steps of five, from a wish to be dead to a plan."""
    steps = enumerate(SUICIDAL_STEPS, start=1)
    typed = {step: "yes" if number in levels else "no" for number, step in steps}
    intake.save_answers(
        by=patient.user,
        patient_id=patient.patient_id,
        section_id="suicidal_thoughts",
        typed=typed,
        id=uuid4(),
        at=at or timezone.now(),
    )


def tell_item_9(patient: PatientWithAccount, answer: int, *, at: datetime | None = None) -> None:
    """The patient answers item 9 of the PHQ-9, 0 to 3."""
    intake.save_scale(
        by=patient.user,
        patient_id=patient.patient_id,
        scale_id="phq-9",
        answers={"9": answer},
        id=uuid4(),
        at=at or timezone.now(),
    )
