"""The re-treatment review as the prescriber reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.retreatment import Published, published
from vernal.knowledge.scales import definitions_of, scale
from vernal.records.models import Patient, ReviewSigned
from vernal.rules.conditions import Truth, Unknown, judge
from vernal.rules.outcomes import DatedScore, improved_percent
from vernal.rules.protocols import NextOption, Phase, next_options
from vernal.rules.retreatment import CourseState, OpenPrompt, OptionReview, Prompt
from vernal.rules.scales import Score
from vernal.workflow.course_so_far import CourseSoFar, course_so_far
from vernal.workflow.outcomes import COURSE_SCALE
from vernal.workflow.past_sessions import PastSession, past_sessions
from vernal.workflow.permissions import may_prescribe, may_sign_review
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.cited import SourceLine, source_line
from vernal.workflow.queries.outcomes import ScoreChart, score_chart
from vernal.workflow.reviews import Reviewed, reviewed


@dataclass(frozen=True)
class Offer:
    """What the protocol offers, and whether its condition holds; None where a person says."""

    option: NextOption
    holds: Truth | None


@dataclass(frozen=True)
class OptionView:
    """One option: what speaks for and against it, what the protocol says, what was published."""

    judged: OptionReview
    protocol: tuple[Offer, ...]
    published: tuple[Published, ...]


@dataclass(frozen=True)
class ReviewLine:
    """A decision that was signed. `despite` says why, where the option was not offered."""

    option: str
    look_again_on: date | None
    note: str
    by_name: str
    at: datetime
    knowledge_version: str
    despite: str


@dataclass(frozen=True)
class ReviewView:
    head: ChartHead
    plan_id: UUID | None
    protocol_title: str
    phase: Phase | None
    past: tuple[PastSession, ...]
    state: CourseState
    chart: ScoreChart
    newest: DatedScore | None
    improved_percent: Decimal | Unknown | None
    unscored: int
    prompts: tuple[Prompt, ...]
    open_prompts: tuple[OpenPrompt, ...]
    options: tuple[OptionView, ...]
    signed: list[ReviewLine]
    sources: Mapping[str, SourceLine]
    may_sign: bool
    may_plan: bool


def review(*, by: User, patient_id: UUID, at: datetime) -> ReviewView:
    """The review as of now; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="review")
    course = course_so_far(patient, at=at)
    past = past_sessions(patient, course.sessions, on=course.on)
    found = reviewed(course, past)
    chart = score_chart(course, scale(COURSE_SCALE), definitions_of(COURSE_SCALE))
    newest = _newest(chart)
    options = tuple(_option(each, found) for each in found.review.options)
    return ReviewView(
        head=head_of(patient),
        plan_id=course.plan.pk if course.plan else None,
        protocol_title=course.protocol.title if course.protocol else "",
        phase=_phase(course),
        past=past,
        state=found.state,
        chart=chart,
        newest=newest,
        improved_percent=improved_percent(reference=chart.start.value, score=newest.value)
        if newest and chart.start
        else None,
        unscored=sum(not isinstance(each.score, Score) for each in course.measured),
        prompts=found.review.prompts,
        open_prompts=found.review.open_prompts,
        options=options,
        signed=reviews_of(patient),
        sources={key: source_line(key) for key in _keys(options, found)},
        may_sign=may_sign_review(by, patient),
        may_plan=may_prescribe(by, patient),
    )


def reviews_of(patient: Patient) -> list[ReviewLine]:
    """Every signed review, the newest first."""
    rows = ReviewSigned.objects.filter(patient=patient).select_related("by").order_by("-at")
    return [
        ReviewLine(
            option=row.option,
            look_again_on=row.look_again_on,
            note=row.note,
            by_name=row.by.name,
            at=row.at,
            knowledge_version=row.knowledge_version,
            despite=row.options["despite"],
        )
        for row in rows
    ]


def _option(each: OptionReview, found: Reviewed) -> OptionView:
    phase = _phase(found.course)
    offers = next_options(found.course.protocol, phase.id) if phase else ()
    facts = found.state.facts()
    return OptionView(
        judged=each,
        protocol=tuple(
            Offer(offer, None if offer.holds is None else judge(offer.holds, facts))
            for offer in offers
            if offer.kind == each.option.id
        ),
        published=published(each.option),
    )


def _phase(course: CourseSoFar) -> Phase | None:
    if course.protocol is None or course.plan is None:
        return None
    return course.protocol.phase(course.plan.phase)


def _newest(chart: ScoreChart) -> DatedScore | None:
    """The newest score after the start of the course."""
    after = [each for each in chart.scores if chart.start and each.on > chart.start.on]
    return after[-1] if after else None


def _keys(options: tuple[OptionView, ...], found: Reviewed) -> set[str]:
    keys = {key for option in options for row in option.published for key in row.sources}
    for option in options:
        judged = option.judged
        for reason in (*judged.speaks_for, *judged.speaks_against):
            keys |= set(reason.sources)
        for offer in option.protocol:
            keys |= set(offer.option.sources)
    return keys | {key for prompt in found.review.prompts for key in prompt.sources}
