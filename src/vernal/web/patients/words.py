"""Where a course stands, in words: the same on the list of patients and on a chart."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.web.parts import day, moment
from vernal.workflow.queries import Place

STEPS = {
    "inquiry": gettext_lazy("Inquiry"),
    "intake": gettext_lazy("History"),
    "screening": gettext_lazy("Screening"),
    "plan": gettext_lazy("Plan and consent"),
    "session": gettext_lazy("Session"),
    "effects": gettext_lazy("Side effects"),
    "outcomes": gettext_lazy("Outcomes"),
    "review": gettext_lazy("Review"),
}
WAITS = {
    "invitation": gettext_lazy("The patient accepts the invitation"),
    "history_to_begin": gettext_lazy("The patient begins the history"),
    "history_to_send": gettext_lazy("The patient goes on with the history and sends it"),
    "section": gettext_lazy("Clinical staff fill in: %(title)s"),
    "screening": gettext_lazy("A prescriber signs the screening"),
    "deferred": gettext_lazy("The screening is deferred until %(day)s"),
    "not_eligible": gettext_lazy("Not eligible: nothing is planned"),
    "plan_to_draw_up": gettext_lazy("A prescriber draws up the plan"),
    "plan_to_confirm": gettext_lazy("A second person confirms the arithmetic of the plan"),
    "consent_to_read": gettext_lazy("The patient reads and answers the consent"),
    "consent_to_discuss": gettext_lazy("A clinician goes through the consent with the patient"),
    "consent_to_sign": gettext_lazy("The patient signs the consent"),
    "plan_checks": gettext_lazy("Clinical staff make the checks before the plan is signed"),
    "plan_to_sign": gettext_lazy("A prescriber signs the plan"),
    "session_running": gettext_lazy("Session %(number)s is running"),
    "session_today": gettext_lazy("Session %(number)s is today at %(time)s"),
    "session_missed": gettext_lazy("Session %(number)s was on %(day)s and has not begun"),
    "session_to_come": gettext_lazy("Session %(number)s comes next, on %(at)s"),
    "effects": gettext_lazy("The patient tells from home how session %(number)s was"),
    "review_due": gettext_lazy("Review is due: a prescriber signs what happens next"),
    "review_later": gettext_lazy("On hold by the signed review until %(day)s"),
    "ended": gettext_lazy("The course has ended; somebody looks again on %(day)s"),
}


def step_words(place: Place) -> str:
    """“5 of 8: Session”."""
    standing = place.standing
    return _("%(number)s of 8: %(step)s") % {
        "number": standing.number,
        "step": STEPS[standing.step],
    }


def waits_words(place: Place, zone: str, *, with_alarm: bool = True) -> str:
    """What waits for whom, in one sentence. `with_alarm` for those who may open the session."""
    standing = place.standing
    if standing.waits == "scales":
        count = len(standing.titles)
        words = ngettext(
            "%(count)s scale is to be filled in", "%(count)s scales are to be filled in", count
        )
        return words % {"count": count} if count else overdue_words(place)
    words = str(WAITS[standing.waits]) % _named(place, zone)
    if with_alarm and place.has_alarm:
        return _("%(session)s: alarm") % {"session": words}
    return words


def with_overdue(words: str, place: Place) -> str:
    """The words, and how many tests and calls are overdue."""
    if not place.overdue or words == overdue_words(place):
        return words
    return _("%(words)s; %(overdue)s") % {"words": words, "overdue": overdue_words(place)}


def overdue_words(place: Place) -> str:
    """“2 tests or calls are overdue”."""
    count = len(place.overdue)
    words = ngettext(
        "%(count)s test or call is overdue", "%(count)s tests or calls are overdue", count
    )
    return words % {"count": count}


def next_session_words(place: Place, zone: str) -> str:
    """Its day and time, or that there is none."""
    coming = place.next_session
    return moment(coming.planned_at, zone) if coming else _("None planned")


def _named(place: Place, zone: str) -> dict[str, str]:
    standing, named = place.standing, {}
    if session := standing.session:
        named |= {
            "number": str(session.number),
            "day": day(session.planned_on),
            "time": _clock(session.planned_at, zone),
            "at": moment(session.planned_at, zone),
        }
    if standing.on:
        named["day"] = day(standing.on)
    return named | {"title": ", ".join(standing.titles)}


def _clock(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), "H:i")
