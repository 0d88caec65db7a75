"""What waits by the protocol's calendar: for staff in one list, for the patient in another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Task, day, moment
from vernal.workflow.queries import EffectsQuestion, MyOutcomes, OutcomesView, WaitingLine
from vernal.workflow.queries.outcomes import MeasureLine

WHEN = {
    "at_baseline": gettext_lazy("before the first session"),
    "before_each_session": gettext_lazy("before the session"),
    "during_session": gettext_lazy("during the session"),
    "before_discharge": gettext_lazy("before going home"),
    "day_after_session": gettext_lazy("the day after the session"),
    "middle_of_induction": gettext_lazy("in the middle of the induction"),
    "end_of_induction": gettext_lazy("at the end of the induction"),
    "weekly_after_induction": gettext_lazy("every week after the induction"),
    "monthly_in_maintenance": gettext_lazy("every month"),
    "every_3_months_in_maintenance": gettext_lazy("every three months"),
    "every_6_months": gettext_lazy("every six months"),
}


def waiting_for_staff(view: OutcomesView) -> list[Task]:
    """Scales, tests and calls in one list: overdue first, then by the last day that still fits."""
    asked = [(each.due.is_overdue, each.due.due.until, _measure(each)) for each in view.measures]
    asked += [(False, each.until, _scale(each)) for each in view.waiting]
    asked.sort(key=lambda row: (not row[0], row[1]))
    return [task for _is_late, _until, task in asked]


def waiting_for_patient(view: MyOutcomes) -> list[Task]:
    """What the patient is asked now: how the last session was, then scales."""
    return [_question(each) for each in view.questions] + [_at_home(each) for each in view.waiting]


def _measure(line: MeasureLine) -> Task:
    due = line.due.due
    return Task(
        label=line.title,
        state=_("Overdue") if line.due.is_overdue else _("To do"),
        url="#measure",
        hint=_asked(due.at, due.until, line.rows),
        kind="caution" if line.due.is_overdue else "",
    )


def _scale(line: WaitingLine) -> Task:
    return Task(
        label=line.scale.title,
        state=_("The patient fills it in") if line.at_home else _("Enter the total"),
        url="" if line.at_home else "#total",
        hint=_asked(line.at, line.until, line.rows),
    )


def _asked(at: str, until: date, rows: Iterable[str]) -> str:
    words = {"when": WHEN[at], "until": day(until), "rows": ", ".join(rows)}
    return _("%(when)s; due until %(until)s; %(rows)s") % words


def _at_home(line: WaitingLine) -> Task:
    return Task(
        label=line.scale.title,
        state=_("To do"),
        url=reverse("my_scale", kwargs={"scale_id": line.scale.id}),
        hint=_("A few minutes; until %(day)s") % {"day": day(line.until)},
    )


def _question(question: EffectsQuestion) -> Task:
    zone = question.site.time_zone
    return Task(
        label=_("How you felt after session %(number)s") % {"number": question.number},
        state=_("To do"),
        url=reverse("my_effects", kwargs={"session_id": question.session_id}),
        hint=_("Until %(at)s") % {"at": moment(question.due.until, zone)},
    )
