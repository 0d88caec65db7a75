"""The part of “My care” that belongs to the plan: consent, and the sessions to come."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vernal.web.consent.words import my_consent_words
from vernal.web.parts import moment
from vernal.workflow.queries import MyPlan

WAITS_FOR_PATIENT = ("read", "answer_again", "sign", "ended")


@dataclass(frozen=True)
class MyPlanPart:
    consent: str
    consent_is_next: bool
    link: str
    sessions: list[str]


def my_plan(view: MyPlan | None) -> MyPlanPart | None:
    """None as long as nothing is planned."""
    if view is None:
        return None
    zone, step = view.site.time_zone, view.consent.step
    return MyPlanPart(
        consent=my_consent_words(view.consent, zone),
        consent_is_next=step in WAITS_FOR_PATIENT,
        link=_("Sign your consent") if step == "sign" else _("Open your consent"),
        sessions=[
            _("Session %(number)s: %(at)s")
            % {"number": each.number, "at": moment(each.planned_at, zone)}
            for each in view.sessions
        ],
    )
