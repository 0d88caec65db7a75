"""Nobody goes home before every criterion is met."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.session_log import SPRAY, Device, infusion
from vernal.knowledge.monitoring import rules
from vernal.rules.conditions import Unknown, facts_used
from vernal.rules.discharge import DischargeCheck, Minimums, may_discharge
from vernal.rules.sessions import Kind, all_met

D = Decimal
NO_MINIMUM = Minimums("iv-0.5", D(0), D(0))
PATIENT = {
    "first_session": False,
    "age_years": D(40),
    "takes_benzodiazepine": False,
    "takes_opioid": False,
    "sedative_taken": False,
    "suicide_alert_open": False,
}
WELL = dict.fromkeys(
    (
        *("chest_pain", "breathlessness", "severe_headache", "vision_loss"),
        *("neurological_deficit", "vomiting"),
    ),
    False,
)
ALERT = {"oriented": True, "walks_steadily": True, "new_suicidal_intent": False}


def recovered(device: Device, minute: float = 150) -> Device:
    """Everything a nurse enters before a patient goes home."""
    device.reading(minute, 124, 82, heart_rate_per_min=70, spo2_percent=97, oxygen_l_per_min=0)
    for scale, value in (("moaas", 5), ("dissociation_0_10", 0), ("aldrete", 10)):
        device.add(Kind.score, minute, scale=scale, value=value)
    device.add(Kind.symptom, minute, answers=WELL)
    device.add(Kind.checklist, minute, answers=ALERT)
    device.add(Kind.escort, minute, name="A. Roe", telephone="307", is_here=True)
    device.add(Kind.signature, minute, author="nurse-1", meaning="discharge", role="nurse")
    device.add(Kind.signature, minute, author="doctor-1", meaning="discharge", role="clinician")
    return device


def check(
    device: Device,
    minute: float = 155,
    facts: object = PATIENT,
    minimums: Minimums = NO_MINIMUM,
    route: str = "iv",
) -> DischargeCheck:
    return may_discharge(
        device.state(minute), facts, rules(), minimums=minimums, route=route, indication="trd"
    )


def open_ids(found: DischargeCheck) -> list[str]:
    return [criterion.id for criterion in found.open]


def test_recovered_patient_may_go() -> None:
    found = check(recovered(infusion()))

    assert found.may_discharge
    assert found.open == ()
    assert all(each.reason for each in found.criteria)


def paused() -> Device:
    device = infusion(until=None)
    device.add(Kind.dose_stopped, 20, reason="paused")
    return device


def test_a_dose_that_is_paused_keeps_the_patient_until_the_dosing_is_finished() -> None:
    waiting, finished = check(recovered(paused())), paused()
    finished.add(Kind.dosing_finished, 30, reason="other")

    assert open_ids(waiting) == ["session.recovering"]
    assert "go on, or finish the dosing" in waiting.open[0].reason
    assert check(recovered(finished)).may_discharge


@pytest.mark.parametrize(
    ("kind", "payload", "closed"),
    [
        (Kind.score, {"scale": "moaas", "value": 4}, ["MON-040-awake"]),
        (Kind.score, {"scale": "dissociation_0_10", "value": 2}, ["MON-040-dissociation"]),
        (Kind.score, {"scale": "aldrete", "value": 8}, ["MON-039"]),
        (Kind.symptom, {"answers": {"vision_loss": True}}, ["MON-040-symptoms"]),
        (Kind.symptom, {"answers": {"vomiting": True}}, ["MON-040-vomiting"]),
        (Kind.checklist, {"answers": {"walks_steadily": False}}, ["MON-040-walking"]),
        (Kind.escort, {"name": "A", "telephone": "3", "is_here": False}, ["MON-041"]),
        (Kind.reading, {"spo2_percent": 93}, ["MON-040-oxygen"]),
        (Kind.reading, {"spo2_percent": 97, "oxygen_l_per_min": 2}, ["MON-040-oxygen"]),
        (Kind.reading, {"systolic_mmhg": 143, "diastolic_mmhg": 82}, ["MON-034"]),
        (
            Kind.reading,
            {"systolic_mmhg": 89, "diastolic_mmhg": 60},
            ["MON-040-pressure", "MON-040-low"],
        ),
    ],
)
def test_one_thing_that_does_not_hold_is_enough_to_stay(
    kind: Kind, payload: dict[str, object], closed: list[str]
) -> None:
    device = recovered(infusion())
    device.add(kind, 152, **payload)

    assert open_ids(check(device)) == closed


def test_high_baseline_does_not_open_the_door() -> None:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-15, 158, 98)
    device.reading(-10, 158, 98)
    device.add(Kind.dose_started, 0, rate_mg_per_h=52, planned_dose_mg=35, drug="ketamine")
    device.add(Kind.dose_stopped, 40, reason="finished")
    recovered(device).reading(152, 160, 98)

    assert open_ids(check(device)) == ["MON-040-limit"]


def test_both_clocks_of_an_infusion_must_have_run_out() -> None:
    long_infusion = infusion(until=100)
    recovered(long_infusion)

    assert open_ids(check(long_infusion, 155)) == ["MON-035"]
    assert check(long_infusion, 160).may_discharge
    assert open_ids(check(recovered(infusion(), 110), 115)) == ["MON-035"]


@pytest.mark.parametrize(
    "change", [{"first_session": True}, {"age_years": D(60)}, {"sedative_taken": True}]
)
def test_stay_is_longer_where_recovery_may_be_slow(change: dict[str, object]) -> None:
    found = check(recovered(infusion()), facts={**PATIENT, **change})

    assert open_ids(found) == ["MON-035-longer"]


def test_not_knowing_whether_recovery_is_slow_keeps_the_longer_time() -> None:
    known = {"suicide_alert_open": False}
    found = check(recovered(infusion()), facts=known)

    (criterion,) = found.open
    assert criterion.status == "unknown"
    assert {"first_session", "age_years"} <= criterion.needs
    assert check(recovered(infusion(), 160), 161, facts=known).may_discharge


def test_protocol_may_keep_longer() -> None:
    longer = Minimums("crps", D(240), D(120))

    assert open_ids(check(recovered(infusion()), minimums=longer)) == [
        "protocol.since_start",
        "protocol.since_end",
    ]
    with pytest.raises(ValueError, match="below zero"):
        Minimums("x", D(-1), D(0))


def test_a_clock_of_no_minutes_is_no_criterion() -> None:
    found = check(recovered(infusion()), minimums=Minimums("drops", D(90), D(0)))

    ids = {each.id for each in found.criteria}
    assert "protocol.since_start" in ids
    assert "protocol.since_end" not in ids


def test_what_is_open_beside_the_signatures_is_known_before_anybody_signs() -> None:
    asks = {each.id: facts_used(each.when) for each in rules() if each.when}
    early, late = check(infusion(), 41), check(recovered(infusion()))
    unsigned = recovered(infusion())
    unsigned.events = [each for each in unsigned.events if each.kind != Kind.signature]

    assert "MON-040-signed" in open_ids(early)
    assert "MON-040-awake" in {each.id for each in early.open_before_signing(asks)}
    assert "MON-040-signed" not in {each.id for each in early.open_before_signing(asks)}
    assert open_ids(check(unsigned)) == ["MON-040-signed"]
    assert check(unsigned).open_before_signing(asks) == late.open_before_signing(asks) == ()


def test_running_dose_keeps_the_patient() -> None:
    found = check(recovered(infusion(until=None)), minimums=Minimums("iv-0.5", D(0), D(30)))

    statuses = {criterion.id: criterion.status for criterion in found.criteria}
    assert statuses["session.recovering"] == "not_met"
    assert statuses["protocol.since_end"] == "unknown"


def test_finishing_on_paper_does_not_end_a_running_infusion() -> None:
    device = infusion(until=None)
    device.add(Kind.dosing_finished, 45)

    first = check(recovered(device)).criteria[0]

    assert (first.id, first.status) == ("session.recovering", "not_met")
    assert "infusion is running" in first.reason


def test_old_reading_does_not_send_anybody_home() -> None:
    found = check(recovered(infusion(), 120), 151)

    assert not found.may_discharge
    statuses = {criterion.id: criterion.status for criterion in found.criteria}
    assert statuses["MON-040-recent"] == "not_met"
    assert statuses["MON-040-awake"] == "unknown"
    assert statuses["MON-040-limit"] == "unknown"


def test_reading_from_the_intake_does_not_stand_in_for_one_of_the_session() -> None:
    intake = {**PATIENT, "systolic_mmhg": D(120), "diastolic_mmhg": D(80), "moaas": D(5)}

    found = check(infusion(), facts=intake)

    statuses = {criterion.id: criterion.status for criterion in found.criteria}
    assert statuses["MON-040-limit"] == "unknown"
    assert statuses["MON-040-awake"] == "unknown"


def spray() -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-15, 124, 82)
    device.reading(-10, 120, 80)
    device.add(Kind.dose_given, 0, **SPRAY)
    device.add(Kind.dosing_finished, 10)
    return device


@pytest.mark.parametrize(
    ("route", "too_early", "clock"),
    [
        ("nasal", 119, "MON-032"),
        ("sublingual", 89, "MON-037"),
        ("im", 119, "MON-035-other"),
        ("oral", 119, "MON-035-other"),
        ("sc", 119, "MON-035-other"),
    ],
)
def test_every_route_has_a_clock(route: str, too_early: float, clock: str) -> None:
    device = recovered(spray(), too_early)

    assert open_ids(check(device, too_early, route=route)) == [clock]
    assert check(device, too_early + 1, route=route).may_discharge


def test_route_without_criteria_would_not_pass() -> None:
    assert not all_met(())


@pytest.mark.slow
@given(st.data())
def test_nothing_passes_with_an_unknown_criterion_and_removing_never_opens(
    data: st.DataObject,
) -> None:
    device = recovered(infusion())
    hidden = data.draw(st.sets(st.sampled_from([e.id for e in device.events])))
    device.events = [event for event in device.events if event.id not in hidden]
    facts = {
        name: Unknown.of(name) if data.draw(st.booleans()) else value
        for name, value in PATIENT.items()
    }

    found = check(device, facts=facts)

    unknown = [each for each in found.criteria if each.status == "unknown"]
    assert not (unknown and found.may_discharge)


@pytest.mark.slow
@given(st.data())
def test_removing_facts_never_turns_a_block_into_a_pass(data: st.DataObject) -> None:
    wrong = {**PATIENT, "first_session": True}
    kept = data.draw(st.sets(st.sampled_from(sorted(wrong))))

    found = check(recovered(infusion()), facts={name: wrong[name] for name in kept})

    assert "MON-035-longer" in open_ids(found)


SIGNED_AGAIN = (("nurse", "nurse-1"), ("clinician", "doctor-1"))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Kind.alarm_acknowledged, {"rules": ["MON-001"], "words": "Lay down; 128/80 after."}),
        (Kind.intervention, {"what": "oxygen", "words": "2 L for five minutes."}),
    ],
)
def test_what_was_done_after_the_signatures_is_signed_under_again(
    kind: Kind, payload: dict[str, object]
) -> None:
    device = recovered(infusion())
    device.add(kind, 152, **payload)

    assert open_ids(check(device)) == ["MON-040-signed"]

    for role, author in SIGNED_AGAIN:
        device.add(Kind.signature, 153, author=author, meaning="discharge", role=role)
    assert check(device).may_discharge


def test_intent_told_after_the_signatures_is_looked_at_and_signed_under_again() -> None:
    device = recovered(infusion())
    device.add(Kind.symptom, 151, answers={"new_suicidal_intent": True})
    assert open_ids(check(device)) == ["MON-040-suicidal", "MON-040-signed"]

    device.add(Kind.symptom, 152, answers={"new_suicidal_intent": False})

    assert open_ids(check(device)) == ["MON-040-signed"]


@pytest.mark.parametrize("waits", [True, None])
def test_an_open_alert_about_suicidal_thoughts_keeps_the_patient_here(waits) -> None:
    known = Unknown.of("suicide_alert_open") if waits is None else waits

    found = check(recovered(infusion()), facts={**PATIENT, "suicide_alert_open": known})

    assert open_ids(found) == ["MON-040-alert"]


def test_signatures_and_an_escort_of_long_ago_send_nobody_home() -> None:
    device = recovered(infusion(), 150)
    for event in [each for each in device.events if each.kind in (Kind.signature, Kind.escort)]:
        device.events.remove(event)
    device.add(Kind.escort, 60, name="A. Roe", telephone="307", is_here=True)
    for role, author in SIGNED_AGAIN:
        device.add(Kind.signature, 120, author=author, meaning="discharge", role=role)

    assert open_ids(check(device, 150)) == ["MON-041"]
    assert open_ids(check(device, 151)) == ["MON-040-signed", "MON-041"]
    criterion = next(each for each in check(device, 150).open if each.id == "MON-041")
    assert (criterion.status, criterion.needs) == ("unknown", {"escort_here"})
