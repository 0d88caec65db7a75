"""Times people tell: where they are refused, and what they never shorten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import INFUSION, Device, at, infusion
from vernal.rules.sessions import Entry, Kind, session_facts
from vernal.rules.sessions.signatures import setters_aside
from vernal.rules.sessions.told import cannot_be, why_not_then

HOUR = timedelta(minutes=60)


def told(kind: Kind, minute: float, happened: float, **payload: object) -> Entry:
    device = Device()
    event = device.add(kind, minute, happened_at=at(happened).isoformat(), **payload)
    return next(each for each in device.state(minute).entries if each.event.id == event.id)


def why(entry: Entry) -> str:
    return why_not_then(entry, checked_in_at=at(-20), signed_at=at(-600), most_late=HOUR)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (told(Kind.reading, 0, -21, spo2_percent=98), "not checked in yet"),
        (told(Kind.reading, 0, -20, spo2_percent=98), ""),
        (told(Kind.note, 0, -50, words="He called"), ""),
        (told(Kind.session_stopped, 0, -50, reason="He called"), ""),
        (told(Kind.dose_started, 0, -15, **INFUSION), ""),
        (told(Kind.dose_started, 50, -15, **INFUSION), "at most 60 minutes"),
        (told(Kind.dose_stopped, 61, 0, reason="finished"), "at most 60 minutes"),
        (told(Kind.discharged, 61, 0, to="Ash", advice_given=True), "at most 60 minutes"),
        (told(Kind.reading, 200, 0, spo2_percent=98), ""),
        (told(Kind.checked_in, 0, -601), "not signed yet"),
        (told(Kind.checked_in, 0, -90), ""),
    ],
)
def test_a_told_time_is_one_that_can_be(entry: Entry, sentence: str) -> None:
    assert sentence in why(entry)
    assert bool(sentence) == bool(why(entry))


def test_drug_is_not_given_before_plan_and_consent_are_signed() -> None:
    entry = told(Kind.dose_started, 0, -5, **INFUSION)

    reason = why_not_then(entry, checked_in_at=None, signed_at=at(-4), most_late=HOUR)

    assert reason == "At that time plan and consent were not signed yet."
    assert why_not_then(entry, checked_in_at=None, signed_at=at(-5), most_late=HOUR) == ""


def test_an_entry_of_now_needs_no_check() -> None:
    device = Device()
    device.add(Kind.reading, 0, spo2_percent=98)
    (entry,) = device.state(0).entries

    assert why_not_then(entry, checked_in_at=at(5), signed_at=at(5), most_late=HOUR) == ""


@pytest.mark.parametrize(("minute", "wrong"), [(-31, True), (-30, False), (5, False), (6, True)])
def test_a_device_makes_entries_between_the_booking_and_now(minute: float, wrong: bool) -> None:
    device = Device()
    device.add(Kind.note, minute, words="x")
    (entry,) = device.state(5).entries

    assert cannot_be(entry, since=at(-30), until=at(5)) is wrong


def observed(device: Device, minute: float) -> tuple[Decimal, Decimal]:
    facts = session_facts(device.state(minute), fresh_for=timedelta(minutes=30))
    return facts["minutes_since_start"], facts["minutes_since_end"]  # type: ignore[return-value]


def test_an_end_told_earlier_shortens_no_observation() -> None:
    device = infusion(until=None)
    device.add(Kind.dose_stopped, 60, reason="finished", happened_at=at(40).isoformat())

    assert observed(device, 120) == (120, 60)
    assert session_facts(device.state(120))["minutes_since_end"] == 80


def test_a_corrected_time_only_lengthens_the_observation() -> None:
    earlier, later = infusion(), infusion()
    for device, moment in ((earlier, 30), (later, 50)):
        stop = device.events[-1]
        device.add(
            Kind.correction,
            70,
            corrects=stop.id,
            reason="Wrong minute",
            replacement={"reason": "finished", "happened_at": at(moment).isoformat()},
        )

    assert observed(earlier, 120) == (120, 80)
    assert observed(later, 120) == (120, 70)


def sign(device: Device, minute: float, **more: object) -> None:
    payload = {"meaning": "discharge", "role": "nurse", **more}
    device.add(Kind.signature, minute, **payload)


def test_a_signature_given_while_the_drug_runs_sends_nobody_home() -> None:
    device = infusion(until=None)
    sign(device, 35)
    assert session_facts(device.state(36))["nurse_signed"] is False

    device.add(Kind.dose_stopped, 40, reason="finished")
    assert session_facts(device.state(50))["nurse_signed"] is False
    sign(device, 50)

    assert session_facts(device.state(51))["nurse_signed"] is True


def test_a_signature_the_server_had_before_it_knew_the_end_does_not_count() -> None:
    device = infusion(until=None)
    device.add(Kind.signature, 50, meaning="discharge", role="nurse", received_at=at(50))
    stopped = {"reason": "finished", "happened_at": at(40).isoformat(), "received_at": at(55)}
    device.add(Kind.dose_stopped, 55, **stopped)

    assert session_facts(device.state(60))["nurse_signed"] is False


SET_ASIDE = {"meaning": "start", "role": "clinician", "rules": ["MON-003"], "words": "Anxious"}


def signed() -> Device:
    device = Device()
    device.reading(-10, 150, received_at=at(-10))
    device.add(Kind.signature, -5, "doctor-1", **SET_ASIDE, received_at=at(-5))
    return device


def test_a_gate_is_set_aside_by_those_whose_signature_counts_now() -> None:
    device = signed()

    assert setters_aside(device.state(0)) == {"MON-003": {"doctor-1"}}


def test_only_a_clinician_before_the_start_sets_aside() -> None:
    device = Device()
    device.add(Kind.signature, -5, **{**SET_ASIDE, "role": "nurse"})
    device.add(Kind.signature, -4, **{**SET_ASIDE, "meaning": "record"})
    device.add(Kind.signature, -3, meaning="start", role="clinician")

    assert setters_aside(device.state(0)) == {}


def test_a_reading_told_late_ends_the_signature_though_it_happened_before() -> None:
    device = signed()
    device.reading(-8, 190, received_at=at(-2))

    assert setters_aside(device.state(0)) == {}


@pytest.mark.parametrize("replacement", [{"systolic_mmhg": 190, "diastolic_mmhg": 80}, None])
def test_a_corrected_or_struck_out_reading_ends_the_signature(replacement: object) -> None:
    device = signed()
    more = {"replacement": replacement} if replacement else {}
    reading = device.events[0]
    device.add(Kind.correction, -2, corrects=reading.id, reason="Typo", received_at=at(-2), **more)

    assert setters_aside(device.state(0)) == {}


@pytest.mark.parametrize("replacement", [SET_ASIDE, None])
def test_a_rewritten_or_voided_signature_is_none(replacement: object) -> None:
    device = signed()
    more = {"replacement": replacement} if replacement else {}
    signature = device.events[1]
    device.add(Kind.correction, -2, corrects=signature.id, reason="Not me", **more)

    assert setters_aside(device.state(0)) == {}
