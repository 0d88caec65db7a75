"""Two sites with a user for each role at the first, and the same rows at both.

What belongs to a patient is there for a second patient of the first site too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from tests.coursing import make_coursing
from tests.factories import (
    make_alert,
    make_inquiry,
    make_invitation,
    make_newcomer,
    make_patient,
    make_site,
    make_staff,
)
from vernal.accounts.models import Role, Site, User
from vernal.workflow.staff import staff_invitation_token

OWN, OTHER = "laramie", "cheyenne"
# Another patient of the own site.
NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class World:
    """`users` are the people of the own site.

    Each other mapping goes from a site, or from the second patient, to the row.
    """

    sites: dict[str, Site]
    users: dict[str, User]
    inquiry: dict[str, UUID]
    token: dict[str, str]
    patient_id: dict[str, UUID]
    alert: dict[str, UUID]
    newcomer: dict[str, UUID]
    join_token: dict[str, str]
    membership: dict[str, UUID]
    site_id: dict[str, UUID]
    given_session: dict[str, UUID]
    event: dict[str, UUID]


def make_world() -> World:
    sites = {slug: make_site(slug) for slug in (OWN, OTHER)}
    users = {role.value: make_staff(role, sites[OWN]) for role in Role}
    inviting = {OWN: users["front_desk"], OTHER: make_staff(Role.front_desk, sites[OTHER])}
    home = {OWN: OWN, OTHER: OTHER, NEIGHBOUR: OWN}
    patients = {who: make_patient(inviting[at], sites[at]) for who, at in home.items()}
    now = timezone.now()
    today = now.astimezone(sites[OWN].zone).date()
    earlier = [today - timedelta(days=days) for days in (1, 2, 3)]
    given = {
        who: make_coursing(
            sites[at],
            given=1,
            patient=patients[who],
            now=now - timedelta(days=5),
            first_on=next(day for day in earlier if day.weekday() < 5),
        ).session()
        for who, at in home.items()
    }
    newcomers = {slug: make_newcomer(sites[slug]) for slug in sites}
    return World(
        sites=sites,
        users={**users, "patient": patients[OWN].user},
        inquiry={slug: make_inquiry(sites[slug]) for slug in sites},
        token={slug: make_invitation(inviting[slug], sites[slug]).token for slug in sites},
        patient_id={who: patient.patient_id for who, patient in patients.items()},
        alert={who: make_alert(patient) for who, patient in patients.items()},
        newcomer={slug: user.pk for slug, user in newcomers.items()},
        join_token={
            slug: staff_invitation_token(user.pk, at=timezone.now())
            for slug, user in newcomers.items()
        },
        membership={slug: user.memberships.get().pk for slug, user in newcomers.items()},
        site_id={slug: site.pk for slug, site in sites.items()},
        given_session={slug: session.pk for slug, session in given.items()},
        event={slug: session.events.earliest("received_at").pk for slug, session in given.items()},
    )
