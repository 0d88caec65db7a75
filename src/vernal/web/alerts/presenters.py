"""What the pages of alerts show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Cell, Column, Link, SummaryRow, moment
from vernal.web.patients.reach import (
    dial,
    number_words,
    person_label,
    person_row,
    person_words,
    telephone_row,
)
from vernal.workflow.queries import AlertView

KINDS = {
    "suicidal_thoughts": gettext_lazy("Reports thoughts of not wanting to live"),
    "severe_effect": gettext_lazy("Reports a severe effect after a session"),
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
    return [
        Cell(view.patient_name, url=reverse("alert", kwargs={"alert_id": view.id})),
        Cell(str(KINDS[view.kind])),
        Cell(number_words(view.patient_phone) or _("Not given"), url=dial(view.patient_phone)),
        Cell(person_words(view.person_to_call)),
        Cell(moment(view.at, view.site.time_zone)),
        Cell(view.on_call or _("Everyone at the clinic")),
        taken_on,
    ]


def alert_page(view: AlertView) -> AlertPage:
    zone = view.site.time_zone
    rows = [
        telephone_row(view.patient_phone),
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
    return AlertPage(
        title=view.patient_name,
        over=f"{KINDS[view.kind]} · {view.site.name}",
        breadcrumbs=[Link(_("Alerts"), reverse("alerts"))],
        rows=rows,
        chart_url=reverse("chart", kwargs={"patient_id": view.patient_id}),
        reported_url=reverse(
            "section_history",
            kwargs={"patient_id": view.patient_id, "section_id": view.reported_in},
        )
        if view.reported_in
        else "",
    )
