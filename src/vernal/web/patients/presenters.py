"""What the list of patients and a chart show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.web.alerts.words import what_words
from vernal.web.intake.presenters import open_words
from vernal.web.parts import Cell, Column, Link, Stat, Step, SummaryRow, Task, day, moment
from vernal.web.patients.reach import person_row, telephone_row
from vernal.web.patients.words import (
    STEPS,
    next_session_words,
    step_words,
    waits_words,
    with_overdue,
)
from vernal.web.screening.presenters import decision_words
from vernal.web.sessions.past import past_task
from vernal.workflow.queries import (
    ChartHead,
    Course,
    DecisionLine,
    PatientLine,
    SectionState,
    WaitingAlert,
)

SCORES_SHOWN = 4  # the rest stands beside the curve of the outcomes
NEXT_PAGES = {
    "screening": (gettext_lazy("Open the screening"), "screening"),
    "deferred": (gettext_lazy("Open the screening"), "screening"),
    "not_eligible": (gettext_lazy("Open the screening"), "screening"),
    "plan_to_draw_up": (gettext_lazy("Open the plan"), "plan"),
    "plan_to_confirm": (gettext_lazy("Open the plan"), "plan"),
    "plan_to_sign": (gettext_lazy("Open the plan"), "plan"),
    "consent_to_read": (gettext_lazy("Open the consent"), "consent"),
    "consent_to_discuss": (gettext_lazy("Open the consent"), "consent"),
    "consent_to_sign": (gettext_lazy("Open the consent"), "consent"),
    "plan_checks": (gettext_lazy("Make the checks"), "plan_checks"),
    "session_to_come": (gettext_lazy("Open the plan"), "plan"),
    "scales": (gettext_lazy("Open the outcomes"), "outcomes"),
    "review_due": (gettext_lazy("Open the review"), "review"),
    "review_later": (gettext_lazy("Open the review"), "review"),
    "ended": (gettext_lazy("Open the review"), "review"),
}


@dataclass(frozen=True)
class PatientsPage:
    columns: list[Column]
    rows: list[list[Cell]]


def patients_page(lines: list[PatientLine]) -> PatientsPage:
    """The clinic is a column of its own where there are several."""
    labels = [_("Patient"), _("Step"), _("Next"), _("Next session")]
    with_clinic = len({line.site.id for line in lines}) > 1
    if with_clinic:
        labels.append(_("Clinic"))
    rows = [_row(line) + ([Cell(line.site.name)] if with_clinic else []) for line in lines]
    return PatientsPage([Column(label) for label in labels], rows)


def _row(line: PatientLine) -> list[Cell]:
    chart = reverse("chart", kwargs={"patient_id": line.id}) if line.may_open else ""
    return [
        Cell(line.name, url=chart),
        Cell(step_words(line.place)),
        _waiting(line),
        Cell(next_session_words(line.place, line.site.time_zone)),
    ]


def _waiting(line: PatientLine) -> Cell:
    """What waits; what cannot wait as a tag. Nobody is told of what they cannot open."""
    standing = line.place.standing
    if line.has_open_alert:
        return Cell(_("Open alert"), tag_kind="danger")
    if line.has_alarm and standing.session:
        words = _("Alarm in session %(number)s") % {"number": standing.session.number}
        return Cell(words, tag_kind="danger")
    if standing.waits == "review_due":
        return Cell(with_overdue(_("Review is due"), line.place), tag_kind="")
    words = waits_words(line.place, line.site.time_zone, with_alarm=False)
    return Cell(with_overdue(words, line.place))


@dataclass(frozen=True)
class NextAction:
    """What the course waits for: in words, and where to do it."""

    title: str
    text: str
    action: Link | None
    is_alarm: bool = False


@dataclass(frozen=True)
class ChartPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    steps: list[Step]
    alert_url: str
    alert_title: str
    alert_others: str
    next: NextAction | None
    rows: list[SummaryRow]
    patient_summary: str
    patient_tasks: list[Task]
    staff_tasks: list[Task]
    screening_url: str
    screening: list[Stat]
    earlier_decisions: list[str]
    past: list[Task]
    score_columns: list[Column]
    score_rows: list[list[Cell]]
    outcomes_url: str


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
        alert_title=_alert_words(course.open_alerts[:1]),
        alert_others=_alert_words(course.open_alerts[1:]),
        next=_next(course),
        rows=_reach(course),
        patient_summary=_patient_summary(course),
        patient_tasks=_tasks(course, "patient"),
        staff_tasks=_tasks(course, "staff"),
        screening_url=_screening_url(course),
        screening=_screening(course),
        earlier_decisions=[decision_words(line, zone) for line in _earlier_decisions(course)],
        past=[past_task(each, zone) for each in reversed(course.past)],
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
            for line in course.scores[:SCORES_SHOWN]
        ],
        outcomes_url=reverse("outcomes", kwargs={"patient_id": head.patient_id}),
    )


def _earlier_decisions(course: Course) -> list[DecisionLine]:
    """Those that do not stand at the top already."""
    return course.decisions[1:] if _decision_is_next(course) else course.decisions


def _decision_is_next(course: Course) -> bool:
    return course.place.standing.waits in ("deferred", "not_eligible")


def _alert_url(course: Course) -> str:
    if not course.open_alerts:
        return ""
    return reverse("alert", kwargs={"alert_id": course.open_alerts[0].id})


def _alert_words(several: list[WaitingAlert]) -> str:
    return "; ".join(what_words(each.kind, each.reported) for each in several)


def _screening_url(course: Course) -> str:
    return reverse("screening", kwargs={"patient_id": course.head.patient_id})


def _reach(course: Course) -> list[SummaryRow]:
    head = course.head
    sent = course.intake_sent_at
    return [
        telephone_row(head.phone, patient_id=head.patient_id),
        person_row(course.person_to_call),
        SummaryRow(_("E-mail"), head.email or _("Not given")),
        SummaryRow(_("History sent"), moment(sent, head.site.time_zone) if sent else _("Not yet")),
    ]


def _next(course: Course) -> NextAction | None:
    """The one thing to do now; the nurse reads this first. An open alert speaks for itself."""
    if course.open_alerts:
        return None
    title = waits_words(course.place, course.head.site.time_zone)
    action = _next_action(course)
    return NextAction(title, _next_text(course), action, is_alarm=course.place.has_alarm)


def _next_text(course: Course) -> str:
    about, overdue = _about_next(course), course.place.overdue
    if not overdue:
        return about
    words = _("Overdue: %(titles)s.") % {"titles": "; ".join(overdue)}
    return f"{about.removesuffix('.')}. {words}" if about else words


def _about_next(course: Course) -> str:
    standing, given = course.place.standing, course.place.given
    if standing.session and standing.session.alarm:
        return standing.session.alarm
    if _decision_is_next(course):
        return decision_words(course.decisions[0], course.head.site.time_zone)
    if standing.waits == "scales":
        return ", ".join(standing.titles)
    if standing.waits in ("history_to_begin", "history_to_send"):
        return _("You can also ask the questions yourself; the pages stand below.")
    if standing.from_at:
        asked = moment(standing.from_at, course.head.site.time_zone)
        return _("The question at home is put from %(at)s on.") % {"at": asked}
    if standing.step in ("session", "outcomes", "review") and given:
        words = ngettext(
            "%(count)s session was given so far.", "%(count)s sessions were given so far.", given
        )
        return words % {"count": given}
    return ""


def _next_action(course: Course) -> Link | None:
    """Where it is done; None where only the patient can do it."""
    standing, ids = course.place.standing, {"patient_id": course.head.patient_id}
    session = standing.session
    match standing.waits:
        case "section" if course.next_section:
            return Link(_("Fill it in"), _section_url(course.next_section, course.head))
        case "session_running" | "session_today" if session:
            url = reverse("session", kwargs={"session_id": session.id})
            return Link(_("Open the session"), url)
        case "session_missed" if session:
            url = reverse("move_session", kwargs={**ids, "session_id": session.id})
            return Link(_("Move the session"), url)
        case "effects" if session:
            url = reverse("ask_effects", kwargs={**ids, "session_id": session.id})
            return Link(_("Ask the patient yourself"), url, kind="secondary")
        case _:
            named = NEXT_PAGES.get(standing.waits)
            return Link(str(named[0]), reverse(named[1], kwargs=ids)) if named else None


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
    """All eight, each leading to its page once there is one."""
    number, pages = course.place.standing.number, _step_pages(course)
    return [
        Step(
            str(label),
            _step_state(course, each, number),
            url=pages.get(step, ""),
            note=_given_words(course) if step == "session" else "",
        )
        for each, (step, label) in enumerate(STEPS.items(), start=1)
    ]


def _step_state(course: Course, step: int, now: int) -> str:
    if step == now:
        return "stopped" if course.place.standing.waits == "not_eligible" else "now"
    return "done" if step < now else "later"


def _given_words(course: Course) -> str:
    place = course.place
    words = {"given": place.given, "booked": place.booked}
    return _("%(given)s of %(booked)s given") % words if place.booked else ""


def _step_pages(course: Course) -> dict[str, str]:
    ids, standing = {"patient_id": course.head.patient_id}, course.place.standing
    pages = {"screening": reverse("screening", kwargs=ids)}
    if course.place.has_plan or standing.step == "plan":
        pages["plan"] = reverse("plan", kwargs=ids)
    if course.place.has_plan or course.scores:
        pages["outcomes"] = reverse("outcomes", kwargs=ids)
    if course.place.has_plan:
        pages |= {step: reverse(step, kwargs=ids) for step in ("effects", "review")}
    shown = standing.session if standing.step == "session" else course.place.next_session
    if shown:
        pages["session"] = reverse("session", kwargs={"session_id": shown.id})
    return pages


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
