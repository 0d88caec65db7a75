"""What the list of patients and a chart show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Cell, Column, Link, Step, SummaryRow, Task, day, moment
from vernal.web.screening.presenters import decision_words
from vernal.workflow.queries import ChartHead, Course, PatientLine, SectionState

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


@dataclass(frozen=True)
class ChartPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    steps: list[Step]
    alert_url: str
    rows: list[SummaryRow]
    patient_tasks: list[Task]
    staff_tasks: list[Task]
    screening: Link
    decisions: list[str]
    score_columns: list[Column]
    score_rows: list[list[Cell]]


def chart_page(course: Course) -> ChartPage:
    head = course.head
    ids = {"patient_id": head.patient_id}
    zone = head.site.time_zone
    return ChartPage(
        title=head.name,
        over=" · ".join(
            [_("born %(day)s") % {"day": day(head.birth_date)}] if head.birth_date else []
        )
        or _("Date of birth not given yet"),
        breadcrumbs=[Link(_("Patients"), reverse("patients"))],
        steps=_steps(course),
        alert_url=reverse("alert", kwargs={"alert_id": course.open_alert_id})
        if course.open_alert_id
        else "",
        rows=[
            SummaryRow(_("Telephone"), head.phone or _("Not given")),
            SummaryRow(_("E-mail"), head.email or _("Not given")),
            SummaryRow(_("Clinic"), head.site.name),
            SummaryRow(
                _("History sent"),
                moment(course.intake_sent_at, zone) if course.intake_sent_at else _("Not yet"),
            ),
        ],
        patient_tasks=_tasks(course, "patient"),
        staff_tasks=_tasks(course, "staff"),
        screening=Link(_screening_words(course), reverse("screening", kwargs=ids)),
        decisions=[decision_words(line, zone) for line in course.decisions],
        score_columns=[
            Column(_("When")),
            Column(_("Scale")),
            Column(_("Score"), is_number=True),
            Column(_("Meaning")),
        ],
        score_rows=[
            [
                Cell(moment(line.at, zone)),
                Cell(line.scale),
                Cell("–" if line.value is None else str(line.value)),
                Cell(line.band),
            ]
            for line in course.scores
        ],
    )


def _steps(course: Course) -> list[Step]:
    screened = course.decisions[0].outcome if course.decisions else ""
    stages = [
        (_("Inquiry"), True),
        (_("Account"), course.joined),
        (_("History"), course.intake_sent_at is not None),
        (_("Screening"), screened == "eligible"),
    ]
    now = next((number for number, (_label, done) in enumerate(stages) if not done), len(stages))
    return [
        Step(label, "done" if number < now else "now" if number == now else "later")
        for number, (label, _done) in enumerate(stages)
    ]


def _tasks(course: Course, asked_of: str) -> list[Task]:
    return [_task(state, course.head) for state in course.sections if state.asked_of == asked_of]


def _task(state: SectionState, head: ChartHead) -> Task:
    url = reverse("section", kwargs={"patient_id": head.patient_id, "section_id": state.id})
    if not state.is_saved:
        return Task(state.title, _("Not asked yet"), url)
    hint = f"{state.saved_by}, {moment(state.saved_at, head.site.time_zone)}"
    if state.asked and state.answered < state.asked:
        some = _("%(answered)s of %(asked)s answered") % vars(state)
        return Task(state.title, some, url, hint)
    return Task(state.title, _("Done"), url, hint, kind="done")


def _screening_words(course: Course) -> str:
    return _("%(bars)s bars, %(open)s that cannot be judged, %(weigh)s to weigh") % {
        "bars": course.bars,
        "open": course.unjudged_bars,
        "weigh": course.to_weigh,
    }
