"""What the plan says, as the patient reads it before agreeing to it."""

from __future__ import annotations

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.web.parts import SummaryRow
from vernal.workflow.queries.consents import Planned
from vernal.workflow.screening import ROUTES

DAYS_A_WEEK = 7


def planned_rows(planned: Planned, route: str) -> list[SummaryRow]:
    """Dose, way and number of sessions, one row each."""
    return [
        SummaryRow(_("Dose each time"), _dose(planned)),
        SummaryRow(_("How it is given"), _given(planned, route)),
        SummaryRow(_("How often"), _often(planned)),
    ]


def planned_words(planned: Planned, route: str) -> str:
    """The same in one line, under which the patient signs."""
    return "; ".join([_dose(planned), _given(planned, route).lower(), _often(planned).lower()])


def _dose(planned: Planned) -> str:
    words = {"mg": planned.dose_mg, "per_kg": planned.dose_mg_per_kg}
    return _("%(mg)s mg (%(per_kg)s mg for each kg of body weight)") % words


def _given(planned: Planned, route: str) -> str:
    words = {"route": ROUTES[route], "minutes": planned.minutes}
    if route == "sublingual":
        return _("%(route)s, held there for %(minutes)s minutes") % words
    return _("%(route)s, over %(minutes)s minutes") % words


def _often(planned: Planned) -> str:
    if planned.sessions is None or planned.days is None:
        return _("%(schedule)s; the number of sessions is set when the plan is signed") % {
            "schedule": planned.schedule
        }
    count = ngettext("%(n)s session", "%(n)s sessions", planned.sessions) % {"n": planned.sessions}
    if planned.sessions == 1:
        return count
    weeks = ceil((planned.days + 1) / DAYS_A_WEEK)
    over = ngettext("over about %(n)s week", "over about %(n)s weeks", weeks) % {"n": weeks}
    return f"{count} {over} ({planned.schedule.lower()})"
