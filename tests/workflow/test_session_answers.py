"""An answer that no rule could read is never kept, and none takes the place of the chart."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.bedside import DOSE, READING, Bedside, make_bedside
from tests.factories import make_alert, make_site
from vernal.knowledge.facts import facts
from vernal.knowledge.sessions import questions
from vernal.rules.sessions import Kind
from vernal.workflow.errors import InvalidInput, NotPossibleNow

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.infuse()
    return bed


@pytest.fixture
def running(made, db) -> Bedside:
    return deepcopy(made)


@pytest.mark.parametrize(
    "answers",
    [
        {"chest_pain": "perhaps"},
        {"phq9_item9": "9" * 5000},
        {"weight_kg": "1" * 3000},
        {"zz": "x" * 100_000},
    ],
    ids=lambda answers: ",".join(answers),
)
def test_an_answer_of_no_kind_is_refused_and_the_session_goes_on(running, answers) -> None:
    with pytest.raises(InvalidInput):
        running.enter(Kind.symptom, 5, {"answers": answers})

    running.enter(Kind.reading, 6, READING)
    running.enter(Kind.dose_stopped, 7, {"reason": "alarm"})
    assert not running.view(8).state.dose.running


def test_a_correction_is_no_way_to_such_an_answer(running) -> None:
    kept = running.enter(Kind.symptom, 5, {"answers": {"chest_pain": False}})
    replacement = {"answers": {"chest_pain": "perhaps"}}

    with pytest.raises(InvalidInput):
        running.enter(
            Kind.correction,
            6,
            {"reason": "Misheard", "replacement": replacement},
            corrects=kept.event_id,
        )


def test_no_answer_closes_an_alert_of_the_chart(db) -> None:
    soon = make_bedside(make_site("cheyenne"))
    soon.prepare()
    make_alert(soon.patient, at=soon.at(-1))

    with pytest.raises(InvalidInput) as refusal:
        soon.enter(Kind.checklist, -1, {"answers": {"suicide_alert_open": False}})

    assert "not asked in a session" in refusal.value.fields["answers"]
    with pytest.raises(NotPossibleNow):
        soon.enter(Kind.dose_started, 0, DOSE)


def test_nothing_that_is_worked_out_or_measured_is_asked() -> None:
    assert not [name for name in questions() if facts()[name].derived]
    assert not {"systolic_mmhg", "moaas", "weight_kg", "consent_signed"} & questions().keys()


def test_a_told_year_and_half_a_character_are_asked_back(running) -> None:
    for payload in (
        {"words": "x", "happened_at": "0001-01-01T00:00:00+00:00"},
        {"words": "x", "happened_at": "9999-12-31T23:59:59+00:00"},
        {"words": chr(0xD800)},
        {"words": "a" + chr(0)},
    ):
        with pytest.raises(InvalidInput):
            running.enter(Kind.note, 5, payload)

    assert running.view(6).state.dose.running
