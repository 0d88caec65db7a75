"""A faster rate asks what a start asks, a slower one is free; telling of less makes no room."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest

from tests.bedside import DOSE, NO_SYMPTOMS, Bedside, make_bedside
from tests.factories import make_alert, make_site
from vernal.rules.sessions import Kind
from vernal.workflow import screening
from vernal.workflow.errors import InvalidInput, NotPossibleNow

pytestmark = pytest.mark.django_db
FULL = {"rate_mg_per_h": "66", "reason": "Calm again"}
SLOW = {"rate_mg_per_h": "20", "reason": "Anxious"}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    """An infusion at 20 mg/h from minute 0 on, looked at in minute 10."""
    bed = make_bedside(make_site())
    bed.prepare()
    bed.enter(Kind.dose_started, 0, {**DOSE, "rate_mg_per_h": "20"})
    look(bed, 10)
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def look(bed: Bedside, minute: float) -> None:
    """Two readings, symptoms and scores: nothing that asks for a pause is left open."""
    bed.reading(minute - 5)
    bed.reading(minute)
    bed.enter(Kind.symptom, minute, {"answers": NO_SYMPTOMS})
    for scale, value in (("moaas", 5), ("dissociation_0_10", 1), ("anxiety_0_10", 1)):
        bed.score(minute, scale, value)


def faster_is_refused(bed: Bedside, minute: float) -> str:
    with pytest.raises(NotPossibleNow) as refusal:
        bed.enter(Kind.rate_changed, minute, FULL)
    return str(refusal.value)


def test_with_nothing_against_it_the_ordered_rate_is_set_again(bed) -> None:
    bed.enter(Kind.rate_changed, 11, FULL)

    assert bed.view(12).state.dose.rate_mg_per_h == 66


def test_no_rate_is_raised_under_an_alarm_and_a_lower_one_is_kept(bed) -> None:
    bed.reading(11, systolic_mmhg="230", diastolic_mmhg="130")

    assert "Pressure" in faster_is_refused(bed, 12)
    bed.enter(Kind.rate_changed, 12, {**SLOW, "rate_mg_per_h": "10"})

    assert bed.view(13).state.dose.rate_mg_per_h == 10


def test_no_rate_is_raised_with_an_open_alert(bed) -> None:
    make_alert(bed.patient, at=bed.at(10.5))

    assert "alert about suicidal thoughts" in faster_is_refused(bed, 11)


def test_no_rate_is_raised_for_somebody_who_is_not_eligible_any_more(bed) -> None:
    screening.sign_decision(
        by=bed.prescriber,
        patient_id=bed.patient.patient_id,
        outcome="not_eligible",
        note="Changed.",
        defer_until=None,
        id=uuid4(),
        at=bed.at(10.5),
    )

    assert "no longer says" in faster_is_refused(bed, 11)


def test_no_rate_is_raised_once_the_planned_dose_may_be_in(bed) -> None:
    look(bed, 140)

    assert "nothing is left" in faster_is_refused(bed, 141)


def test_a_correction_is_no_way_around_it(bed) -> None:
    bed.reading(11, systolic_mmhg="230", diastolic_mmhg="130")
    start = next(each for each in bed.view(12).state.entries if each.kind == Kind.dose_started)
    reason = {"reason": "Typed wrongly", "replacement": DOSE}

    with pytest.raises(NotPossibleNow, match="Pressure"):
        bed.enter(Kind.correction, 12, reason, corrects=start.event.id)


def test_a_faster_rate_is_not_set_without_the_network(bed) -> None:
    with pytest.raises(NotPossibleNow, match="only with the server's answer"):
        bed.offline(Kind.rate_changed, 11, FULL, arrives=12)
    bed.offline(Kind.rate_changed, 11, {**SLOW, "rate_mg_per_h": "10"}, arrives=12)


STOP = {"reason": "paused"}


def told(bed: Bedside) -> None:
    bed.enter(Kind.dose_stopped, 40, {**STOP, "happened_at": bed.at(1).isoformat()})


def late(bed: Bedside) -> None:
    bed.offline(Kind.dose_stopped, 1, STOP, arrives=40)


@pytest.mark.parametrize("stop", [told, late])
def test_a_stop_of_an_earlier_time_makes_no_room_for_more(bed, stop) -> None:
    """At 40 minutes 13.3 mg may be in, whatever the log was told."""
    stop(bed)
    look(bed, 46)
    assert bed.view(46).state.dose.given_mg < 1

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_started, 47, {**DOSE, "planned_dose_mg": "40"})
    assert "13.333 mg count as given" in refusal.value.fields["planned_dose_mg"]

    bed.enter(Kind.dose_started, 47, {**DOSE, "planned_dose_mg": "30"})
