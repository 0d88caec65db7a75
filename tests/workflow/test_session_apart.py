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
from vernal.records.models import Session
from vernal.rules.sessions import Kind
from vernal.workflow import bookings, intake
from vernal.workflow.apart import is_first, not_ended, why_not_now
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.standing import may_session_begin, why_session_may_not_begin

pytestmark = pytest.mark.django_db
HOME = {"to": "Ash", "advice_given": True}
LEFT = {
    "reason": "Wants to go home",
    "risks_explained": True,
    "clinician_told": "Dr. Okafor",
    "left_with": "Ash Hollis",
    "telephone": "307 555 0147",
}


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
    bed.offline(Kind.checked_in, minute, {}, arrives=minute + 1)


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


def test_a_way_out_that_ended_nothing_keeps_the_next_one_from_its_door(planning) -> None:
    """It came late, and by the log the pump ran: nobody has said how the dose ended."""
    first = bedside(planning, 1)
    first.infuse()
    first.offline(Kind.left_against_advice, 20, LEFT, arrives=21)
    second = bedside(planning, 2, planning.session(2).planned_at)

    assert "Session 1 of this patient" in refused(second, Kind.checked_in, -20)

    first.enter(Kind.dose_stopped, 30, {"reason": "alarm"})
    assert "Session 1 of this patient" in refused(second, Kind.checked_in, -20)
    first.enter(Kind.left_against_advice, 31, LEFT)
    assert "Session 1" not in " ".join(why_not_now(planning.session(2), at=second.at(-20)))


@pytest.mark.parametrize("kind", [Kind.correction, Kind.sealed])
def test_an_end_that_was_taken_back_is_none(planning, kind) -> None:
    first = bedside(planning, 1)
    first.enter(Kind.checked_in, -20)
    ended = first.enter(Kind.session_stopped, -10, {"reason": "Ate breakfast"})
    second = planning.session(2)
    assert why_not_now(second, at=second.planned_at) == ()

    wrong = {"reason": "Another patient"}
    first.enter(kind, 1, wrong, corrects=ended.event_id, by=first.prescriber)

    (reason,) = why_not_now(second, at=second.planned_at)
    assert "Session 1 of this patient" in reason


def test_a_plain_end_needs_no_log_to_be_read(planning, django_assert_num_queries) -> None:
    first = bedside(planning, 1)
    first.enter(Kind.checked_in, -20)
    first.enter(Kind.note, -10, {"words": "Ate breakfast"})
    first.enter(Kind.session_stopped, -9, {"reason": "Ate breakfast"})
    rows = Session.objects.filter(patient_id=planning.patient_id)

    with django_assert_num_queries(1):
        assert not_ended(rows, at=TEN) == []


@pytest.mark.parametrize("kind", [Kind.correction, Kind.sealed])
def test_a_dose_that_was_taken_back_leaves_the_next_session_the_first(planning, kind) -> None:
    first = bedside(planning, 1)
    first.infuse()
    first.enter(Kind.dose_stopped, 1, {"reason": "other"})
    assert not is_first(planning.session(2), at=first.at(2))

    for each in planning.session(1).events.filter(kind__in=[Kind.dose_started, Kind.dose_stopped]):
        wrong = {"reason": "Another patient's dose"}
        first.enter(kind, 5, wrong, corrects=each.pk, by=first.prescriber)

    assert is_first(planning.session(2), at=first.at(6))


def test_a_dose_of_which_the_words_were_corrected_was_given(planning) -> None:
    first = bedside(planning, 1)
    first.infuse()
    start = planning.session(1).events.get(kind=Kind.dose_started)
    lot = {"reason": "Lot", "replacement": {**DOSE, "drug": "ketamine 50 mg/mL, lot 7"}}
    first.enter(Kind.correction, 5, lot, corrects=start.pk)

    assert not is_first(planning.session(2), at=first.at(6))
    assert is_first(planning.session(1), at=first.at(6))


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
