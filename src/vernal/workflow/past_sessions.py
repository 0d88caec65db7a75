"""Each past session in one line: the dose, the alarms with what was done, and how it ended.

Everything here reads; nothing decides. Alarms are judged by the rules and the chart of today, as on
the page of the session itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from vernal.knowledge import monitoring
from vernal.knowledge.facts import facts
from vernal.records.models import Patient, Session
from vernal.rules.conditions import Unknown, Value
from vernal.rules.sessions import SessionState, order_facts, session_facts
from vernal.rules.sessions.afterwards import Afterwards, afterwards, begins_last
from vernal.workflow.care import ordered
from vernal.workflow.course_so_far import SessionSoFar, sessions_of
from vernal.workflow.history import history_of

Known = dict[str, Value | Unknown]


@dataclass(frozen=True)
class PastSession:
    """A session that began, or was ended before it did; it may still be under way."""

    id: UUID
    number: int
    began_at: datetime
    planned_mg: Decimal
    told: Afterwards


def past_sessions(
    patient: Patient, sessions: Sequence[SessionSoFar], *, on: date
) -> tuple[PastSession, ...]:
    """Those of `sessions` that began, in order of time; two queries however many there are."""
    return _told(patient, [each for each in sessions if each.has_begun], since=0, on=on)


def last_session(
    patient: Patient, sessions: Sequence[SessionSoFar], *, on: date
) -> tuple[PastSession, ...]:
    """Of these the newest with a dose, and any that ended without a dose since."""
    begun = [each for each in sessions if each.has_begun]
    since = begins_last([each.is_given for each in begun])
    return _told(patient, begun, since=since, on=on)


def session_before(session: Session, *, at: datetime) -> tuple[PastSession, ...]:
    """What the patient's other sessions leave behind for this one."""
    patient = session.patient
    others = [each for each in sessions_of(patient, at=at) if each.id != session.pk]
    return last_session(patient, others, on=at.astimezone(patient.site.zone).date())


def _told(
    patient: Patient, begun: list[SessionSoFar], *, since: int, on: date
) -> tuple[PastSession, ...]:
    known = _known(patient, on=on) if begun else {}
    return tuple(
        _past(each, known, is_first=not any(before.is_given for before in begun[:place]))
        for place, each in enumerate(begun)
        if place >= since
    )


def _known(patient: Patient, *, on: date) -> Known:
    return {**{name: Unknown.of(name) for name in facts()}, **history_of(patient, on=on).facts}


def _past(session: SessionSoFar, known: Known, *, is_first: bool) -> PastSession:
    order, decision = ordered(session.plan, first_session=is_first), session.plan.decision

    def facts_at(state: SessionState) -> Known:
        return {**known, **order_facts(state, order), **session_facts(state)}

    return PastSession(
        id=session.id,
        number=session.number,
        began_at=session.began_at,
        planned_mg=session.dose_mg,
        told=afterwards(
            session.log,
            facts_at,
            monitoring.rules(),
            route=decision.route,
            indication=decision.indication,
        ),
    )
