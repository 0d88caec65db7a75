"""Before going home: when each clock ends, whose signature is missing, who takes the patient."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vernal.rules.sessions import Kind, State
from vernal.rules.sessions.clocks import ClockEnd
from vernal.web.sessions.cards import Criterion, criterion_card
from vernal.web.sessions.preparing import Row
from vernal.web.sessions.times import clock
from vernal.web.sessions.words import SIGNERS, SINCE
from vernal.workflow.care import number
from vernal.workflow.queries import SessionView

SIGNED = "MON-040-signed"


def earliest(view: SessionView) -> str:
    """ "May go at 14:35 at the earliest: …"; empty once no clock runs, and before it is known."""
    if view.state.state != State.recovering or not view.clocks:
        return ""
    last = view.clocks[0]
    return _("May go at %(at)s at the earliest: %(why)s.") % {
        "at": clock(last.at, view.head.site.time_zone),
        "why": _clock_words(last),
    }


def criteria_cards(view: SessionView) -> list[Criterion]:
    """Every criterion, the open ones first, each clock with its time of day."""
    if view.state.state != State.recovering:
        return []
    order = {"not_met": 0, "unknown": 1, "met": 2}
    ends = {each.criterion: each for each in view.clocks}
    return [
        criterion_card(each, more=_more(view, each.id, ends))
        for each in sorted(view.discharge.criteria, key=lambda each: order[each.status])
    ]


def _more(view: SessionView, criterion: str, ends: dict[str, ClockEnd]) -> str:
    if criterion in ends:
        zone = view.head.site.time_zone
        return _("Ends at %(at)s.") % {"at": clock(ends[criterion].at, zone)}
    if criterion == SIGNED and view.unsigned:
        return missing_signatures(view)
    return ""


def missing_signatures(view: SessionView) -> str:
    return _("Still to sign: %(who)s.") % {
        "who": _(" and ").join(str(SIGNERS[role]) for role in view.unsigned)
    }


def _clock_words(end: ClockEnd) -> str:
    return _("%(n)s min after %(since)s") % {
        "n": number(end.least_min),
        "since": SINCE[end.since],
    }


def contacts(view: SessionView) -> list[Row]:
    """Whom to reach: the escort as the log has it, whom the patient named, the patient."""
    rows: list[Row] = []
    told = view.state.of(Kind.escort)
    if told:
        escort = told[-1].payload
        name, telephone = escort.get("name", ""), escort.get("telephone", "")
        here = _("is here") if escort.get("is_here") else _("not here yet")
        rows.append(Row(_("Escort"), f"{name}, {telephone}, {here}"))
    else:
        rows.append(Row(_("Escort"), _("nobody named yet")))
    nobody = _("nobody named in the history")
    rows.append(Row(_("Whom the patient would call"), view.person_to_call or nobody))
    rows.append(Row(_("The patient's telephone"), view.head.phone or _("not known")))
    return rows
