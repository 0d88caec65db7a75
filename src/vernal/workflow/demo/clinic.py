"""The demo clinic's sites, people and patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vernal.accounts.models import Membership, OnCall, Role, Site, User
from vernal.workflow.demo.courses import ALDER, treat_some
from vernal.workflow.demo.planned import plan_some
from vernal.workflow.demo.stories import Clinic, tell_all
from vernal.workflow.demo.today import chart_some

PASSWORD = "winter-into-spring"  # printed by `vernal demo`; a made-up clinic has no secrets  # noqa: S105


@dataclass(frozen=True)
class Login:
    role: str
    name: str
    email: str
    password: str = PASSWORD


_STAFF = {
    Role.front_desk: "Fern Dasko",
    Role.nurse: "Noor Haddad",
    Role.prescriber: "Piet Okafor",
    Role.medical_director: "Mara Lindqvist",
    Role.administrator: "Ada Brook",
}
PATIENT = Login("Patient", "Wren Hollis", "wren@vernal.example")
LOGINS = [
    *(
        Login(role.label, name, f"{role.value.replace('_', '.')}@vernal.example")
        for role, name in _STAFF.items()
    ),
    PATIENT,
    Login("Patient, treated", f"{ALDER.given_name} {ALDER.family_name}", ALDER.email),
]


@transaction.atomic
def load(*, now: datetime | None = None) -> None:
    """Make the clinic once; a clinic that is there is left as it is."""
    if Site.objects.exists():
        return
    now = now or timezone.now()
    clinic = open_clinic(now=now)
    tell_all(clinic, now=now)
    plan_some(clinic, now=now)
    treat_some(clinic, now=now)
    chart_some(clinic, now=now)


def open_clinic(*, now: datetime) -> Clinic:
    """The site and who works there, for three months; no patient yet."""
    opened = now - timedelta(days=90)
    site = Site.objects.create(
        slug="laramie",
        name="Laramie demo clinic",
        time_zone="America/Denver",
        phone="307 555 0100",
        opening_hours="Monday to Friday, 8:00 to 17:00",
    )
    staff = {role: _hire(role, name, site, opened) for role, name in _STAFF.items()}
    OnCall.objects.create(
        site=site,
        user=staff[Role.prescriber],
        since=opened,
        set_by=staff[Role.medical_director],
    )
    return Clinic(
        site=site,
        front_desk=staff[Role.front_desk],
        nurse=staff[Role.nurse],
        prescriber=staff[Role.prescriber],
        medical_director=staff[Role.medical_director],
    )


def _hire(role: Role, name: str, site: Site, at: datetime) -> User:
    email = f"{role.value.replace('_', '.')}@vernal.example"
    user = User.objects.create_user(email, PASSWORD, name=name)
    Membership.objects.create(user=user, site=site, role=role, granted_at=at)
    return user
