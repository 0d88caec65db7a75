"""The parts of “My care” that belong to the plan: the next visit, the sessions, consent."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vernal.web.consent.words import my_consent_words
from vernal.web.parts import day, moment
from vernal.workflow.queries import MyPlan
from vernal.workflow.queries.bookings import BookedLine

WAITS_FOR_PATIENT = ("read", "answer_again", "sign", "ended")


@dataclass(frozen=True)
class MyPlanPart:
    consent: str
    consent_is_next: bool
    link: str
    next_visit: str
    sessions: list[str]


def my_plan(view: MyPlan | None) -> MyPlanPart | None:
    """None as long as nothing is planned."""
    if view is None:
        return None
    zone, step = view.site.time_zone, view.consent.step
    sessions = [_session(each, zone) for each in view.sessions]
    return MyPlanPart(
        consent=my_consent_words(view.consent, zone),
        consent_is_next=step in WAITS_FOR_PATIENT,
        link=_("Sign your consent") if step == "sign" else _("Open your consent"),
        next_visit=sessions[0] if sessions else "",
        sessions=sessions[1:],
    )


def _session(line: BookedLine, zone: str) -> str:
    words = {"number": line.number, "at": moment(line.planned_at, zone)}
    if line.held_until is None:
        return _("Session %(number)s: %(at)s") % words
    return _("Session %(number)s, %(at)s: on hold. Your clinic decides on %(day)s.") % {
        **words,
        "day": day(line.held_until),
    }
