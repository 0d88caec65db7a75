"""Filled-in scales as dated scores: worked out from the answers, never stored beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from vernal.knowledge.figures import value
from vernal.knowledge.scales import scale, scales
from vernal.records.models import Assessment, Patient
from vernal.rules.conditions import Truth, Unknown
from vernal.rules.outcomes import DatedScore
from vernal.rules.scales import Score, entered_total, safety_answers, score
from vernal.rules.sessions.mood import MoodScore

TOTAL = "total"


@dataclass(frozen=True)
class Measured:
    """One filled-in scale. `score` is Unknown while answers are missing; `suicidal` where the
    scale does not ask or the item was left open."""

    id: UUID
    scale: str
    on: date
    at: datetime
    rated_earlier: bool
    by_name: str
    score: Score | Unknown
    suicidal: Truth


def measurements(patient: Patient) -> tuple[Measured, ...]:
    """Every filled-in scale, the oldest first."""
    rows = Assessment.objects.filter(patient=patient).select_related("by")
    found = [_measured(row, patient) for row in rows if row.scale in scales()]
    return tuple(sorted(found, key=lambda each: (each.on, each.at)))


def series_of(measured: Iterable[Measured]) -> tuple[DatedScore, ...]:
    """Those that have a score, as the rules of outcomes read them."""
    return tuple(
        DatedScore(each.scale, each.on, each.score.value, _completed_at(each))
        for each in measured
        if isinstance(each.score, Score)
    )


def _completed_at(measured: Measured) -> datetime | None:
    """A total rated on an earlier day was complete on that day, at an hour nobody wrote down."""
    return None if measured.rated_earlier else measured.at


def score_of(row: Assessment) -> Score | Unknown:
    """The score of one copy, from its items or as the total that was entered."""
    asked = scale(row.scale)
    if TOTAL in row.answers:
        return entered_total(asked, Decimal(row.answers[TOTAL]))
    return score(asked, row.answers)


def rated_on(row: Assessment, patient: Patient) -> date:
    """The day the score belongs to, in the clinic's own zone."""
    return row.rated_on or row.at.astimezone(patient.site.zone).date()


def mood_scores(patient: Patient) -> list[MoodScore]:
    """Every PHQ-9 as the gate before a dose reads it, from old to new."""
    rows = Assessment.objects.filter(patient=patient, scale="phq-9")
    in_order = sorted(rows, key=lambda row: (rated_on(row, patient), row.at))
    return [_mood_score(row, patient) for row in in_order]


def _mood_score(row: Assessment, patient: Patient) -> MoodScore:
    result, item9 = score_of(row), row.answers.get("9")
    return MoodScore(
        on=rated_on(row, patient),
        total=None if isinstance(result, Unknown) else result.value,
        item9=None if item9 is None else Decimal(item9),
    )


def suicidal_thoughts(measured: Sequence[Measured], *, on: date) -> Truth:
    """Whether the newest copy that asks says so; Unknown where it is older than what it asks of."""
    asked = [each for each in measured if not isinstance(each.suicidal, Unknown)]
    if not asked or (on - asked[-1].on).days > value("suicidal_answer_days_old"):
        return Unknown.of("course.suicidal_thoughts")
    return asked[-1].suicidal


def _measured(row: Assessment, patient: Patient) -> Measured:
    return Measured(
        id=row.pk,
        scale=row.scale,
        on=rated_on(row, patient),
        at=row.at,
        rated_earlier=rated_on(row, patient) < row.at.astimezone(patient.site.zone).date(),
        by_name=row.by.name,
        score=score_of(row),
        suicidal=_suicidal(row),
    )


def _suicidal(row: Assessment) -> Truth:
    asked = scale(row.scale)
    if TOTAL in row.answers or not asked.safety_items:
        return Unknown.of(f"{row.scale}.safety_item")
    flagged = safety_answers(asked, row.answers)
    return flagged if isinstance(flagged, Unknown) else bool(flagged)
