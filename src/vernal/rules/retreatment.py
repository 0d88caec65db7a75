"""After a session or a course: what the protocol offers next, and what speaks for and against.

Never a dose. Options, reasons and prompts are data (`knowledge/data/retreatment`); their
conditions ask for the facts of `CourseState.facts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from vernal.rules.conditions import Condition, Facts, Truth, Unknown, Value, judge
from vernal.rules.due import CourseSession
from vernal.rules.findings import Standing
from vernal.rules.outcomes import (
    CourseDates,
    DatedScore,
    Definition,
    Judged,
    OutcomeFigures,
    judge_outcome,
    relapsed,
)

OptionId = Literal["stop", "continue", "wait", "next_dose", "change", "refer"]
CoursePhase = Literal["induction", "continuation", "maintenance", "finished"]


@dataclass(frozen=True)
class CourseState:
    """Where a course stands. Outcomes come from `rules.outcomes`; what is not known is Unknown.

    `sessions_left` are those the plan still holds in this phase. `weeks_since_induction` are
    full weeks after its last session, Unknown while it runs.
    """

    phase: CoursePhase
    sessions_given: int
    sessions_left: int | Unknown
    improved_20_percent: Truth
    improved_25_percent: Truth
    response: Truth
    remission: Truth
    worse: Truth
    relapse: Truth
    suicidal_thoughts: Truth
    stop_alarm_last_session: Truth
    days_since_last_session: int | Unknown
    weeks_since_induction: int | Unknown

    def facts(self) -> Facts:
        facts: dict[str, Value | Unknown] = {"course.phase": self.phase}
        for name in COURSE_NUMBERS:
            number: int | Unknown = getattr(self, name)
            facts[f"course.{name}"] = (
                Unknown.of(f"course.{name}") if isinstance(number, Unknown) else Decimal(number)
            )
        for name in COURSE_TRUTHS:
            facts[f"course.{name}"] = getattr(self, name)
        return facts


COURSE_NUMBERS = (
    "sessions_given",
    "sessions_left",
    "days_since_last_session",
    "weeks_since_induction",
)
COURSE_TRUTHS = (
    "improved_20_percent",
    "improved_25_percent",
    "response",
    "remission",
    "worse",
    "relapse",
    "suicidal_thoughts",
    "stop_alarm_last_session",
)
COURSE_FACTS = frozenset(
    {"course.phase", *(f"course.{name}" for name in (*COURSE_NUMBERS, *COURSE_TRUTHS))}
)


@dataclass(frozen=True)
class CourseDefinitions:
    """By which definitions a course is judged. `too_little` holds when the score fell too little
    to go on (early) or to go on once more (at the end)."""

    response: Definition
    remission: Definition
    worse: Definition
    too_little_early: Definition
    too_little_at_end: Definition
    relapses: tuple[Definition, ...]


def this_course(sessions: Iterable[CourseSession], *, gap_days: int) -> tuple[CourseSession, ...]:
    """The sessions of the newest course, in order.

    A course begins with an induction: the first one, one after another phase, or one more than
    `gap_days` after the last session, which is judged from its own baseline. A new plan in the
    middle of an induction goes on with the same course.
    """
    course: list[CourseSession] = []
    for each in sorted(sessions, key=lambda session: session.on):
        last = course[-1] if course else None
        if last and each.phase == "induction":
            gap = (each.on - last.on).days
            if last.phase != "induction" or gap > gap_days:
                course = []
        course.append(each)
    return tuple(course)


def course_state(
    definitions: CourseDefinitions,
    series: Iterable[DatedScore],
    *,
    phase: CoursePhase,
    sessions_given: int,
    sessions_left: int | Unknown,
    last_session_on: date | None,
    dates: CourseDates,
    suicidal_thoughts: Truth,
    stop_alarm_last_session: Truth,
    on: date,
    figures: OutcomeFigures,
) -> CourseState:
    """The state of a course on a day, judged on one scale's dated scores."""
    scores = tuple(series)

    def holds(definition: Definition) -> Truth:
        return judge_outcome(definition, scores, dates=dates, on=on, figures=figures).holds

    return CourseState(
        phase=phase,
        sessions_given=sessions_given,
        sessions_left=sessions_left,
        improved_20_percent=_not(holds(definitions.too_little_early)),
        improved_25_percent=_not(holds(definitions.too_little_at_end)),
        response=holds(definitions.response),
        remission=holds(definitions.remission),
        worse=holds(definitions.worse),
        relapse=relapsed(
            definitions.relapses,
            response=definitions.response,
            series=scores,
            dates=dates,
            on=on,
            figures=figures,
        ),
        suicidal_thoughts=suicidal_thoughts,
        stop_alarm_last_session=stop_alarm_last_session,
        days_since_last_session=_days("days_since_last_session", last_session_on, on),
        weeks_since_induction=_weeks(_days("weeks_since_induction", dates.induction_ended_on, on)),
    )


