"""What must hold before drug is given, a patient sent home, or a signature taken."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest
from django.db import transaction

from tests.bedside import DOSE, NO_SYMPTOMS, PREPARED, RECOVERED, Bedside, make_bedside
from tests.factories import make_site
from vernal.records.models import ReviewSigned, Session, SessionCancelled, SessionEvent
from vernal.rules.sessions import Kind, State
from vernal.workflow import consents, intake, screening, sessions
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.errors import InvalidInput, NotPossibleNow

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_bedside(make_site())


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def refused(bed: Bedside, kind: Kind, minute: float, payload, **more) -> str:
    with pytest.raises(NotPossibleNow) as refusal:
        bed.enter(kind, minute, payload, **more)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("question", "answer", "title"),
    [
        ("escort_confirmed", None, "An adult will take the patient home: not known yet."),
        ("escort_confirmed", False, "An adult will take the patient home: not so."),
        ("consent_today", None, "Consent signed and still given today: not known yet."),
        ("fasting_followed", "unknown", "Fasting instructions followed: not known yet."),
        ("identity_confirmed", False, "Identity checked against two identifiers: not so."),
        ("substances_today", True, "No alcohol or other drugs today: not so."),
        ("suicidal_intent_or_plan_since_last_visit", True, "No intent or plan"),
        ("chart_complete", None, "are in the chart: not known yet."),
    ],
)
def test_a_dose_does_not_start(bed, question, answer, title) -> None:
    bed.prepare(**{question: answer})

    assert title in refused(bed, Kind.dose_started, 0, DOSE)


def test_every_reason_is_told_at_once(bed) -> None:
    bed.prepare(escort_confirmed=None, fasting_followed=False)

    reason = refused(bed, Kind.dose_started, 0, DOSE)

    assert "take the patient home" in reason
    assert "Fasting" in reason


def test_comfort_is_asked_and_closes_nothing(bed) -> None:
    bed.prepare(light_ready=False, sound_ready=False, company_ready=False, intention_heard=False)

    bed.enter(Kind.dose_started, 0, DOSE)

    assert bed.view(1).state.dose.running


def test_one_baseline_reading_is_not_enough(bed) -> None:
    bed.enter(Kind.checked_in, -20)
    bed.reading(-8)
    bed.enter(Kind.checklist, -2, {"answers": PREPARED})

    assert "Two baseline readings" in refused(bed, Kind.dose_started, 0, DOSE)


def test_a_withdrawn_consent_closes_the_start(bed) -> None:
    bed.prepare()
    consents.withdraw_consent(by=bed.patient.user, reason="", id=uuid4(), at=bed.at(-1))

    assert "Consent signed and still given today" in refused(bed, Kind.dose_started, 0, DOSE)


def test_chest_pain_before_the_dose_closes_the_start(bed) -> None:
    bed.prepare()
    bed.enter(Kind.symptom, -1, {"answers": {**NO_SYMPTOMS, "chest_pain": True}})

    assert "heart, brain or eye" in refused(bed, Kind.dose_started, 0, DOSE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_dose_mg": "44.001"}, "planned_dose_mg"),
        ({"rate_mg_per_h": "66.001"}, "rate_mg_per_h"),
    ],
)
def test_no_more_than_the_plan_orders(bed, changes, field) -> None:
    bed.prepare()

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_started, 0, {**DOSE, **changes})

    assert list(refusal.value.fields) == [field]


def test_a_rate_above_the_order_is_refused_and_a_lower_one_kept(bed) -> None:
    bed.infuse()

    with pytest.raises(InvalidInput):
        bed.enter(Kind.rate_changed, 5, {"rate_mg_per_h": "66.1", "reason": "Faster"})
    bed.enter(Kind.rate_changed, 5, {"rate_mg_per_h": "30", "reason": "Anxious"})

    assert bed.view(6).state.dose.rate_mg_per_h == 30


def test_a_dose_on_another_route_is_not_in_the_plan(bed) -> None:
    bed.prepare()

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_given, 0, {"dose_mg": "10", "route": "nasal", "drug": "ketamine"})

    assert list(refusal.value.fields) == ["route"]


def test_a_second_dose_counts_with_the_first(bed) -> None:
    bed.infuse()
    bed.reading(10)
    bed.enter(Kind.dose_stopped, 20, {"reason": "paused"})
    bed.reading(21)
    bed.enter(Kind.symptom, 21, {"answers": NO_SYMPTOMS})
    for scale, value in (("moaas", 5), ("dissociation_0_10", 3), ("anxiety_0_10", 2)):
        bed.score(21, scale, value)

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_started, 22, DOSE)

    assert "22 mg count as given" in refusal.value.fields["planned_dose_mg"]


def test_nothing_goes_on_while_something_is_not_ruled_out(bed) -> None:
    bed.infuse()
    bed.enter(Kind.dose_stopped, 5, {"reason": "paused"})

    again = {"rate_mg_per_h": "60", "reason": "Calm again"}

    reasons = refused(bed, Kind.dose_resumed, 8, again)
    assert "not asked or measured yet. Ask about symptoms." in reasons
    assert "not asked or measured yet. Score alertness and comfort." in reasons


def test_a_cancelled_session_takes_no_entry(bed) -> None:
    SessionCancelled.objects.create(
        session_id=bed.session_id, by=bed.nurse, at=bed.at(-60), reason="Storm"
    )

    assert refused(bed, Kind.checked_in, -20, {}) == "This session was cancelled."


def test_a_running_infusion_is_stopped_before_anybody_leaves(bed) -> None:
    bed.infuse()
    leaving = {
        "reason": "Wants to",
        "risks_explained": True,
        "clinician_told": "Dr. Okafor",
        "left_with": "Ash, by car",
        "telephone": "307 555 0147",
    }

    assert "stop first" in refused(bed, Kind.left_against_advice, 10, leaving)
    bed.enter(Kind.dose_stopped, 10, {"reason": "patient_asked"})
    bed.enter(Kind.left_against_advice, 11, leaving)

    assert bed.view(12).state.state == State.left_against_advice


def test_a_transfer_and_a_session_without_dose_end_it(bed) -> None:
    bed.enter(Kind.checked_in, -20)
    bed.enter(Kind.session_stopped, -10, {"reason": "Ate breakfast"})

    assert bed.view(0).state.state == State.stopped
    assert "has ended" in refused(bed, Kind.reading, 0, {"spo2_percent": "98"})


OPEN = {
    "walks_steadily": ({"answers": {**NO_SYMPTOMS, **RECOVERED, "walks_steadily": False}}, "Walks"),
    "oriented": ({"answers": {**NO_SYMPTOMS, **RECOVERED, "oriented": "unknown"}}, "Oriented"),
    "intent": ({"answers": {**NO_SYMPTOMS, **RECOVERED, "new_suicidal_intent": True}}, "intent"),
    "vomiting": ({"answers": {**NO_SYMPTOMS, **RECOVERED, "vomiting": True}}, "Not vomiting"),
    "headache": ({"answers": {"severe_headache": True}}, "severe headache"),
}


@pytest.mark.parametrize("name", OPEN)
def test_one_answer_keeps_the_patient_here(bed, name) -> None:
    payload, title = OPEN[name]
    bed.recover()
    bed.enter(Kind.symptom, 164, payload)

    assert title in refused(bed, Kind.discharged, 165, {"to": "Ash", "advice_given": True})


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"systolic_mmhg": "145"}, "not more than 20 above"),
        ({"systolic_mmhg": "162"}, "below 160/100"),
        ({"systolic_mmhg": "88", "diastolic_mmhg": "50"}, "at least 90"),
        ({"spo2_percent": "92"}, "94 % or more"),
        ({"oxygen_l_per_min": "2"}, "on air"),
    ],
)
def test_one_value_keeps_the_patient_here(bed, changes, title) -> None:
    bed.recover()
    bed.reading(164, **changes)

    assert title in refused(bed, Kind.discharged, 165, {"to": "Ash", "advice_given": True})


@pytest.mark.parametrize(
    ("scale", "value", "title"),
    [
        ("moaas", 4, "Fully awake"),
        ("dissociation_0_10", 2, "Dissociation gone"),
        ("aldrete", 8, "Aldrete"),
    ],
)
def test_one_score_keeps_the_patient_here(bed, scale, value, title) -> None:
    bed.recover()
    bed.score(164, scale, value)

    assert title in refused(bed, Kind.discharged, 165, {"to": "Ash", "advice_given": True})


def test_an_old_reading_keeps_the_patient_here(bed) -> None:
    bed.recover()

    reason = refused(bed, Kind.discharged, 180, {"to": "Ash", "advice_given": True})

    assert "A reading within the last 15 minutes" in reason


def test_nobody_goes_home_without_the_written_advice(bed) -> None:
    bed.recover()

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.discharged, 165, {"to": "Ash", "advice_given": False})

    assert "written advice" in refusal.value.fields["advice_given"]


def test_with_every_criterion_met_the_patient_goes_home(bed) -> None:
    bed.recover()
    bed.enter(Kind.discharged, 165, {"to": "Ash", "advice_given": True})

    assert bed.view(166).state.state == State.discharged


def test_a_high_pressure_is_weighed_by_a_prescriber_and_measured_again_it_is_weighed_again(
    bed,
) -> None:
    bed.prepare()
    bed.reading(-1, systolic_mmhg="150")
    assert "Pressure, pulse and oxygen" in refused(bed, Kind.dose_started, 0, DOSE)
    sign = {"meaning": "start", "role": "clinician", "rules": ["MON-003"], "words": "Anxious"}

    with pytest.raises(InvalidInput):
        bed.enter(Kind.signature, 0, sign)
    bed.enter(Kind.signature, 0, sign, by=bed.prescriber)
    bed.reading(6, systolic_mmhg="152")
    assert "Pressure, pulse and oxygen" in refused(bed, Kind.dose_started, 7, DOSE)

    bed.enter(Kind.signature, 7, sign, by=bed.prescriber)
    bed.enter(Kind.dose_started, 8, DOSE)

    assert bed.view(9).state.dose.running


def test_a_bar_is_set_aside_by_one_and_started_by_another(bed) -> None:
    bed.prepare(fasting_followed=False)
    sign = {"meaning": "start", "role": "clinician", "rules": ["MON-001-fasting"], "words": "Sip"}
    bed.enter(Kind.signature, 0, sign, by=bed.prescriber)

    reason = refused(bed, Kind.dose_started, 1, DOSE, by=bed.prescriber)
    assert "you set it aside" in reason
    bed.enter(Kind.dose_started, 1, DOSE)

    assert bed.view(2).state.dose.running


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"meaning": "start", "role": "nurse", "rules": ["MON-003"], "words": "x"}, "rules"),
        ({"meaning": "start", "role": "clinician", "rules": ["MON-001-identity"]}, "words"),
        (
            {"meaning": "start", "role": "clinician", "rules": ["MON-001-consent"], "words": "x"},
            "rules",
        ),
    ],
)
def test_who_may_set_what_aside(bed, payload, field) -> None:
    bed.prepare(consent_today=False)
    by = bed.nurse if payload["role"] == "nurse" else bed.prescriber

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.signature, 0, payload, by=by)

    assert list(refusal.value.fields) == [field]


def test_a_prescriber_does_not_sign_as_a_nurse(bed) -> None:
    bed.infuse()

    with pytest.raises(InvalidInput):
        bed.enter(Kind.signature, 5, {"meaning": "record", "role": "nurse"}, by=bed.prescriber)


def test_a_vial_that_does_not_add_up_is_told_and_blocks_nothing(bed) -> None:
    bed.recover()
    count = {"vial": "A", "drawn_mg": "50", "given_mg": "44", "wasted_mg": "5", "returned_mg": "0"}
    bed.enter(Kind.vial_counted, 164, count)

    sentences = [each.sentence for each in bed.view(165).discrepancies]
    assert sentences == [
        "Vial A: 1 mg cannot be accounted for.",
        "Vial A: 5 mg were wasted without a witness.",
    ]
    bed.enter(Kind.discharged, 165, {"to": "Ash", "advice_given": True})


def test_a_time_that_has_not_come_is_no_time_of_an_entry(bed) -> None:
    bed.enter(Kind.checked_in, -20)

    with pytest.raises(InvalidInput):
        bed.enter(Kind.note, 0, {"words": "x", "happened_at": bed.at(5).isoformat()})


def test_all_entries_of_one_form_or_none(bed) -> None:
    bed.enter(Kind.checked_in, -20)
    entries = [
        (uuid4(), Kind.score, {"scale": "moaas", "value": "5"}),
        (uuid4(), Kind.score, {"scale": "moaas", "value": "9"}),
    ]

    with transaction.atomic(), pytest.raises(InvalidInput):
        sessions.enter_together(
            by=bed.nurse, session_id=bed.session_id, entries=entries, at=bed.at(-10)
        )

    assert not SessionEvent.objects.filter(kind="score").exists()


def decide_not_eligible(bed: Bedside) -> None:
    screening.sign_decision(
        by=bed.prescriber,
        patient_id=bed.patient.patient_id,
        outcome="not_eligible",
        note="A new finding.",
        defer_until=None,
        id=uuid4(),
        at=bed.at(-1),
    )


def weigh_again(bed: Bedside) -> None:
    typed = answers_to("examination", {"weight_kg": "55"})
    intake.save_answers(
        by=bed.nurse,
        patient_id=bed.patient.patient_id,
        section_id="examination",
        typed=typed,
        id=uuid4(),
        at=bed.at(-1),
        confirmed=frozenset({"weight_kg"}),
    )


def answer_again(bed: Bedside, section_id: str, **answers: str) -> None:
    intake.save_answers(
        by=bed.nurse,
        patient_id=bed.patient.patient_id,
        section_id=section_id,
        typed=answers_to(section_id, answers),
        id=uuid4(),
        at=bed.at(-1),
    )


def find_a_bar(bed: Bedside) -> None:
    answer_again(bed, "heart_and_circulation", aneurysm="yes")


def tell_of_a_wish_to_die(bed: Bedside) -> None:
    answer_again(bed, "suicidal_thoughts", wish_to_be_dead="yes")


def stop_the_course(bed: Bedside) -> None:
    session = Session.objects.get(pk=bed.session_id)
    ReviewSigned.objects.create(
        at=bed.at(-1),
        by=bed.prescriber,
        patient=session.patient,
        plan=session.plan,
        option="stop",
        note="It has not helped.",
        course={},
        options={},
        knowledge_version="",
    )


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (decide_not_eligible, "no longer says that the patient is eligible"),
        (weigh_again, "55"),
        (find_a_bar, "Aneurysm"),
        (tell_of_a_wish_to_die, "Open alert about suicidal thoughts"),
        (stop_the_course, "holds further sessions back"),
    ],
)
def test_what_was_decided_or_found_since_the_plan_closes_the_start(bed, since, sentence) -> None:
    bed.prepare()
    since(bed)

    assert sentence in refused(bed, Kind.dose_started, 0, DOSE)


def test_a_stopped_course_is_told_at_the_door(bed) -> None:
    stop_the_course(bed)

    assert "holds further sessions back" in refused(bed, Kind.checked_in, 0, {})
