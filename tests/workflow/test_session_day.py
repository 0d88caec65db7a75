"""Screening and medication rules of the day of a session, judged before the dose."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.bedside import DOSE, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.workflow import intake, plans, screening
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.intake import MedicineLine

pytestmark = pytest.mark.django_db
SIGN = {"meaning": "start", "role": "clinician", "words": "Benefit outweighs it"}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_bedside(make_site())


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def refused(bed: Bedside, minute: float = 0) -> str:
    with pytest.raises(NotPossibleNow) as refusal:
        bed.enter(Kind.dose_started, minute, DOSE)
    return str(refusal.value)


def take(bed: Bedside, name: str, *, hours: float = 1) -> None:
    line = MedicineLine(name, Decimal(10), "mg", Decimal(1))
    intake.save_lines(
        by=bed.nurse,
        patient_id=bed.patient.patient_id,
        section_id="medicines",
        lines=[line],
        id=uuid4(),
        at=bed.at(-60 * hours),
    )


def test_without_airway_equipment_there_is_no_dose_and_nobody_sets_it_aside(bed) -> None:
    bed.prepare(airway_equipment_at_hand=False)

    assert "given yet. Emergency airway equipment not at hand." in refused(bed)
    with pytest.raises(InvalidInput, match="Nobody may set this aside"):
        bed.enter(Kind.signature, 0, {**SIGN, "rules": ["SCR-077"]}, by=bed.prescriber)


def test_airway_equipment_nobody_looked_for_closes_the_start(bed) -> None:
    bed.prepare(airway_equipment_at_hand=None)

    assert "Emergency airway equipment not at hand: not ruled out yet." in refused(bed)
    assert "airway_equipment_at_hand" in bed.view(0).asked


def test_an_infection_shows_before_the_dose_and_does_not_close_it(bed) -> None:
    bed.prepare(respiratory_infection_now=True)

    assert "Respiratory infection or blocked nose" in [
        each.title for each in bed.view(0).start.findings.found
    ]
    assert bed.view(0).start.may_start


def test_a_question_that_could_change_nothing_is_not_asked(bed) -> None:
    assert "stomach_symptoms_now" not in bed.view(0).asked
    take(bed, "semaglutide")

    assert "stomach_symptoms_now" in bed.view(0).asked


def test_an_answered_question_stays_on_the_checklist(bed) -> None:
    before = bed.view(-21).asked
    bed.prepare()

    assert bed.view(0).asked == before


def test_stomach_symptoms_under_a_slowing_medicine_are_a_caution(bed) -> None:
    take(bed, "semaglutide")
    bed.prepare(stomach_symptoms_now=True)

    assert "SCR-073" in [each.condition for each in bed.view(0).start.findings.found]


def test_a_monitoring_query_grown_old_is_weighed_before_the_dose(bed) -> None:
    plans.save_plan_checks(
        by=bed.prescriber,
        patient_id=bed.patient.patient_id,
        typed={
            "prescription_monitoring_queried": "yes",
            "prescription_monitoring_queried_on": "2025-11-01",
        },
        id=uuid4(),
        at=bed.at(-30),
    )
    bed.prepare()

    assert "older than 90 days" in refused(bed)
    bed.enter(Kind.signature, 0, {**SIGN, "rules": ["SCR-083"]}, by=bed.prescriber)
    bed.enter(Kind.dose_started, 1, DOSE)


def test_what_was_weighed_in_the_chart_is_not_weighed_again_each_day(bed) -> None:
    typed = answers_to("mental_state", {"depression_with_psychotic_features": "yes"})
    intake.save_answers(
        by=bed.nurse,
        patient_id=bed.patient.patient_id,
        section_id="mental_state",
        typed=typed,
        id=uuid4(),
        at=bed.at(-60),
    )
    bed.prepare()
    assert "Psychotic features" in refused(bed)

    screening.note_benefit_risk(
        by=bed.prescriber,
        patient_id=bed.patient.patient_id,
        condition="psychosis",
        reason="Mild and stable.",
        id=uuid4(),
        at=bed.at(-1),
    )

    assert bed.view(0).start.may_start


def test_pressure_of_today_is_weighed_today_whatever_the_chart_says(bed) -> None:
    bed.prepare()
    bed.reading(-1, systolic_mmhg="165", diastolic_mmhg="95")
    (pressure,) = (each for each in bed.view(0).start.findings.found if each.condition == "MON-003")

    assert pressure.title == "Severe hypertension, 160/100 or more"
    assert "Severe hypertension" in refused(bed)


def test_an_emergency_pressure_is_set_aside_by_nobody(bed) -> None:
    bed.prepare()
    bed.reading(-1, systolic_mmhg="182", diastolic_mmhg="95")

    with pytest.raises(InvalidInput):
        bed.enter(Kind.signature, 0, {**SIGN, "rules": ["MON-003"]}, by=bed.prescriber)
    assert "Hypertensive emergency" in refused(bed)


def test_one_question_is_told_once_though_a_gate_and_a_screening_rule_ask_it(bed) -> None:
    bed.prepare(escort_confirmed=False)

    titles = [each.title for each in bed.view(0).start.blocking]

    assert titles == ["An adult will take the patient home"]


def test_medicine_with_advice_for_today_is_named_and_asked_about(bed) -> None:
    assert bed.view(0).medicines_today == ()
    assert "medicines_as_advised" not in bed.view(0).asked
    take(bed, "zolpidem")

    (line,) = bed.view(0).medicines_today
    assert line.name == "zolpidem"
    assert [each.advice for each in line.advice] == ["Not within 12 hours before a session."]
    assert "medicines_as_advised" in bed.view(0).asked


def test_medicine_taken_against_the_advice_is_weighed_before_the_dose(bed) -> None:
    take(bed, "zolpidem")
    bed.prepare()
    assert "as advised: not known yet" in refused(bed)

    bed.enter(Kind.checklist, 1, {"answers": {"medicines_as_advised": False}})
    assert "as advised: not so" in refused(bed, 2)
    bed.enter(Kind.signature, 2, {**SIGN, "rules": ["MON-001-advice"]}, by=bed.prescriber)
    bed.enter(Kind.dose_started, 3, DOSE)


def test_medicine_taken_as_advised_keeps_the_start_open(bed) -> None:
    take(bed, "zolpidem")
    bed.prepare(medicines_as_advised=True)

    bed.enter(Kind.dose_started, 0, DOSE)

    assert bed.view(1).state.dose.running
