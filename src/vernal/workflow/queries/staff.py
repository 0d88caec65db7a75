"""Who works where, and what the audit chain says about the actor's sites."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from vernal.accounts.models import Membership, Site, User
from vernal.audit.chain import BEGINNING
from vernal.audit.models import Entry
from vernal.workflow import staff as acts
from vernal.workflow.alerts import person_on_call
from vernal.workflow.permissions import (
    CLINICAL,
    RUNNING_THE_SITE,
    check_may_run_site,
    check_may_run_this_site,
    sites_where,
)
from vernal.workflow.proof import prove
from vernal.workflow.queries.readings import note_list_reading
from vernal.workflow.queries.sites import SiteView, site_view

AUDIT_LENGTH = 200


@dataclass(frozen=True)
class HeldRole:
    """One role at one site. `ended_at` is empty while it is held."""

    id: UUID
    role: str
    site: SiteView
    granted_at: datetime
    granted_by: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class StaffMemberView:
    """A person with the roles at the actor's sites, those still held first."""

    id: UUID
    name: str
    email: str
    has_password: bool
    is_self: bool
    roles: list[HeldRole]
    has_second_factor: bool = False  # asked for one person, not for a list
    may_reset_second_factor: bool = False

    @property
    def held(self) -> list[HeldRole]:
        return [role for role in self.roles if role.ended_at is None]


@dataclass(frozen=True)
class SiteStaff:
    """One site that the actor runs. `may_answer` are the people who can be on call."""

    site: SiteView
    on_call_id: UUID | None
    on_call: str
    members: list[StaffMemberView]
    may_answer: list[StaffMemberView]


@dataclass(frozen=True)
class AuditLine:
    sequence: int
    at: datetime
    act: str
    actor: str
    site: SiteView
    patient_id: UUID | None
    subject: str


@dataclass(frozen=True)
class AuditView:
    """The newest entries; what is `wrong` is only known when everything was walked."""

    lines: list[AuditLine]
    entries: int
    head: str
    was_walked: bool
    wrong: tuple[str, ...]


def site_staff(*, by: User) -> list[SiteStaff]:
    """Every site the actor runs, with who works there."""
    check_may_run_site(by)
    return [_site_staff(by, site) for site in _run_sites(by)]


def staff_of_site(*, by: User, site_id: UUID) -> SiteStaff:
    """One site the actor runs."""
    check_may_run_this_site(by, _At(site_id))
    return _site_staff(by, Site.objects.get(pk=site_id))


def staff_member(*, by: User, user_id: UUID) -> StaffMemberView:
    user = acts.member_with(by, user_id)
    return replace(
        _member(by, user, _memberships(by).filter(user=user)),
        has_second_factor=acts.has_second_factor(user),
        may_reset_second_factor=acts.may_reset_second_factor(by, user_id),
    )


def member_to_reset(*, by: User, user_id: UUID) -> StaffMemberView:
    """Someone whose second step the actor may remove."""
    acts.member_to_reset(by, user_id)
    return staff_member(by=by, user_id=user_id)


def sites_run(*, by: User) -> list[SiteView]:
    """Sites whose staff the actor looks after."""
    check_may_run_site(by)
    return [site_view(site) for site in _run_sites(by)]


def staff_invitation(*, token: str, at: datetime) -> StaffMemberView:
    """What the person behind a one-time link sees before choosing a password."""
    user = acts.open_staff_invitation(token, at=at)
    return _member(user, user, _all_memberships().filter(user=user))


def audit_entries(
    *, by: User, at: datetime, patient_id: UUID | None = None, walk: bool = False
) -> AuditView:
    """The newest audit entries of the actor's sites; with `walk`, everything is proven.

    They tell what was done to whom, and name patients who did something themselves: whose entries
    were shown is on record too.
    """
    check_may_run_site(by)
    sites = {site.pk: site_view(site) for site in _run_sites(by)}
    rows = Entry.objects.filter(site_id__in=sites).order_by("-sequence")
    if patient_id:
        rows = rows.filter(patient_id=patient_id)
    rows = list(rows[:AUDIT_LENGTH])
    shown = [(row.site_id, row.patient_id) for row in rows if row.patient_id]
    note_list_reading("audit.read", by=by, at=at, shown=shown)
    names = dict(
        User.objects.filter(pk__in={row.actor_id for row in rows}).values_list("pk", "name")
    )
    proof = prove() if walk else None
    last = Entry.objects.order_by("-sequence").first()
    return AuditView(
        lines=[
            AuditLine(
                sequence=row.sequence,
                at=row.at,
                act=row.act,
                actor=names.get(row.actor_id, ""),
                site=sites[row.site_id],
                patient_id=row.patient_id,
                subject=row.subject,
            )
            for row in rows
        ],
        entries=proof.chain.entries if proof else last.sequence if last else 0,
        head=proof.chain.head if proof else last.hash if last else BEGINNING,
        was_walked=walk,
        wrong=proof.wrong if proof else (),
    )


@dataclass(frozen=True)
class _At:
    site_id: UUID


def _run_sites(by: User) -> list[Site]:
    return list(Site.objects.filter(pk__in=sites_where(by, RUNNING_THE_SITE)))


def _all_memberships():
    return Membership.objects.select_related("user", "site", "granted_by", "ended_by").order_by(
        "granted_at"
    )


def _memberships(by: User):
    return _all_memberships().filter(site__in=sites_where(by, RUNNING_THE_SITE))


def _site_staff(by: User, site: Site) -> SiteStaff:
    of_person: dict[User, list[Membership]] = defaultdict(list)
    for membership in _memberships(by).filter(site=site):
        of_person[membership.user].append(membership)
    members = [_member(by, user, held) for user, held in of_person.items()]
    on_call = person_on_call(site.pk)
    return SiteStaff(
        site=site_view(site),
        on_call_id=on_call.pk if on_call else None,
        on_call=on_call.name if on_call else "",
        members=sorted(members, key=lambda member: (not member.held, member.name)),
        may_answer=[
            member for member in members if any(role.role in CLINICAL for role in member.held)
        ],
    )


def _member(by: User, user: User, memberships) -> StaffMemberView:
    roles = [
        HeldRole(
            id=row.pk,
            role=row.role,
            site=site_view(row.site),
            granted_at=row.granted_at,
            granted_by=row.granted_by.name if row.granted_by else "",
            ended_at=row.ended_at,
            ended_by=row.ended_by.name if row.ended_by else "",
        )
        for row in memberships
    ]
    return StaffMemberView(
        id=user.pk,
        name=user.name,
        email=user.email,
        has_password=user.has_usable_password(),
        is_self=user.pk == by.pk,
        roles=sorted(roles, key=lambda role: role.ended_at is not None),
    )
