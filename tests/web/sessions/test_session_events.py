"""What a bedside device sends: each entry is answered by itself, and twice is once."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.bedside import READING
from vernal.records.models import EventConflict, SessionEvent
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


def event(kind: str = "reading", **changes: Any) -> dict[str, Any]:
    given = {
        "id": str(uuid4()),
        "kind": kind,
        "fields": READING if kind == "reading" else {"words": "Calm"},
        "device_id": "tablet-1",
        "sequence": 16,
        "device_at": timezone.now().isoformat(),
        "monotonic_ms": 120_000,
    }
    return {**given, **changes}


def made_by(bedside, sent: Any) -> Any:
    return {"made_by": str(bedside.nurse.pk), **sent} if isinstance(sent, dict) else sent


@pytest.fixture
def send(log_in, address):
    def to(bedside, *events: Any, body: Any = None):
        sent = json.dumps({"events": [made_by(bedside, each) for each in events]})
        sent = sent if body is None else body
        return log_in(bedside.nurse).post(
            address("session_events", bedside), sent, content_type="application/json"
        )

    return to


def statuses(response) -> list[int]:
    return [answer["status"] for answer in response.json()["answers"]]


def test_kept_is_said_once_it_is_kept(running, send) -> None:
    sent = event()

    assert statuses(send(running, sent)) == [201]
    row = SessionEvent.objects.get(pk=sent["id"])
    assert (row.device_id, row.sequence, row.monotonic_ms) == ("tablet-1", 16, 120_000)


def test_the_same_again_is_the_same_answer_and_one_row(running, send) -> None:
    sent = event()

    assert statuses(send(running, sent, sent)) == [201, 200]
    assert statuses(send(running, sent)) == [200]
    assert SessionEvent.objects.filter(pk=sent["id"]).count() == 1


def test_the_same_id_with_other_content_is_a_conflict_and_kept_apart(running, send) -> None:
    sent = event()
    send(running, sent)

    other = {**sent, "fields": {**READING, "systolic_mmhg": "190"}}
    assert statuses(send(running, other)) == [409]
    assert statuses(send(running, other)) == [409]

    assert SessionEvent.objects.get(pk=sent["id"]).payload["systolic_mmhg"] == "122"
    assert EventConflict.objects.get().payload["systolic_mmhg"] == "190"


def test_one_that_is_refused_holds_no_other_back(running, send) -> None:
    bad = event(fields={**READING, "systolic_mmhg": "500"})
    good = event("note", sequence=32)

    response = send(running, bad, good, "nonsense", event("dance"), event(device_at="9:00"))

    assert statuses(response) == [422, 201, 422, 422, 422]
    assert "between 0 and 350" in response.json()["answers"][0]["reason"]


def test_scores_of_one_form_share_its_place_in_the_order(running, send) -> None:
    fields = {"moaas": "5", "anxiety_0_10": "2"}

    assert statuses(send(running, event("score", fields=fields))) == [201]
    rows = SessionEvent.objects.filter(session_id=running.session_id, kind="score")
    assert sorted(row.sequence for row in rows) == [16, 17]


def test_no_drug_is_started_by_an_entry_that_comes_late(running, send) -> None:
    fields = {"dose_mg": "10", "route": "iv", "drug": "ketamine"}

    response = send(running, event("dose_given", fields=fields, entered_offline=True))

    assert statuses(response) == [409]
    assert "only with the server" in response.json()["answers"][0]["reason"]


def test_a_clock_two_hours_off_keeps_its_own_words_and_its_order(running, send) -> None:
    at = timezone.now() + timedelta(hours=2)
    first = event("note", device_at=at.isoformat())
    later = event(
        "note",
        device_at=(at + timedelta(minutes=1)).isoformat(),
        sequence=32,
        monotonic_ms=180_000,
    )

    assert statuses(send(running, first, later)) == [201, 201]

    assert abs(SessionEvent.objects.get(pk=first["id"]).device_at - at) < timedelta(seconds=1)
    state = running.view(13).state
    assert [note.kind for note in state.clocks] == ["skew"]
    times = [each.at for each in state.of(Kind.note)]
    assert times[1] - times[0] == timedelta(minutes=1)
    assert abs(times[1] - timezone.now()) < timedelta(minutes=1)


def test_half_an_hour_without_network_arrives_in_order_and_says_so(running, send) -> None:
    now = timezone.now()
    gap = [
        event(
            device_at=(now - timedelta(minutes=minute)).isoformat(),
            sequence=(40 - minute) * 16,
            monotonic_ms=(40 - minute) * 60_000,
            entered_offline=True,
        )
        for minute in (9, 6, 3)
    ]

    assert statuses(send(running, *reversed(gap))) == [201, 201, 201]
    readings = [
        each for each in running.view(13).state.of(Kind.reading) if each.event.entered_offline
    ]
    assert [str(each.event.id) for each in readings] == [each["id"] for each in gap]


def test_what_is_no_list_of_events_is_refused(running, send) -> None:
    assert send(running, body="[]").status_code == 422
    assert send(running, body="{").status_code == 422
    assert send(running, body='{"events": 3}').status_code == 422


def test_a_get_is_no_way_to_send(running, nurse, log_in, address) -> None:
    assert log_in(nurse).get(address("session_events", running)).status_code == 405


def test_another_sites_session(elsewhere, nurse, log_in, address) -> None:
    response = log_in(nurse).post(
        address("session_events", elsewhere), "{}", content_type="application/json"
    )

    assert response.status_code == 404


def test_the_wrong_role(running, front_desk, log_in, address) -> None:
    response = log_in(front_desk).post(
        address("session_events", running), "{}", content_type="application/json"
    )

    assert response.status_code == 403


HALF = chr(0xD800)  # half of a pair of characters: no text that can be written down


@pytest.mark.parametrize(
    "changes",
    [
        {"monotonic_ms": 2**62},
        {"monotonic_ms": 10**13 + 1},
        {"monotonic_ms": -5},
        {"monotonic_ms": "120000"},
        {"monotonic_ms": []},
        {"sequence": 2**70},
        {"sequence": -1},
        {"sequence": 1.5},
        {"sequence": None},
        {"sequence": True},
        {"device_id": None},
        {"device_id": "tab" + chr(0)},
        {"device_id": "x" * 65},
        {"device_id": "pages"},
        {"device_at": "0001-01-01T00:00:00+14:00"},
        {"device_at": "9999-12-31T23:59:59-14:00"},
        {"fields": {**READING, "happened_at": 5}},
        {"fields": {**READING, "happened_at": ["a"]}},
        {"fields": {"words": HALF}, "kind": "note"},
        {"fields": {"words": "a" + chr(0)}, "kind": "note"},
        {"fields": 5},
    ],
    ids=str,
)
def test_what_no_event_can_be_is_refused_alone_and_the_session_goes_on(
    running, send, log_in, address, changes
) -> None:
    good, also_good = event("note"), event("note", sequence=48)
    bad = event(**{"sequence": 32, **changes})

    assert statuses(send(running, good, bad, also_good)) == [201, 422, 201]
    assert log_in(running.nurse).get(address("session", running)).status_code == 200


@pytest.mark.parametrize(
    "left_out", ["sequence", "monotonic_ms", "device_id", "device_at", "fields"]
)
def test_an_event_without_a_part_is_refused_alone(running, send, left_out) -> None:
    bad = {name: value for name, value in event().items() if name != left_out}

    assert statuses(send(running, bad, event("note", sequence=32))) == [422, 201]


@pytest.mark.parametrize("rate", ["1e30", "9" * 40])
def test_a_rate_that_no_pump_shows_holds_no_stop_back(running, send, rate) -> None:
    fields = {"pump_ml_per_h": rate, "reason": "Rest"}
    faster = event("rate_changed", fields=fields)
    stop = event("dose_stopped", fields={"reason": "alarm"}, sequence=32)

    assert statuses(send(running, faster, stop)) == [422, 201]
    assert not running.view(13).state.dose.running


@pytest.mark.parametrize("id_", [math.nan, 5, ["a"], None])
def test_an_id_that_is_no_text_is_answered_in_json_without_it(running, send, id_) -> None:
    response = send(running, event(id=id_), event("note", sequence=32))

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    answers = json.loads(response.content, parse_constant=refuse)["answers"]
    assert [(each["id"] is None, each["status"]) for each in answers] == [(True, 422), (False, 201)]


def test_a_body_nested_without_end_is_no_list_of_events(running, send) -> None:
    assert send(running, body="[" * 100_000 + "]" * 100_000).status_code == 422


BLUE = {**READING, "spo2_percent": "85"}


def answer_to(rules: object, **changes: Any) -> dict[str, Any]:
    fields = {"rules": rules, "words": "Oxygen 4 L"}
    return event("alarm_acknowledged", fields=fields, entered_offline=True, **changes)


def test_what_an_alarm_asked_is_answered_in_the_same_breath(running, send) -> None:
    reading = event(fields=BLUE, entered_offline=True)

    sent = send(running, reading, answer_to("MON-018-emergency", sequence=32))

    assert statuses(sent) == [201, 201]


def test_boxes_that_are_ticked_together_are_kept_together(running, send) -> None:
    running.reading(12, spo2_percent="85", heart_rate_per_min="150")
    rules = [rule for each in running.view(12.5).alarms.sounding for rule, _v in each.rules]

    assert statuses(send(running, answer_to(rules))) == [201]
    assert len(rules) > 1
    assert SessionEvent.objects.get(kind="alarm_acknowledged").payload["rules"] == rules


def test_an_answer_is_taken_when_somebody_else_has_answered_by_then(running, send) -> None:
    running.reading(12, spo2_percent="85")
    rules = [rule for each in running.view(12.5).alarms.sounding for rule, _v in each.rules]
    running.enter(Kind.alarm_acknowledged, 12.2, {"rules": rules, "words": "Airway opened"})
    running.reading(12.4)

    assert statuses(send(running, answer_to(rules))) == [201]


def test_after_an_offline_stop_the_questions_of_recovery_are_taken(running, send) -> None:
    stop = event("dose_stopped", fields={"reason": "other"}, entered_offline=True)
    fields = {"answer_walks_steadily": "yes", "rest_is_no": "on"}

    sent = send(running, stop, event("symptom", fields=fields, sequence=32, entered_offline=True))

    assert statuses(sent) == [201, 201]
    assert SessionEvent.objects.get(kind="symptom").payload["answers"]["walks_steadily"] is True
