"""Where one patient's course stands: the step of eight, and what waits there for whom.

List and chart ask the same function. Treatment first: a session that runs comes before everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from vernal.rules.retreatment import closes_sessions, holds_sessions_back
from vernal.rules.sessions import ENDED, State

CourseStep = Literal[
    "inquiry", "intake", "screening", "plan", "session", "effects", "outcomes", "review"
]
COURSE_STEPS: tuple[CourseStep, ...] = get_args(CourseStep)

Waits = Literal[
    "invitation",
    "history_to_begin",
    "history_to_send",
    "section",
    "screening",
    "deferred",
    "not_eligible",
    "plan_to_draw_up",
    "plan_to_confirm",
    "consent_to_read",
    "consent_to_discuss",
    "consent_to_sign",
    "plan_checks",
    "plan_to_sign",
    "session_running",
    "session_today",
    "session_missed",
    "session_to_come",
    "effects",
    "scales",
    "review_due",
    "review_later",
    "ended",
]
STEP_OF: dict[Waits, CourseStep] = {
    "invitation": "inquiry",
    "history_to_begin": "intake",
    "history_to_send": "intake",
    "section": "screening",
    "screening": "screening",
    "deferred": "screening",
    "not_eligible": "screening",
    "plan_to_draw_up": "plan",
    "plan_to_confirm": "plan",
    "consent_to_read": "plan",
    "consent_to_discuss": "plan",
    "consent_to_sign": "plan",
    "plan_checks": "plan",
    "plan_to_sign": "plan",
    "session_running": "session",
    "session_today": "session",
    "session_missed": "session",
    "session_to_come": "session",
    "effects": "effects",
    "scales": "outcomes",
    "review_due": "review",
    "review_later": "review",
    "ended": "review",
}


@dataclass(frozen=True)
class SessionMark:
    """One session under the plan in force, or one that was given. `asked_from` is the moment from
    which the patient is asked at home how it was, as long as that question is open; `alarm` is the
    title of what sounds now. One that `was_left_open` began too long ago to be under way."""

    id: UUID
    number: int
    planned_at: datetime
    planned_on: date
    state: State
    dose_at: datetime | None = None
    is_cancelled: bool = False
    was_left_open: bool = False
    asked_from: datetime | None = None
    alarm: str = ""

    @property
    def is_under_way(self) -> bool:
        ended = self.was_left_open or self.state in ENDED
        return not ended and self.state != State.planned

    @property
    def is_to_come(self) -> bool:
        return self.state == State.planned and not self.is_cancelled


@dataclass(frozen=True)
class PlanMark:
    """The newest plan as long as nobody has signed it: what was done with it so far."""

    is_confirmed: bool = False
    consent: Literal["to_read", "to_discuss", "to_sign", "holds"] = "to_read"
    is_checked: bool = False


@dataclass(frozen=True)
class ReviewMark:
    """The newest signed review of the plan in force."""

    option: Literal["stop", "continue", "wait", "next_dose", "change", "refer"]
    signed_at: datetime
    look_again_on: date | None = None


@dataclass(frozen=True)
class Marks:
    """What the records say, as far as it decides the step. `section` is the first section of the
    staff that nobody has saved, `scales` the titles of those that wait, `overdue` those of tests
    and calls whose day has passed; `draft` is None where the newest plan is signed or there is
    none."""

    has_account: bool = False
    history_begun: bool = False
    history_sent: bool = False
    section: str = ""
    decision: Literal["", "eligible", "not_eligible", "deferred"] = ""
    deferred_until: date | None = None
    has_plan_in_force: bool = False
    draft: PlanMark | None = None
    sessions: Sequence[SessionMark] = field(default=())
    scales: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    review: ReviewMark | None = None


@dataclass(frozen=True)
class Standing:
    """The step and what waits, with what the words need: a session, a day, titles."""

    waits: Waits
    session: SessionMark | None = None
    from_at: datetime | None = None
    on: date | None = None
    titles: tuple[str, ...] = ()

    @property
    def step(self) -> CourseStep:
        return STEP_OF[self.waits]

    @property
    def number(self) -> int:
        """1 to 8."""
        return COURSE_STEPS.index(self.step) + 1


def where_it_stands(marks: Marks, *, on: date) -> Standing:
    """The one thing the course waits for on the clinic's own day `on`."""
    for each in marks.sessions:
        if each.is_under_way:
            return Standing("session_running", each)
    if marks.decision == "deferred":
        return Standing("deferred", on=marks.deferred_until)
    if marks.decision == "not_eligible":
        return Standing("not_eligible")
    if marks.has_plan_in_force:
        return _in_treatment(marks, on)
    return _planning(marks.draft) if marks.decision else _before_the_decision(marks)


