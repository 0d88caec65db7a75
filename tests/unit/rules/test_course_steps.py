"""Where a course stands: one step of eight, and one thing that is waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from vernal.rules.course_steps import (
    COURSE_STEPS,
    Marks,
    PlanMark,
    ReviewMark,
    SessionMark,
    Standing,
    next_session,
    sessions_given,
    where_it_stands,
)
from vernal.rules.sessions import State

TODAY = date(2026, 3, 10)
TEN = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
SENT = Marks(has_account=True, history_begun=True, history_sent=True)
ELIGIBLE = replace(SENT, decision="eligible")


def planned(number: int = 1, *, days: int = 0, **changes) -> SessionMark:
    at = TEN + timedelta(days=days)
    mark = SessionMark(uuid4(), number, at, TODAY + timedelta(days=days), State.planned)
    return replace(mark, **changes)


def given(number: int = 1, *, days: int = -7, asked_in_hours: int | None = None) -> SessionMark:
    asked = None if asked_in_hours is None else TEN + timedelta(hours=asked_in_hours)
    dose_at = TEN + timedelta(days=days)
    return planned(number, days=days, state=State.discharged, dose_at=dose_at, asked_from=asked)


def treated(*sessions: SessionMark, **changes) -> Marks:
    return replace(ELIGIBLE, has_plan_in_force=True, sessions=sessions, **changes)


def signed(option: str, *, days_ago: int = 1, again: int | None = None) -> ReviewMark:
    look = None if again is None else TODAY + timedelta(days=again)
    return ReviewMark(option, TEN - timedelta(days=days_ago), look)


def stand(marks: Marks) -> Standing:
    return where_it_stands(marks, on=TODAY)


@pytest.mark.parametrize(
    ("marks", "waits", "step"),
    [
        (Marks(), "invitation", "inquiry"),
        (Marks(history_begun=True), "invitation", "inquiry"),
        (Marks(has_account=True), "history_to_begin", "intake"),
        (Marks(has_account=True, history_begun=True), "history_to_send", "intake"),
        (replace(SENT, section="Examination"), "section", "screening"),
        (SENT, "screening", "screening"),
        (replace(SENT, decision="deferred"), "deferred", "screening"),
        (replace(SENT, decision="not_eligible"), "not_eligible", "screening"),
        (ELIGIBLE, "plan_to_draw_up", "plan"),
        (replace(ELIGIBLE, draft=PlanMark()), "plan_to_confirm", "plan"),
        (replace(ELIGIBLE, draft=PlanMark(True)), "consent_to_read", "plan"),
        (replace(ELIGIBLE, draft=PlanMark(True, "to_discuss")), "consent_to_discuss", "plan"),
        (replace(ELIGIBLE, draft=PlanMark(True, "to_sign")), "consent_to_sign", "plan"),
        (replace(ELIGIBLE, draft=PlanMark(True, "holds")), "plan_checks", "plan"),
        (replace(ELIGIBLE, draft=PlanMark(True, "holds", True)), "plan_to_sign", "plan"),
        (treated(planned(days=3)), "session_to_come", "session"),
        (treated(planned()), "session_today", "session"),
        (treated(planned(days=-1), planned(2, days=3)), "session_missed", "session"),
        (treated(planned(state=State.dosed), planned(2, days=3)), "session_running", "session"),
        (treated(given(asked_in_hours=4), planned(2, days=3)), "effects", "effects"),
        (treated(given(asked_in_hours=-2)), "effects", "effects"),
        (treated(given(), planned(2, days=3), scales=("PHQ-9",)), "scales", "outcomes"),
        (treated(given(), planned(2, days=3), overdue=("Safety call",)), "scales", "outcomes"),
        (treated(given(), planned(2), overdue=("Safety call",)), "session_today", "session"),
        (treated(planned(days=3), overdue=("Cognition",)), "session_to_come", "session"),
        (treated(given(), planned(2, days=3)), "session_to_come", "session"),
        (treated(planned(days=3), scales=("PHQ-9",)), "session_to_come", "session"),
        (treated(given(), scales=("PHQ-9",)), "review_due", "review"),
        (treated(given(), planned(2, is_cancelled=True)), "review_due", "review"),
        (treated(given(), review=signed("continue", days_ago=9)), "review_due", "review"),
        (treated(planned(is_cancelled=True)), "plan_to_draw_up", "plan"),
    ],
)
def test_the_step_and_what_waits(marks, waits, step) -> None:
    found = stand(marks)

    assert (found.waits, found.step) == (waits, step)
    assert found.number == COURSE_STEPS.index(step) + 1


@pytest.mark.parametrize(
    ("review", "waits", "step"),
    [
        (signed("wait", again=5), "review_later", "review"),
        (signed("wait", again=0), "review_due", "review"),
        (signed("next_dose"), "plan_to_draw_up", "plan"),
        (signed("continue", again=5), "plan_to_draw_up", "plan"),
        (signed("change", again=5), "plan_to_draw_up", "plan"),
        (signed("change", again=-5), "review_due", "review"),
        (signed("stop", again=5), "ended", "review"),
        (signed("refer", again=5), "ended", "review"),
        (signed("stop", again=-1), "review_due", "review"),
    ],
)
def test_after_a_signed_review(review, waits, step) -> None:
    found = stand(treated(given(), review=review))

    assert (found.waits, found.step) == (waits, step)


def test_a_plan_after_the_review_goes_through_its_own_steps() -> None:
    marks = treated(given(), review=signed("continue", again=5), draft=PlanMark(True, "to_sign"))

    assert stand(marks).waits == "consent_to_sign"


@pytest.mark.parametrize(
    "marks",
    [
        replace(treated(planned(state=State.recovering)), decision="deferred"),
        treated(planned(state=State.checked_in), review=signed("wait", again=-1)),
    ],
)
def test_a_session_that_runs_comes_before_everything(marks) -> None:
    assert stand(marks).waits == "session_running"


def test_a_log_that_nobody_closed_does_not_hide_the_course_for_ever() -> None:
    forgotten = replace(given(), state=State.recovering, was_left_open=True)

    assert stand(treated(forgotten, planned(2, days=3))).waits == "session_to_come"


def test_a_day_to_look_again_comes_before_the_next_session() -> None:
    found = stand(treated(given(), planned(2), review=signed("wait", again=0)))

    assert (found.waits, found.on) == ("review_due", TODAY)


def test_a_wait_holds_back_sessions_that_are_still_planned() -> None:
    found = stand(treated(given(), planned(2, days=2), review=signed("wait", again=9)))

    assert (found.waits, found.on) == ("review_later", TODAY + timedelta(days=9))


def test_the_screening_decides_anew_in_the_middle_of_a_course() -> None:
    marks = replace(treated(given(), planned(2, days=2)), decision="not_eligible")

    assert stand(marks).waits == "not_eligible"


def test_the_question_is_about_the_newest_dose() -> None:
    old, new = given(1, days=-7, asked_in_hours=1), given(2, days=-2)

    assert stand(treated(new, old, planned(3, days=2))).waits == "session_to_come"


def test_what_waits_carries_what_its_words_need() -> None:
    running = planned(3, state=State.dosed, alarm="Systolic above 180")
    asked = given(asked_in_hours=4)

    assert stand(treated(running)).session == running
    assert stand(treated(asked, planned(2, days=3))).from_at == TEN + timedelta(hours=4)
    assert stand(replace(SENT, section="Laboratory")).titles == ("Laboratory",)
    assert stand(replace(SENT, decision="deferred", deferred_until=TODAY)).on == TODAY


def test_the_next_session_is_the_first_that_stands() -> None:
    third, fourth = planned(3, days=2), planned(4, days=4)
    sessions = (planned(1, days=-1), planned(2, days=1, is_cancelled=True), fourth, third)

    assert next_session(treated(*sessions), on=TODAY) == third
    assert next_session(treated(given()), on=TODAY) is None


def test_a_session_counts_as_given_when_it_had_a_dose() -> None:
    stopped = planned(2, days=-3, state=State.stopped)

    assert sessions_given(treated(given(), stopped, planned(3))) == 1
