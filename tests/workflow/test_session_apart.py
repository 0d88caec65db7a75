"""One patient, several sessions: one at a time, on its day, hours after the last drug."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.bedside import DOSE, TEN, Bedside
from tests.coursing import phq9
from tests.factories import make_site
from tests.planning import Planning, make_planning
from vernal.rules.sessions import Kind
from vernal.workflow import bookings, intake, sessions
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.session_log import Entered
from vernal.workflow.standing import may_session_begin, why_session_may_not_begin

pytestmark = pytest.mark.django_db
HOME = {"to": "Ash", "advice_given": True}


@pytest.fixture(scope="module")
def made(lasting) -> Planning:
    """Three sessions from the fourth of March on, at ten in the morning."""
    site = make_site()
    planning = make_planning(site, now=TEN - timedelta(days=1))
    here = TEN.astimezone(site.zone)
    planning.signed(first_on=here.date(), starts_at=here.time(), sessions=3)
    score(planning, TEN - timedelta(hours=1))
    return planning


@pytest.fixture
def planning(made, db) -> Planning:
    return deepcopy(made)


def score(planning: Planning, at) -> None:
    intake.save_scale(
        by=planning.patient.user,
        patient_id=planning.patient_id,
        scale_id="phq-9",
        answers=phq9(18),
        id=uuid4(),
        at=at,
    )


def bedside(planning: Planning, number: int, ten=TEN) -> Bedside:
    nurse, prescriber = planning.nurse, planning.prescriber
    return Bedside(planning.session(number).pk, planning.patient, nurse, prescriber, ten)


def refused(bed: Bedside, kind: Kind, minute: float, payload=None) -> str:
    with pytest.raises(NotPossibleNow) as refusal:
        bed.enter(kind, minute, payload)
    return str(refusal.value)


def arrive_unasked(bed: Bedside, minute: float) -> None:
    """A check-in that no network could refuse, and the preparation after it."""
    entered = Entered(
        id=uuid4(),
        kind=Kind.checked_in,
        payload={},
        device_id="tablet",
        sequence=1,
        device_at=bed.at(minute),
        monotonic_ms=1,
        entered_offline=True,
    )
    sessions.receive(
        by=bed.nurse, session_id=bed.session_id, entered=entered, at=bed.at(minute + 1)
    )


def test_nobody_is_checked_in_on_another_day_than_planned(planning) -> None:
    second = bedside(planning, 2)

    assert "planned for Mar 9, 2026, not for today" in refused(second, Kind.checked_in, -20)


def test_no_drug_is_given_on_another_day_than_planned(planning) -> None:
    bedside(planning, 1).prepare()
    next_day = bedside(planning, 1, TEN + timedelta(days=1))

    assert "planned for Mar 4, 2026, not for today" in refused(next_day, Kind.dose_started, 0, DOSE)


def test_a_session_that_was_moved_has_the_day_it_was_moved_to(planning) -> None:
    first = planning.session(1)
    planning.move(first, TEN + timedelta(days=1))
    thursday = bedside(planning, 1, TEN + timedelta(days=1))

    assert not may_session_begin(first, at=TEN)
    assert "planned for Mar 5, 2026" in refused(bedside(planning, 1), Kind.checked_in, -20)
    thursday.infuse()

    assert thursday.view(1).state.dose.running


def test_two_sessions_of_one_patient_are_never_open_at_once(planning) -> None:
    first, second = bedside(planning, 1), bedside(planning, 2)
    first.prepare()
    arrive_unasked(second, -10)

    still_open = "of Mar 9, 2026, is still open: say how it ended"
    assert still_open in refused(first, Kind.dose_started, 0, DOSE)
    assert "of Mar 4, 2026, is still open" in refused(second, Kind.dose_started, 0, DOSE)

    second.enter(Kind.session_stopped, 1, {"reason": "Opened by mistake"})
    first.enter(Kind.dose_started, 2, DOSE)

    assert first.view(3).state.dose.running


def test_a_session_that_nobody_closed_keeps_the_next_one_from_its_door(planning) -> None:
    bedside(planning, 1).enter(Kind.checked_in, -20)
    second = bedside(planning, 2, planning.session(2).planned_at)

    assert "Session 1 of this patient" in refused(second, Kind.checked_in, -20)


def test_the_hours_between_count_from_the_drug_that_was_given(planning) -> None:
    """Session 1 began three hours late, so session 2, moved to 48 hours after ten, waits."""
    planning.now = TEN - timedelta(hours=2)
    planning.move(planning.session(2), TEN + timedelta(days=2))
    late = bedside(planning, 1, TEN + timedelta(hours=3))
    late.recover()
    late.enter(Kind.discharged, 165, HOME)
    second = bedside(planning, 2, TEN + timedelta(days=2))
    second.prepare()

    assert "At least 48 hours lie between two sessions: not before Mar 6, 2026, 13:00" in refused(
        second, Kind.dose_started, 0, DOSE
    )
    three_hours_on = bedside(planning, 2, TEN + timedelta(days=2, hours=3))
    three_hours_on.reading(-15)
    three_hours_on.reading(-8)
    three_hours_on.enter(Kind.dose_started, 0, DOSE)


def test_a_second_dose_on_the_day_of_the_first_is_told_at_the_door(planning) -> None:
    first = bedside(planning, 1)
    first.recover()
    first.enter(Kind.discharged, 165, HOME)
    planning.now = TEN - timedelta(hours=2)

    at_the_door = refused(bedside(planning, 2, TEN + timedelta(hours=3)), Kind.checked_in, 0)

    assert "not before Mar 6, 2026, 10:00" in at_the_door
    assert "not for today" in at_the_door


def test_a_session_that_ended_without_drug_keeps_no_other_away(planning) -> None:
    first = bedside(planning, 1)
    first.enter(Kind.checked_in, -20)
    first.enter(Kind.session_stopped, -10, {"reason": "Ate breakfast"})
    planning.now = TEN - timedelta(minutes=5)
    planning.move(planning.session(2), TEN + timedelta(hours=49))

    moved = TEN + timedelta(hours=49)
    assert why_session_may_not_begin(planning.session(2), at=moved) == ()


def test_a_new_plan_keeps_its_distance_from_the_drug_that_was_given(planning) -> None:
    late = bedside(planning, 1, TEN + timedelta(hours=6))
    late.infuse()
    planning.now = TEN + timedelta(hours=8)
    new = planning.draw_up()
    planning.confirm(new)

    with pytest.raises(InvalidInput) as refusal:
        planning.sign(new, first_on=(TEN + timedelta(days=2)).date())

    assert "not before Mar 6, 2026, 16:00" in refusal.value.fields["first_on"]


def test_a_note_of_the_day_before_keeps_nobody_from_moving_the_session(planning) -> None:
    bedside(planning, 1).enter(Kind.note, -60 * 20, {"words": "Their sister will drive"})

    (booked, *_others) = bookings.booked_sessions(planning.chart)

    assert not booked.has_begun
