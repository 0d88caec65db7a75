"""What the pages of alerts show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.alerts.words import KINDS, what_words
from vernal.web.parts import Cell, Column, Link, SummaryRow, moment
from vernal.web.patients.reach import (
    dial,
    number_words,
    person_label,
    person_row,
    person_words,
    telephone_row,
)
from vernal.workflow.queries import AlertView, WaitingAlert

HOW = {
    "suicidal_thoughts": gettext_lazy(
        "Ask about intent, plan and means. If you cannot reach them and fear for their life, "
        "call 911."
    ),
    "severe_effect": gettext_lazy(
        "Ask how it is now and whether it is getting worse. If you cannot reach them and fear for "
        "their life, call 911."
    ),
}


@dataclass(frozen=True)
class AlertsPage:
    columns: list[Column]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class AlertPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    how: str
    worse_since: str
    worse: Link | None
    rows: list[SummaryRow]
    chart_url: str
    reported_url: str


def alerts_page(views: list[AlertView]) -> AlertsPage:
    labels = (
        _("Patient"),
        _("Alert"),
        _("Telephone"),
        person_label(),
        _("Since"),
        _("On call"),
        _("Taken on by"),
    )
    return AlertsPage([Column(label) for label in labels], [_row(view) for view in views])


def _row(view: AlertView) -> list[Cell]:
    taken_on = (
        Cell(view.acknowledged_by)
        if view.acknowledged_by
        else Cell(_("Nobody yet"), tag_kind="danger")
    )
    is_first = view.reported.is_grave and not view.acknowledged_by
    return [
        Cell(view.patient_name, url=_url(view)),
        Cell(what_words(view.kind, view.reported), tag_kind="danger" if is_first else None),
        Cell(number_words(view.patient_phone) or _("Not given"), url=dial(view.patient_phone)),
        Cell(person_words(view.person_to_call)),
        Cell(moment(view.at, view.site.time_zone)),
        Cell(view.on_call or _("Everyone at the clinic")),
        taken_on,
    ]


def alert_page(view: AlertView) -> AlertPage:
    zone = view.site.time_zone
    later = next((each for each in view.others if each.at > view.at), None)
    return AlertPage(
        title=view.patient_name,
        over=f"{KINDS[view.kind]} · {view.site.name}",
        breadcrumbs=[Link(_("Alerts"), reverse("alerts"))],
        how=str(HOW[view.kind]),
        worse_since=_at_words(later, zone) if later else "",
        worse=Link(_("Open the alert"), _url(later)) if later else None,
        rows=_rows(view),
        chart_url=reverse("chart", kwargs={"patient_id": view.patient_id}),
        reported_url=_reported_url(view),
    )


def _rows(view: AlertView) -> list[SummaryRow]:
    zone = view.site.time_zone
    rows = [
        SummaryRow(_("What was answered"), what_words(view.kind, view.reported)),
        *(
            SummaryRow(_("Before that"), _at_words(each, zone))
            for each in view.others
            if each.at <= view.at
        ),
        telephone_row(view.patient_phone, patient_id=view.patient_id),
        person_row(view.person_to_call),
        SummaryRow(_("Since"), moment(view.at, zone)),
        SummaryRow(_("On call"), view.on_call or _("Everyone at the clinic")),
    ]
    if view.acknowledged_at:
        rows += [
            SummaryRow(_("Taken on by"), view.acknowledged_by),
            SummaryRow(_("When"), moment(view.acknowledged_at, zone)),
            SummaryRow(_("What was done"), view.note),
        ]
    return rows


def _at_words(alert: WaitingAlert, zone: str) -> str:
    words = {"at": moment(alert.at, zone), "what": what_words(alert.kind, alert.reported)}
    return _("%(at)s: %(what)s") % words


def _url(alert: AlertView | WaitingAlert) -> str:
    return reverse("alert", kwargs={"alert_id": alert.id})


def _reported_url(view: AlertView) -> str:
    """Where all that was answered stands."""
    ids = {"patient_id": view.patient_id}
    match view.reported.place:
        case "":
            return ""
        case "effects":
            return reverse("effects", kwargs=ids)
        case "session":
            return reverse("session", kwargs={"session_id": view.reported.session_id})
        case section_id:
            return reverse("section_history", kwargs={**ids, "section_id": section_id})
