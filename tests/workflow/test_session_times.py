"""Times that are told, and entries that are corrected: neither is a way around the gates."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.bedside import DOSE, NO_SYMPTOMS, PREPARED, Bedside, make_bedside
from tests.factories import make_site, make_staff
from vernal.accounts.models import Role
from vernal.records.models import Session, SessionEvent
from vernal.rules.sessions import Kind
from vernal.workflow import sessions
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.session_log import Entered

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_bedside(make_site())


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def told(bed: Bedside, kind: Kind, minute: float, happened: float, payload: dict) -> str:
    payload = {**payload, "happened_at": bed.at(happened).isoformat()}
    with pytest.raises(InvalidInput) as refusal:
        bed.enter(kind, minute, payload)
    return refusal.value.fields["happened_at"]


def test_nothing_is_told_for_a_time_before_the_check_in(bed) -> None:
    bed.enter(Kind.checked_in, -20)

    assert "not checked in" in told(bed, Kind.reading, 0, -21, {"spo2_percent": "98"})


def test_nobody_is_checked_in_before_plan_and_consent_were_signed(bed) -> None:
    assert "not signed" in told(bed, Kind.checked_in, -20, -60 * 48, {})


def test_a_stop_is_told_within_the_hour(bed) -> None:
    bed.infuse()

    assert "at most 60 minutes" in told(bed, Kind.dose_stopped, 70, 5, {"reason": "finished"})
    late = {"reason": "finished", "happened_at": bed.at(40).isoformat()}
    bed.enter(Kind.dose_stopped, 70, late)

    assert bed.view(71).state.dose.given_mg == 44


def offline(bed: Bedside, minute: float, *, now: float, **changes: Any) -> None:
    given = {
        "id": uuid4(),
        "kind": Kind.note,
        "payload": {"words": "Slept"},
        "device_id": "tablet",
        "sequence": 1,
        "device_at": bed.at(minute),
        "monotonic_ms": 1,
        "entered_offline": True,
    }
    entered = Entered(**{**given, **changes})
    sessions.receive(by=bed.nurse, session_id=bed.session_id, entered=entered, at=bed.at(now))


def test_a_gap_in_the_count_of_the_pages_holds_no_stop_back(bed) -> None:
    bed.infuse()
    count = SessionEvent.objects.filter(session_id=bed.session_id).count()
    offline(bed, 1, now=1, device_id=sessions.PAGES, sequence=count + 2)

    bed.enter(Kind.note, 2, {"words": "Calm"})
    bed.enter(Kind.dose_stopped, 3, {"reason": "alarm"})

    assert not bed.view(4).state.dose.running


def test_an_entry_made_offline_is_no_older_than_the_session(bed) -> None:
    booked = Session.objects.get(pk=bed.session_id).at
    minute = (booked - bed.ten) / timedelta(minutes=1)

    with pytest.raises(NotPossibleNow, match="clock of this device is wrong"):
        offline(bed, minute - 1, now=0)
    offline(bed, minute + 1, now=0)


def id_of(bed: Bedside, kind: Kind) -> UUID:
    return next(each.event.id for each in bed.view(200).state.entries if each.kind == kind)


def correct(bed: Bedside, kind: Kind, minute: float, replacement: dict | None, **more) -> None:
    payload = {"reason": "Typed wrongly", **({"replacement": replacement} if replacement else {})}
    bed.enter(Kind.correction, minute, payload, corrects=id_of(bed, kind), **more)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_dose_mg": "44.001"}, "replacement.planned_dose_mg"),
        ({"rate_mg_per_h": "66.001"}, "replacement.rate_mg_per_h"),
    ],
)
def test_a_corrected_dose_meets_the_limits_of_the_plan(bed, changes, field) -> None:
    bed.infuse()

    with pytest.raises(InvalidInput) as refusal:
        correct(bed, Kind.dose_started, 10, {**DOSE, **changes})

    assert list(refusal.value.fields) == [field]
    correct(bed, Kind.dose_started, 10, {**DOSE, "drug": "ketamine 50 mg/mL, lot 7"})


def test_a_corrected_rate_is_no_faster_than_ordered(bed) -> None:
    bed.infuse()
    bed.enter(Kind.rate_changed, 5, {"rate_mg_per_h": "30", "reason": "Anxious"})

    with pytest.raises(InvalidInput) as refusal:
        correct(bed, Kind.rate_changed, 6, {"rate_mg_per_h": "67", "reason": "Anxious"})

    assert list(refusal.value.fields) == ["replacement.rate_mg_per_h"]


@pytest.mark.parametrize("replacement", [None, {**DOSE, "rate_mg_per_h": "1"}])
def test_drug_leaves_the_record_only_through_a_clinician(bed, replacement) -> None:
    bed.infuse()
    bed.reading(10)

    with pytest.raises(NotPossibleNow, match="takes drug out of the record"):
        correct(bed, Kind.dose_started, 20, replacement)
    correct(bed, Kind.dose_started, 20, replacement, by=bed.prescriber)

    assert bed.view(20).state.dose.given_mg < 1


def test_a_nurse_alone_makes_no_room_by_a_smaller_syringe(bed) -> None:
    """At 20 minutes of 44 mg the syringe is said to have held 22; the pump gives all the same."""
    bed.infuse()
    bed.reading(10)
    smaller = {**DOSE, "planned_dose_mg": "22"}

    with pytest.raises(NotPossibleNow, match="takes drug out of the record"):
        correct(bed, Kind.dose_started, 20, smaller)
    correct(bed, Kind.dose_started, 20, smaller, by=bed.prescriber)
    bed.reading(37)
    bed.enter(Kind.dose_stopped, 40, {"reason": "finished"})
    for scale, value in (("moaas", 5), ("anxiety_0_10", 0), ("dissociation_0_10", 0)):
        bed.score(41, scale, value)
    bed.enter(Kind.symptom, 41, {"answers": NO_SYMPTOMS})
    bed.reading(42)

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_started, 43, smaller)
    assert "44 mg count as given" in refusal.value.fields["planned_dose_mg"]


def test_a_sealed_dose_leaves_the_record_only_through_a_clinician(bed) -> None:
    bed.infuse()
    dose = id_of(bed, Kind.dose_started)

    with pytest.raises(NotPossibleNow, match="takes drug out of the record"):
        bed.enter(Kind.sealed, 10, {"reason": "Other patient"}, corrects=dose)
    bed.enter(Kind.sealed, 10, {"reason": "Other patient"}, corrects=dose, by=bed.prescriber)


def test_a_corrected_time_is_bound_like_a_told_one(bed) -> None:
    bed.infuse()
    before = {**DOSE, "happened_at": bed.at(-21).isoformat()}

    with pytest.raises(InvalidInput) as refusal:
        correct(bed, Kind.dose_started, 10, before)

    assert "not checked in" in refusal.value.fields["replacement.happened_at"]


def test_the_whole_infusion_is_not_taken_as_one_push(bed) -> None:
    bed.prepare()

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.dose_given, 0, {"dose_mg": "44", "route": "iv", "drug": "ketamine"})

    assert "never as one push" in refusal.value.fields["route"]


FASTING = {"meaning": "start", "role": "clinician", "rules": ["MON-001-fasting"], "words": "Sip"}


def test_a_second_signature_that_was_voided_is_no_second_person(bed) -> None:
    other = make_staff(Role.prescriber, Session.objects.get(pk=bed.session_id).patient.site)
    bed.prepare(fasting_followed=False)
    bed.enter(Kind.signature, 0, FASTING, by=other)
    bed.enter(Kind.checklist, 1, {"answers": {**PREPARED, "fasting_followed": False}})
    bed.enter(Kind.signature, 2, FASTING, by=bed.prescriber)

    with pytest.raises(NotPossibleNow, match="you set it aside"):
        bed.enter(Kind.dose_started, 3, DOSE, by=bed.prescriber)


def test_a_signature_is_not_rewritten(bed) -> None:
    bed.prepare(fasting_followed=False)
    bed.enter(Kind.signature, 0, FASTING, by=bed.prescriber)

    with pytest.raises(NotPossibleNow, match="strike it out and sign again"):
        correct(bed, Kind.signature, 1, FASTING, by=bed.nurse)
    correct(bed, Kind.signature, 1, None, by=bed.nurse)

    with pytest.raises(NotPossibleNow, match="Fasting"):
        bed.enter(Kind.dose_started, 2, DOSE)


def test_a_reading_told_late_is_weighed_again(bed) -> None:
    bed.prepare()
    bed.reading(-1, systolic_mmhg="150")
    sign = {"meaning": "start", "role": "clinician", "rules": ["MON-003"], "words": "Anxious"}
    bed.enter(Kind.signature, 0, sign, by=bed.prescriber)
    late = {"systolic_mmhg": "158", "diastolic_mmhg": "90"}
    bed.enter(Kind.reading, 1, {**late, "happened_at": bed.at(-1.5).isoformat()})

    with pytest.raises(NotPossibleNow, match="Pressure, pulse and oxygen"):
        bed.enter(Kind.dose_started, 2, DOSE)