def next_session(marks: Marks, *, on: date) -> SessionMark | None:
    """The next session that stands, today's too; one that was missed is none."""
    coming = [each for each in marks.sessions if each.is_to_come and each.planned_on >= on]
    return min(coming, key=lambda each: each.planned_at, default=None)


def sessions_given(marks: Marks) -> int:
    return sum(each.dose_at is not None for each in marks.sessions)


def _before_the_decision(marks: Marks) -> Standing:
    if not marks.has_account:
        return Standing("invitation")
    if not marks.history_sent:
        return Standing("history_to_send" if marks.history_begun else "history_to_begin")
    if marks.section:
        return Standing("section", titles=(marks.section,))
    return Standing("screening")


def _planning(draft: PlanMark | None) -> Standing:
    if draft is None:
        return Standing("plan_to_draw_up")
    if not draft.is_confirmed:
        return Standing("plan_to_confirm")
    match draft.consent:
        case "to_read":
            return Standing("consent_to_read")
        case "to_discuss":
            return Standing("consent_to_discuss")
        case "to_sign":
            return Standing("consent_to_sign")
    return Standing("plan_to_sign" if draft.is_checked else "plan_checks")


def _in_treatment(marks: Marks, on: date) -> Standing:
    if asked_again := _reviewed_again(marks.review, on):
        return asked_again
    coming = sorted(
        (each for each in marks.sessions if each.is_to_come), key=lambda each: each.planned_at
    )
    if coming and coming[0].planned_on <= on:
        waits: Waits = "session_today" if coming[0].planned_on == on else "session_missed"
        return Standing(waits, coming[0])
    if asked := _effects(marks):
        return asked
    if not coming:
        return Standing("review_due") if _review_is_owed(marks) else _after_the_review(marks)
    if (marks.scales or marks.overdue) and sessions_given(marks):
        return Standing("scales", titles=marks.scales)
    return Standing("session_to_come", coming[0])


def _reviewed_again(review: ReviewMark | None, on: date) -> Standing | None:
    """A day to look again that has come; until then a wait holds every session back."""
    if review is None or review.look_again_on is None:
        return None
    if review.look_again_on <= on:
        return Standing("review_due", on=review.look_again_on)
    held = holds_sessions_back(review.option, look_again_on=review.look_again_on, on=on)
    if held and not closes_sessions(review.option):
        return Standing("review_later", on=review.look_again_on)
    return None


def _effects(marks: Marks) -> Standing | None:
    """The question after the newest dose, open or still to be put."""
    given = [(each.dose_at, each) for each in marks.sessions if each.dose_at is not None]
    _at, newest = max(given, key=lambda pair: pair[0], default=(None, None))
    if newest is None or newest.asked_from is None:
        return None
    return Standing("effects", newest, from_at=newest.asked_from)


def _review_is_owed(marks: Marks) -> bool:
    """Nothing is planned any more, and no review was signed since the newest dose."""
    doses = [each.dose_at for each in marks.sessions if each.dose_at is not None]
    return bool(doses) and (marks.review is None or marks.review.signed_at < max(doses))


def _after_the_review(marks: Marks) -> Standing:
    """Another plan, or the end of the course; before the first dose only another plan."""
    review = marks.review
    if review is not None and review.option in ("stop", "refer"):
        return Standing("ended", on=review.look_again_on)
    return _planning(marks.draft)
