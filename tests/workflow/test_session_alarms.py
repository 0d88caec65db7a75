"""After an alarm stopped the dose: what is entered before drug is given again, or going home."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.bedside import NO_SYMPTOMS, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.workflow.errors import NotPossibleNow

pytestmark = pytest.mark.django_db
AGAIN = {"rate_mg_per_h": "60", "reason": "Pressure is down"}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.infuse()
    bed.reading(10, systolic_mmhg="186", diastolic_mmhg="100")
    bed.enter(Kind.dose_stopped, 11, {"reason": "alarm"})
    bed.reading(16)
    for scale, value in (("moaas", 5), ("dissociation_0_10", 1), ("anxiety_0_10", 1)):
        bed.score(17, scale, value)
    bed.enter(Kind.symptom, 17, {"answers": NO_SYMPTOMS})
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def answer(bed: Bedside, minute: float) -> None:
    rules = [name for alarm in bed.view(minute).alarms.sounding for name, _v in alarm.rules]
    said = {"rules": rules, "words": "Dr. Okafor came; rested, measured again"}
    bed.enter(Kind.alarm_acknowledged, minute, said)


def test_one_normal_reading_does_not_let_the_drug_go_on(bed) -> None:
    with pytest.raises(NotPossibleNow, match="nobody has entered what was done"):
        bed.enter(Kind.dose_resumed, 18, AGAIN)

    view = bed.view(18)
    assert view.alarms.unanswered
    assert (view.next.kind, view.next.why) == (Kind.alarm_acknowledged, "answer")


def test_with_the_answer_and_a_reading_within_limits_it_goes_on(bed) -> None:
    answer(bed, 18)

    bed.enter(Kind.dose_resumed, 19, AGAIN)

    assert bed.view(20).state.dose.running
    assert bed.view(20).alarms.unanswered == ()


def test_an_unanswered_alarm_keeps_the_patient_here(bed) -> None:
    open_ = {each.id: each for each in bed.view(18).discharge.open}
    assert "Not answered: " in open_["session.answered"].reason

    answer(bed, 18)

    assert "session.answered" not in {each.id for each in bed.view(19).discharge.open}


def test_while_it_sounds_nobody_has_said_what_was_done(bed) -> None:
    answer(bed, 18)
    bed.enter(Kind.reading, 19, {"systolic_mmhg": 190, "diastolic_mmhg": 115})

    assert "session.answered" in {each.id for each in bed.view(20).discharge.open}
