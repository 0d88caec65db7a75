"""An alarm that once sounded stays until somebody has written down what was done."""

from __future__ import annotations

from copy import deepcopy
from uuid import UUID

import pytest

from tests.bedside import NO_SYMPTOMS, READING, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.workflow.errors import NotPossibleNow

pytestmark = pytest.mark.django_db
HIGH = {"systolic_mmhg": "230", "diastolic_mmhg": "130"}
WRONG = {"reason": "Typed wrongly"}
RIGHT = {**WRONG, "replacement": {**READING, "systolic_mmhg": "130"}}
HIGH_STILL = {**WRONG, "replacement": {**READING, **HIGH, "systolic_mmhg": "231"}}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.infuse()
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def change(bed: Bedside, minute: float, kind: Kind, payload, about: UUID, **more) -> None:
    bed.enter(kind, minute, payload, corrects=about, **more)


def answer(bed: Bedside, minute: float) -> None:
    rules = [name for alarm in bed.view(minute).alarms.sounding for name, _v in alarm.rules]
    bed.enter(Kind.alarm_acknowledged, minute, {"rules": rules, "words": "Typed wrongly"})


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Kind.correction, WRONG),
        (Kind.correction, RIGHT),
        (Kind.sealed, {"reason": "Other patient"}),
    ],
)
def test_a_reading_that_sounded_is_not_taken_back_before_the_answer(bed, kind, payload) -> None:
    high = bed.reading(5, **HIGH).event_id
    bed.enter(Kind.dose_stopped, 6, {"reason": "alarm"})
    bed.reading(7)

    for by in (bed.nurse, bed.prescriber):
        with pytest.raises(NotPossibleNow, match="First write down what was done"):
            change(bed, 8, kind, payload, high, by=by)
    assert bed.view(8).alarms.unanswered

    answer(bed, 9)
    change(bed, 10, kind, payload, high)

    assert bed.view(11).alarms.sounding == ()


@pytest.mark.parametrize("kind", [Kind.correction, Kind.sealed])
def test_a_symptom_that_sounded_is_not_taken_back_either(bed, kind) -> None:
    pain = bed.enter(Kind.symptom, 5, {"answers": {**NO_SYMPTOMS, "chest_pain": True}}).event_id

    with pytest.raises(NotPossibleNow, match="heart, brain or eye"):
        change(bed, 6, kind, WRONG, pain)


def test_a_correction_that_still_sounds_is_taken_at_once(bed) -> None:
    high = bed.reading(5, **HIGH).event_id

    change(bed, 6, Kind.correction, HIGH_STILL, high)

    assert bed.view(7).alarms.unanswered


def test_an_answered_alarm_is_taken_back_only_after_a_pressure(bed) -> None:
    high = bed.reading(5, **HIGH).event_id
    bed.enter(Kind.dose_stopped, 6, {"reason": "alarm"})
    answer(bed, 7)

    with pytest.raises(NotPossibleNow, match="First take a pressure"):
        change(bed, 8, Kind.correction, WRONG, high)
    bed.reading(9)
    change(bed, 10, Kind.correction, WRONG, high)

    assert bed.view(11).alarms.sounding == ()


def test_after_the_end_an_alarm_is_still_answered_and_then_its_reading_corrected(bed) -> None:
    high = bed.reading(5, **HIGH).event_id
    bed.enter(Kind.dose_stopped, 6, {"reason": "alarm"})
    bed.enter(
        Kind.transferred, 7, {"to": "ED", "reason": "High", "by": "car", "handed_over_to": "Lee"}
    )

    with pytest.raises(NotPossibleNow, match="First write down what was done"):
        change(bed, 8, Kind.correction, RIGHT, high)
    answer(bed, 9)
    change(bed, 10, Kind.correction, RIGHT, high)

    assert bed.view(11).alarms.unanswered == ()