def judge_on_course(
    definition: Definition,
    series: Iterable[DatedScore],
    *,
    response: Definition | None,
    dates: CourseDates,
    on: date,
    figures: OutcomeFigures,
) -> Judged:
    """A definition judged for showing it with its scores. A relapse is counted from the end of the
    induction and needs a response by then; without one the scale knows no relapse."""
    scores = tuple(series)
    judged = judge_outcome(definition, scores, dates=dates, on=on, figures=figures)
    if definition.outcome != "relapse":
        return judged
    if response is None:
        return replace(judged, holds=Unknown.of(f"{definition.scale}.response"), scores=())
    holds = relapsed(
        (definition,), response=response, series=scores, dates=dates, on=on, figures=figures
    )
    ended = dates.induction_ended_on
    since = tuple(each for each in judged.scores if ended is not None and each.on > ended)
    return replace(judged, holds=holds, scores=since)


def _not(truth: Truth) -> Truth:
    return truth if isinstance(truth, Unknown) else not truth


def _days(name: str, since: date | None, on: date) -> int | Unknown:
    return Unknown.of(f"course.{name}") if since is None or since > on else (on - since).days


def _weeks(days: int | Unknown) -> int | Unknown:
    return days if isinstance(days, Unknown) else days // 7


@dataclass(frozen=True)
class Reason:
    """Something that speaks for or against an option while `when` holds. `rows` are the ids of
    the published rows (REL-, OUT-, DOS-, MON-) it rests on."""

    id: str
    side: Literal["for", "against"]
    words: str
    when: Condition
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class Option:
    id: OptionId
    version: int
    title: str
    words: str
    offered: Condition
    reasons: tuple[Reason, ...]
    published: tuple[str, ...]


@dataclass(frozen=True)
class Prompt:
    """Something to look at now; a person decides. `rows` are the reference rows behind it."""

    id: str
    version: int
    title: str
    words: str
    action: str
    when: Condition
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class OpenReason:
    reason: Reason
    needs: frozenset[str]


@dataclass(frozen=True)
class OpenPrompt:
    prompt: Prompt
    needs: frozenset[str]


@dataclass(frozen=True)
class OptionReview:
    """An option with what speaks for it, against it, and what cannot be judged yet."""

    option: Option
    offered: Truth
    speaks_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]
    open: tuple[OpenReason, ...]


@dataclass(frozen=True)
class Review:
    """Every option in the order of the data; an order is no ranking."""

    options: tuple[OptionReview, ...]
    prompts: tuple[Prompt, ...]
    open_prompts: tuple[OpenPrompt, ...]


def review(state: CourseState, options: Iterable[Option], prompts: Iterable[Prompt]) -> Review:
    facts = state.facts()
    judged = [(prompt, judge(prompt.when, facts)) for prompt in prompts]
    return Review(
        options=tuple(_review_option(option, facts) for option in options),
        prompts=tuple(prompt for prompt, truth in judged if truth is True),
        open_prompts=tuple(
            OpenPrompt(prompt, truth.needs)
            for prompt, truth in judged
            if isinstance(truth, Unknown)
        ),
    )


def _review_option(option: Option, facts: Facts) -> OptionReview:
    judged = [(reason, judge(reason.when, facts)) for reason in option.reasons]
    holding = [reason for reason, truth in judged if truth is True]
    return OptionReview(
        option=option,
        offered=judge(option.offered, facts),
        speaks_for=tuple(reason for reason in holding if reason.side == "for"),
        speaks_against=tuple(reason for reason in holding if reason.side == "against"),
        open=tuple(
            OpenReason(reason, truth.needs)
            for reason, truth in judged
            if isinstance(truth, Unknown)
        ),
    )


def gives_what_nobody_booked(judged: OptionReview) -> bool:
    """Whether it would give a planned session while none is known to be booked: nobody signs
    that."""
    return judged.option.id == "next_dose" and judged.offered is not True


def closes_sessions(option: OptionId) -> bool:
    """Whether a signed review ends the plan's sessions for good; only a new plan books others."""
    return option in ("stop", "change", "refer")


def holds_sessions_back(option: OptionId, *, look_again_on: date | None, on: date) -> bool:
    """Whether a signed review keeps the sessions of the plan it was about from beginning.

    Waiting holds them back until the day on which somebody looks again.
    """
    if option == "wait":
        return look_again_on is None or on < look_again_on
    return closes_sessions(option)
