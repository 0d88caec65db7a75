"""What the pages about staff and the audit chain show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.web.parts import Cell, Column, Link, SummaryRow, moment
from vernal.web.staff.forms import OnCallForm, SitePhoneForm
from vernal.web.staff.words import ROLES, act_in_words
from vernal.workflow.queries import AuditView, SiteStaff, StaffMemberView


@dataclass(frozen=True)
class SitePart:
    """One site on the staff page, with its own two small forms."""

    id: UUID
    name: str
    on_call: str
    columns: list[Column]
    rows: list[list[Cell]]
    on_call_form: OnCallForm
    phone_form: SitePhoneForm


@dataclass(frozen=True)
class RoleLine:
    id: UUID
    label: str
    since: str
    ended: str
    is_held: bool


@dataclass(frozen=True)
class MemberPage:
    id: UUID
    title: str
    breadcrumbs: list[Link]
    rows: list[SummaryRow]
    roles: list[RoleLine]
    waits_for_password: bool
    is_self: bool
    may_reset: bool


@dataclass(frozen=True)
class ResetPage:
    title: str
    breadcrumbs: list[Link]
    rows: list[SummaryRow]


@dataclass(frozen=True)
class AuditPage:
    columns: list[Column]
    rows: list[list[Cell]]
    state: str
    state_kind: str
    wrong: tuple[str, ...]
    head: str


def site_part(
    staff: SiteStaff,
    *,
    on_call_form: OnCallForm | None = None,
    phone_form: SitePhoneForm | None = None,
) -> SitePart:
    """The forms are given where they were refused and must be shown again."""
    labels = (_("Name"), _("Roles"), _("Since"), _("Logs in"))
    prefix = str(staff.site.id)
    return SitePart(
        id=staff.site.id,
        name=staff.site.name,
        on_call=staff.on_call,
        columns=[Column(label) for label in labels],
        rows=[_member_row(member) for member in staff.members],
        on_call_form=on_call_form or OnCallForm(staff=staff, auto_id=f"{prefix}-%s"),
        phone_form=phone_form
        or SitePhoneForm(initial={"phone": staff.site.phone}, auto_id=f"{prefix}-%s"),
    )


def _member_row(member: StaffMemberView) -> list[Cell]:
    held = member.held
    roles = ", ".join(str(ROLES[role.role]) for role in held)
    since = min((role.granted_at for role in held), default=None)
    return [
        Cell(member.name, url=reverse("staff_member", kwargs={"user_id": member.id})),
        Cell(roles or _("No longer works here")),
        Cell(moment(since, held[0].site.time_zone) if since else "–"),
        Cell(_("Yes")) if member.has_password else Cell(_("Link sent"), tag_kind=""),
    ]


def member_page(member: StaffMemberView) -> MemberPage:
    return MemberPage(
        id=member.id,
        title=member.name,
        breadcrumbs=[Link(_("Staff"), reverse("site_staff"))],
        rows=[
            SummaryRow(_("E-mail"), member.email),
            SummaryRow(
                _("Second step"), _("Set up") if member.has_second_factor else _("None yet")
            ),
        ],
        roles=[
            RoleLine(
                id=role.id,
                label=f"{ROLES[role.role]}, {role.site.name}",
                since=_moment_and_name(role.granted_at, role.granted_by, role.site.time_zone),
                ended=_moment_and_name(role.ended_at, role.ended_by, role.site.time_zone),
                is_held=role.ended_at is None,
            )
            for role in member.roles
        ],
        waits_for_password=not member.has_password,
        is_self=member.is_self,
        may_reset=member.has_second_factor and member.may_reset_second_factor,
    )


def reset_page(member: StaffMemberView) -> ResetPage:
    address = reverse("staff_member", kwargs={"user_id": member.id})
    return ResetPage(
        title=_("Remove the second step"),
        breadcrumbs=[Link(_("Staff"), reverse("site_staff")), Link(member.name, address)],
        rows=[SummaryRow(_("Name"), member.name), SummaryRow(_("E-mail"), member.email)],
    )


def audit_page(view: AuditView) -> AuditPage:
    labels = (_("No."), _("When"), _("Who"), _("What"), _("Patient"), _("Site"))
    return AuditPage(
        columns=[Column(labels[0], is_number=True), *(Column(label) for label in labels[1:])],
        rows=[
            [
                Cell(str(line.sequence)),
                Cell(moment(line.at, line.site.time_zone)),
                Cell(line.actor or _("A visitor, or Vernal itself")),
                Cell(act_in_words(line.act)),
                Cell(
                    str(line.patient_id)[:8],
                    url=f"{reverse('site_audit')}?patient={line.patient_id}",
                )
                if line.patient_id
                else Cell("–"),
                Cell(line.site.name),
            ]
            for line in view.lines
        ],
        state=_state(view),
        state_kind="danger" if view.wrong else "done" if view.was_walked else "info",
        wrong=view.wrong,
        head=view.head,
    )


def _state(view: AuditView) -> str:
    if view.wrong:
        return _(
            "Something was changed or removed outside Vernal. Keep everything as it is and call "
            "whoever looks after the server."
        )
    if view.was_walked:
        return _("All %(entries)s entries fit: nothing was changed or removed.") % {
            "entries": view.entries
        }
    return _("%(entries)s entries in the whole installation; not walked just now.") % {
        "entries": view.entries
    }


def _moment_and_name(at: object, name: str, zone: str) -> str:
    if at is None:
        return ""
    when = moment(at, zone)
    return _("%(when)s, by %(name)s") % {"when": when, "name": name} if name else when
