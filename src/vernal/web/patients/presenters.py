"""What the list of patients and a chart show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.alerts.presenters import KINDS
from vernal.web.intake.presenters import open_words
from vernal.web.parts import Cell, Column, Link, Stat, Step, SummaryRow, Task, day, moment
from vernal.web.screening.presenters import decision_words
from vernal.workflow.queries import ChartHead, Course, DecisionLine, PatientLine, SectionState

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
    labels = (_("Patient"), _("Step"), _("Waits for you"), _("Since"), _("Clinic"))
    return PatientsPage([Column(label) for label in labels], [_row(line) for line in lines])


def _row(line: PatientLine) -> list[Cell]:
    chart = reverse("chart", kwargs={"patient_id": line.id}) if line.may_open else ""
    return [
        Cell(line.name, url=chart),
        Cell(str(STEPS[line.step])),
        _waiting(line),
        Cell(moment(line.since, line.site.time_zone)),
        Cell(line.site.name),
    ]


def _waiting(line: PatientLine) -> Cell:
    if line.has_open_alert:
        return Cell(_("Open alert"), tag_kind="danger")
    return Cell(_("Review due"), tag_kind="") if line.is_review_due else Cell("")


@dataclass(frozen=True)
class NextAction:
    """What the course waits for: in words, and where to do it."""

    title: str
    text: str
    action: Link | None


@dataclass(frozen=True)
class ChartPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    steps: list[Step]
    alert_url: str
    alert_title: str
    next: NextAction | None
    rows: list[SummaryRow]
    patient_summary: str
    patient_tasks: list[Task]
    staff_tasks: list[Task]
    screening_url: str
    screening: list[Stat]
    earlier_decisions: list[str]
    plan_links: list[Link]
    course_links: list[Link]
    score_columns: list[Column]
    score_rows: list[list[Cell]]


def chart_page(course: Course) -> ChartPage:
    head = course.head
    born = head.birth_date and _("born %(day)s") % {"day": day(head.birth_date)}
    zone = head.site.time_zone
    return ChartPage(
        title=head.name,
        over=f"{born or _('Date of birth not given yet')} · {head.site.name}",
        breadcrumbs=[Link(_("Patients"), reverse("patients"))],
        steps=_steps(course),
        alert_url=_alert_url(course),
        alert_title=str(KINDS.get(course.open_alert_kind, "")),
        next=_next(course),
        rows=_reach(course),
        patient_summary=_patient_summary(course),
        patient_tasks=_tasks(course, "patient"),
        staff_tasks=_tasks(course, "staff"),
        screening_url=_screening_url(course),
        screening=_screening(course),
        earlier_decisions=[decision_words(line, zone) for line in _earlier_decisions(course)],
        plan_links=_plan_links(course),
        course_links=_course_links(course),
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
                Cell(_("Items open") if line.value is None else line.band),
            ]
            for line in course.scores
        ],
    )


def _earlier_decisions(course: Course) -> list[DecisionLine]:
    """Those that do not stand at the top already."""
    return course.decisions[1:] if course.next_step == "decided" else course.decisions


def _alert_url(course: Course) -> str:
    if course.open_alert_id is None:
        return ""
    return reverse("alert", kwargs={"alert_id": course.open_alert_id})


def _screening_url(course: Course) -> str:
    return reverse("screening", kwargs={"patient_id": course.head.patient_id})


def _plan_links(course: Course) -> list[Link]:
    """Step 4, once the patient was found eligible."""
    ids = {"patient_id": course.head.patient_id}
    if course.has_plan:
        consent = Link(_("Consent"), reverse("consent", kwargs=ids))
        return [Link(_("Plan"), reverse("plan", kwargs=ids)), consent]
    if course.decisions and course.decisions[0].outcome == "eligible":
        return [Link(_("Plan"), reverse("plan", kwargs=ids))]
    return []


def _course_links(course: Course) -> list[Link]:
    """Steps 6 to 8, once there is a plan; scores also before."""
    ids = {"patient_id": course.head.patient_id}
    outcomes = Link(_("Outcomes"), reverse("outcomes", kwargs=ids))
    if not course.has_plan:
        return [outcomes] if course.scores else []
    return [
        Link(_("Side effects"), reverse("effects", kwargs=ids)),
        outcomes,
        Link(_("Review: what happens next"), reverse("review", kwargs=ids)),
    ]


def _reach(course: Course) -> list[SummaryRow]:
    head = course.head
    sent = course.intake_sent_at
    return [
        SummaryRow(_("Telephone"), head.phone or _("Not given")),
        SummaryRow(_("E-mail"), head.email or _("Not given")),
        SummaryRow(_("History sent"), moment(sent, head.site.time_zone) if sent else _("Not yet")),
    ]


def _next(course: Course) -> NextAction | None:
    """The one thing to do now; the nurse reads this first. An open alert speaks for itself."""
    match course.next_step:
        case "alert":
            return None
        case "invitation":
            return NextAction(
                _("Next: waits for the patient"), _("The invitation is not accepted yet."), None
            )
        case "history":
            return NextAction(
                _("Next: waits for the patient's history"),
                _("You can also ask the questions yourself; the pages stand below."),
                None,
            )
        case "section":
            section = course.next_section
            return NextAction(
                _("Next: %(section)s") % {"section": section.title},
                _("Nobody has filled this in yet."),
                Link(_("Fill it in"), _section_url(section, course.head)),
            )
        case "screening":
            return NextAction(
                _("Next: the screening waits for a prescriber"),
                _("History and examination are there."),
                Link(_("Open the screening"), _screening_url(course)),
            )
        case "decided":
            return NextAction(
                _("The screening is signed"),
                decision_words(course.decisions[0], course.head.site.time_zone),
                Link(_("Open the plan"), _plan_links(course)[0].url)
                if _plan_links(course)
                else Link(_("Open the screening"), _screening_url(course), kind="secondary"),
            )


def _screening(course: Course) -> list[Stat]:
    return [
        _stat(_("Bars"), course.bars, _("Stops treatment"), "danger"),
        _stat(
            _("Bars that cannot be judged"),
            course.unjudged_bars,
            _("Needs an answer first"),
            "caution",
        ),
        Stat(_("To weigh"), str(course.to_weigh)),
    ]


def _stat(label: str, count: int, note: str, level: str) -> Stat:
    return Stat(label, str(count), note=note, level=level) if count else Stat(label, "0")


def _patient_summary(course: Course) -> str:
    states = [state for state in course.sections if state.asked_of == "patient"]
    words = {
        "saved": sum(state.is_saved for state in states),
        "all": len(states),
        "open": sum(len(state.open) for state in states if state.is_saved),
        "not_known": sum(len(state.not_known) for state in states),
    }
    return (
        _("%(saved)s of %(all)s pages saved, %(open)s questions open, %(not_known)s not known")
        % words
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


def _section_url(state: SectionState, head: ChartHead) -> str:
    return reverse("section", kwargs={"patient_id": head.patient_id, "section_id": state.id})


def _task(state: SectionState, head: ChartHead) -> Task:
    url = _section_url(state, head)
    if not state.is_saved:
        return Task(state.title, _("Not asked yet"), url)
    hint = f"{state.saved_by}, {moment(state.saved_at, head.site.time_zone)}"
    if state.not_known:
        hint += ". " + _("Not known: %(questions)s") % {
            "questions": ", ".join(each.label for each in state.not_known)
        }
    if state.open:
        return Task(state.title, open_words(len(state.open)), url, hint)
    return Task(state.title, _("Done"), url, hint, kind="done")
