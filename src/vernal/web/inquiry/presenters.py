"""What the pages of first contact show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Cell, Column, Link, SummaryRow, moment
from vernal.workflow.queries import InquiryLine, InquiryView

STATES = {
    "waiting": gettext_lazy("Waits for an answer"),
    "invited": gettext_lazy("Invited"),
    "joined": gettext_lazy("Has an account"),
    "closed": gettext_lazy("Closed"),
}
CHANNELS = {
    "web": gettext_lazy("Public page"),
    "telephone": gettext_lazy("Telephone"),
}


@dataclass(frozen=True)
class InboxPage:
    columns: list[Column]
    rows: list[list[Cell]]
    actions: list[Link]


@dataclass(frozen=True)
class InquiryPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    rows: list[SummaryRow]
    invited: str
    invited_to: str


def inbox_page(lines: list[InquiryLine]) -> InboxPage:
    labels = (_("Who asks"), _("How it stands"), _("Arrived"), _("By"), _("Clinic"))
    return InboxPage(
        columns=[Column(label) for label in labels],
        rows=[_row(line) for line in lines],
        actions=[Link(_("Take down a call"), reverse("telephone"), icon="phone")],
    )


def _row(line: InquiryLine) -> list[Cell]:
    return [
        Cell(line.name, url=reverse("inquiry", kwargs={"inquiry_id": line.id})),
        Cell(str(STATES[line.state]), tag_kind="caution" if line.state == "waiting" else None),
        Cell(moment(line.at, line.site.time_zone)),
        Cell(str(CHANNELS[line.channel])),
        Cell(line.site.name),
    ]


def inquiry_page(view: InquiryView) -> InquiryPage:
    asked = view.loved_one_name if view.asks_for == "loved_one" else _("For themselves")
    rows = [
        SummaryRow(_("How it stands"), str(STATES[view.state])),
        SummaryRow(_("For whom"), asked or _("Someone they care about")),
        SummaryRow(_("E-mail"), view.email),
        SummaryRow(_("Telephone"), view.phone),
        SummaryRow(
            _("Wants to be reached"),
            _("By e-mail") if view.reach_by == "email" else _("By telephone"),
        ),
        SummaryRow(_("Message"), view.message),
        SummaryRow(_("Taken down by"), view.taken_by),
    ]
    zone = view.site.time_zone
    invited = view.invited_at and _("Invited on %(at)s") % {"at": moment(view.invited_at, zone)}
    return InquiryPage(
        title=f"{view.given_name} {view.family_name}",
        over=f"{CHANNELS[view.channel]} · {moment(view.at, zone)} · {view.site.name}",
        breadcrumbs=[Link(_("Inbox"), reverse("inbox"))],
        rows=[row for row in rows if row.value],
        invited=invited or "",
        invited_to=_("The link went to %(address)s.") % {"address": view.invited_address},
    )
