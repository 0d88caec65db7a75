"""Where consent stands, in truthful words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import day, moment
from vernal.workflow.queries import ConsentState

ENDED = {
    "withdrawn": gettext_lazy("it was taken back"),
    "expired": gettext_lazy("a year has passed"),
    "changed": gettext_lazy("the form has changed since"),
    "other_route": gettext_lazy("it was for another way of giving it"),
    "other_indication": gettext_lazy("it was for another condition"),
}
STEPS = {
    "talk": gettext_lazy("The patient wants to talk first: a clinician goes through it next."),
    "read": gettext_lazy("The patient has not read and answered everything yet."),
    "answer_again": gettext_lazy("The patient answers the open parts once more."),
    "discuss": gettext_lazy("Everything is answered; a clinician goes through it next."),
    "lacks_capacity": gettext_lazy("The clinician found no capacity to decide; nothing is signed."),
    "sign": gettext_lazy("Gone through; the patient signs next."),
    "ended": gettext_lazy("The patient reads and answers anew."),
}
MY_STEPS = {
    "talk": gettext_lazy(
        "You want to talk about a part of it. Someone at the clinic goes through it with you "
        "next; you need not answer anything before."
    ),
    "read": gettext_lazy("Please read it and answer the questions. Take your time."),
    "answer_again": gettext_lazy("Look at the marked parts once more, or ask us about them."),
    "discuss": gettext_lazy("Thank you. Someone at the clinic goes through it with you next."),
    "lacks_capacity": gettext_lazy("It is not signed. The clinic talks it over with you."),
    "sign": gettext_lazy("You went through it together. You can sign now, or later."),
    "ended": gettext_lazy("Read it and answer again if you wish to go on."),
}


def consent_words(state: ConsentState, zone: str) -> str:
    """One or two sentences for staff."""
    return _words(state, zone, str(STEPS.get(state.step, "")))


def my_consent_words(state: ConsentState, zone: str) -> str:
    """The same, said to the patient."""
    return _words(state, zone, str(MY_STEPS.get(state.step, "")))


def _words(state: ConsentState, zone: str, following: str) -> str:
    if state.signed_at is None or state.holds_until is None:
        return following
    signed = _("Signed on %(at)s.") % {"at": moment(state.signed_at, zone)}
    if state.step == "holds":
        until = _("It holds until %(day)s, or until it is taken back.") % {
            "day": day(state.holds_until)
        }
        return f"{signed} {until}"
    because = _("It ended because %(reasons)s.") % {
        "reasons": _(" and ").join(str(ENDED[each]) for each in state.ended)
    }
    return f"{signed} {because} {following}"
