"""The patient's own course: which sessions there were, and what is advised after the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vernal.accounts.models import User
from vernal.knowledge.advice import home_advice
from vernal.rules.sessions import ENDED
from vernal.workflow.course_so_far import SessionSoFar, sessions_of
from vernal.workflow.patients import own_chart
from vernal.workflow.queries.cited import SourceLine, source_line


@dataclass(frozen=True)
class PastVisit:
    """A session that is over, whether a dose was given or not."""

    number: int
    on: date
    was_given: bool


@dataclass(frozen=True)
class AdviceLine:
    words: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class MyCourse:
    """`here` is the session under way today. `advice` is that of session `after`, on its day and on
    the next; else empty and None."""

    here: int | None
    past: tuple[PastVisit, ...]
    after: int | None
    advice: tuple[AdviceLine, ...]


def my_course(*, by: User, at: datetime) -> MyCourse:
    """What the patient's own page tells of past sessions; nothing that nobody has read."""
    patient = own_chart(by)
    zone = patient.site.zone
    on = at.astimezone(zone).date()
    begun = [each for each in sessions_of(patient, at=at) if each.has_begun]
    here = next((each for each in begun if _is_under_way(each, on=on, zone=zone)), None)
    newest = next((each for each in reversed(begun) if each.is_given), None)
    is_recent = newest is not None and on - newest.began_at.astimezone(zone).date() <= timedelta(1)
    return MyCourse(
        here=here.number if here else None,
        past=tuple(
            PastVisit(each.number, each.began_at.astimezone(zone).date(), each.is_given)
            for each in begun
            if each is not here
        ),
        after=newest.number if newest and is_recent else None,
        advice=_advice(newest) if newest and is_recent else (),
    )


def _is_under_way(session: SessionSoFar, *, on: date, zone: ZoneInfo) -> bool:
    """Begun today and not ended; one of another day that nobody closed is past all the same."""
    today = session.began_at.astimezone(zone).date() == on
    return today and session.log.state not in ENDED


def _advice(session: SessionSoFar) -> tuple[AdviceLine, ...]:
    decision = session.plan.decision
    return tuple(
        AdviceLine(each.words, tuple(source_line(key) for key in each.sources))
        for each in home_advice(decision.route, decision.indication)
    )
