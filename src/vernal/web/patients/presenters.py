"""What the list of patients and a chart show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Cell, Column, moment
from vernal.workflow.queries import PatientLine

STEPS = {
    "invited": gettext_lazy("Invited"),
    "joined": gettext_lazy("Has an account"),
    "intake": gettext_lazy("Writes the history"),
    "screening": gettext_lazy("Waits for the screening"),
    "eligible": gettext_lazy("Eligible"),
    "not_eligible": gettext_lazy("Not eligible"),
    "deferred": gettext_lazy("Deferred"),
}


@dataclass(frozen=True)
class PatientsPage:
    columns: list[Column]
    rows: list[list[Cell]]


def patients_page(lines: list[PatientLine]) -> PatientsPage:
    labels = (_("Patient"), _("Step"), _("Alert"), _("Since"), _("Clinic"))
    return PatientsPage([Column(label) for label in labels], [_row(line) for line in lines])


def _row(line: PatientLine) -> list[Cell]:
    chart = reverse("chart", kwargs={"patient_id": line.id}) if line.may_open else ""
    return [
        Cell(line.name, url=chart),
        Cell(str(STEPS[line.step])),
        Cell(_("Open alert"), tag_kind="danger") if line.has_open_alert else Cell(""),
        Cell(moment(line.since, line.site.time_zone)),
        Cell(line.site.name),
    ]
