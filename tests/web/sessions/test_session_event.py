"""The form of one entry: every kind, and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.bedside import DOSE, NO_SYMPTOMS, PREPARED, READING
from vernal.records.models import EventConflict, SessionEvent
from vernal.rules.sessions import Kind
from vernal.web.sessions.forms import EventForm
from vernal.web.sessions.submitting import event_form
from vernal.workflow.session_log import Entered
from vernal.workflow.sessions import receive

pytestmark = pytest.mark.django_db


def seen(response) -> str:
    return response.content.decode()


@pytest.fixture
def arrived(soon):
    soon.enter(Kind.checked_in, -20)
    return soon


def post(browser, address, bedside, kind: str, **typed: str):
    data = {"id": str(uuid4()), **typed}
    return browser.post(address("session_event", bedside, kind=kind), data)


def kept(bedside, kind: Kind) -> list[SessionEvent]:
    return list(SessionEvent.objects.filter(session_id=bedside.session_id, kind=kind.value))


def test_a_reading_is_kept_and_leads_back(arrived, log_in, address) -> None:
    response = post(log_in(arrived.nurse), address, arrived, "reading", **READING)

    assert response.headers["Location"] == address("session", arrived)
    (event,) = kept(arrived, Kind.reading)
    assert event.payload["systolic_mmhg"] == "122"
    assert event.author == arrived.nurse


def test_what_cannot_be_is_asked_back_beside_its_field(arrived, log_in, address) -> None:
    typed = {**READING, "systolic_mmhg": "1200", "heart_rate_per_min": "70"}

    response = post(log_in(arrived.nurse), address, arrived, "reading", **typed)

    assert response.status_code == 422
    assert "must lie between 0 and 350 mmHg" in seen(response)
    assert 'value="1200"' in seen(response)
    assert kept(arrived, Kind.reading) == []


def test_twice_is_once(arrived, log_in, address) -> None:
    browser, id = log_in(arrived.nurse), str(uuid4())

    for _time in range(2):
        response = post(browser, address, arrived, "note", id=id, words="Calm")
        assert response.status_code == 302

    assert len(kept(arrived, Kind.note)) == 1


def test_the_same_form_with_other_content_is_refused_and_both_are_kept(
    arrived, log_in, address
) -> None:
    browser, id = log_in(arrived.nurse), str(uuid4())
    post(browser, address, arrived, "note", id=id, words="Calm")

    response = post(browser, address, arrived, "note", id=id, words="Restless")

    assert response.status_code == 409
    assert kept(arrived, Kind.note)[0].payload == {"words": "Calm"}
    assert EventConflict.objects.get().payload == {"words": "Restless"}


def test_several_scores_are_one_form_and_twice_is_once(arrived, log_in, address) -> None:
    browser, id = log_in(arrived.nurse), str(uuid4())

    for _time in range(2):
        post(browser, address, arrived, "score", id=id, moaas="5", anxiety_0_10="3")

    assert sorted(event.payload["scale"] for event in kept(arrived, Kind.score)) == [
        "anxiety_0_10",
        "moaas",
    ]


def test_of_several_scores_one_that_cannot_be_keeps_none(arrived, log_in, address) -> None:
    response = post(log_in(arrived.nurse), address, arrived, "score", moaas="5", anxiety_0_10="11")

    assert response.status_code == 422
    assert "goes from 0 to 10" in seen(response)
    assert kept(arrived, Kind.score) == []


def test_no_score_at_all_is_asked_back(arrived, log_in, address) -> None:
    assert post(log_in(arrived.nurse), address, arrived, "score").status_code == 422


def test_the_rest_of_the_symptoms_is_no_only_when_it_is_said(arrived, log_in, address) -> None:
    browser = log_in(arrived.nurse)
    post(browser, address, arrived, "symptom", answer_panic="yes")
    post(browser, address, arrived, "symptom", answer_panic="yes", rest_is_no="on")

    first, second = kept(arrived, Kind.symptom)
    assert first.payload["answers"] == {"panic": True}
    assert second.payload["answers"] == {**NO_SYMPTOMS, "panic": True}


def test_a_late_entry_carries_its_own_time(arrived, log_in, address) -> None:
    told = timezone.now() - timedelta(minutes=7)
    here = told.astimezone(ZoneInfo("America/Denver"))

    post(log_in(arrived.nurse), address, arrived, "note", words="x", happened_at=f"{here:%H:%M}")

    view = arrived.view(1)
    note = view.state.of(Kind.note)[0]
    assert abs(note.at - told) < timedelta(minutes=1, seconds=1)


def test_a_time_that_has_not_come_is_refused_as_that(arrived, log_in, address) -> None:
    zone = ZoneInfo("America/Denver")
    told = timezone.now().astimezone(zone) + timedelta(minutes=20)
    typed = {**READING, "happened_at": f"{told:%H:%M}"}

    response = post(log_in(arrived.nurse), address, arrived, "reading", **typed)

    assert response.status_code == 422
    assert "This time has not come yet." in seen(response)
    assert kept(arrived, Kind.reading) == []


def test_after_midnight_a_time_before_it_is_that_of_the_evening() -> None:
    zone = ZoneInfo("America/Denver")
    midnight = datetime(2026, 3, 5, 0, 10, tzinfo=zone)
    data = {"id": str(uuid4()), "words": "x", "happened_at": "23:50"}
    given = {"zone": zone.key, "at": midnight, "data": data}

    night = EventForm(Kind.note, since=midnight - timedelta(hours=2), **given)
    morning = EventForm(Kind.note, since=midnight - timedelta(minutes=5), **given)

    assert night.is_valid() and morning.is_valid()
    assert night.payload()["happened_at"].startswith("2026-03-04T23:50")
    assert morning.payload()["happened_at"].startswith("2026-03-05T23:50")


def test_the_checklist_makes_answers(arrived, log_in, address) -> None:
    words = {True: "yes", False: "no"}
    typed = {f"answer_{name}": words[answer] for name, answer in PREPARED.items()}

    post(log_in(arrived.nurse), address, arrived, "checklist", **typed)

    assert kept(arrived, Kind.checklist)[0].payload["answers"] == PREPARED


def test_what_the_patient_hopes_for_is_kept_in_their_words_and_stays_on_the_page(
    arrived, log_in, address
) -> None:
    words = {True: "yes", False: "no"}
    typed = {f"answer_{name}": words[answer] for name, answer in PREPARED.items()}
    browser = log_in(arrived.nurse)

    post(browser, address, arrived, "checklist", hopes="To sleep through a night.", **typed)
    post(browser, address, arrived, "checklist", **typed)

    assert kept(arrived, Kind.checklist)[0].payload["hopes"] == "To sleep through a night."
    page = seen(browser.get(reverse("session", kwargs={"session_id": arrived.session_id})))
    assert "<p>Hopes for: “To sleep through a night.”</p>" in page
    assert page.count("To sleep through a night.") == 2  # there, and in the log


def test_an_unknown_escort_closes_the_start(soon, log_in, address) -> None:
    soon.prepare(escort_confirmed="unknown")

    response = post(log_in(soon.nurse), address, soon, "dose_started", **DOSE)

    assert response.status_code == 409
    assert "An adult will take the patient home: not known yet." in seen(response)
    assert kept(soon, Kind.dose_started) == []


def test_the_form_of_the_start_is_filled_in_from_the_plan(soon, log_in, address) -> None:
    soon.prepare()
    vial = soon.view(0).syringe.vial_mg_per_ml

    page = seen(log_in(soon.nurse).get(address("session_event", soon, kind="dose_started")))
    field = page.split('name="concentration_mg_per_ml"')[1].split(">")[0]

    assert f'value="{vial.normalize():f}"' in field
    assert "Of the vial, before it is mixed." in page


def test_with_everything_met_the_dose_starts(soon, log_in, address) -> None:
    soon.prepare()

    response = post(log_in(soon.nurse), address, soon, "dose_started", **DOSE)

    assert response.status_code == 302
    assert soon.view(1).state.dose.running


def test_going_home_is_refused_with_every_open_criterion(bedside, log_in, address) -> None:
    bedside.infuse()
    bedside.enter(Kind.dose_stopped, 40, {"reason": "finished"})

    response = post(
        log_in(bedside.nurse), address, bedside, "discharged", to="Ash", advice_given="yes"
    )

    assert response.status_code == 409
    for title in ("Fully awake", "Walks steadily", "A named adult is here", "Signed by a nurse"):
        assert title in seen(response)


def test_the_whole_dose_is_not_in_while_the_log_says_less(running, log_in, address, clock) -> None:
    clock(running.at(12))

    response = post(log_in(running.nurse), address, running, "dose_stopped", reason="finished")

    assert response.status_code == 422
    assert "By the log 13.2 of 44 mg are in, so this is not the whole dose." in seen(response)
    assert running.view(12).state.dose.running


def test_a_stop_is_not_corrected_to_a_whole_dose_that_was_none(running, log_in, address) -> None:
    stop = running.enter(Kind.dose_stopped, 11, {"reason": "patient_asked"})
    url = address("session_correct", running, event_id=stop.event_id)
    typed = {"id": str(uuid4()), "reason": "finished", "why": "A slip"}

    response = log_in(running.nurse).post(url, typed)

    assert response.status_code == 422
    assert "By the log 12.1 of 44 mg are in" in seen(response)


def test_without_network_a_stop_is_never_refused(running) -> None:
    now = timezone.now()
    entered = Entered(
        *(uuid4(), Kind.dose_stopped, {"reason": "finished"}, "bed-7", 16, now, 1_000),
        entered_offline=True,
    )

    receive(by=running.nurse, session_id=running.session_id, entered=entered, at=now)

    assert not running.view(13).state.dose.running


@pytest.mark.parametrize(
    ("systolic", "minute", "chosen"),
    [("186", 11, "alarm"), ("130", 11, ""), ("130", 42, "finished")],
)
def test_the_likely_reason_of_a_stop_is_chosen_already(running, systolic, minute, chosen) -> None:
    running.reading(10, systolic_mmhg=systolic)
    view = running.view(minute)

    form = event_form(Kind.dose_stopped, view, at=view.now)

    assert form.initial["reason"] == chosen


def test_a_signature_for_going_home_waits_for_everything_else(bedside, log_in, address) -> None:
    bedside.infuse()
    bedside.enter(Kind.dose_stopped, 40, {"reason": "finished"})
    sign = {"meaning": "discharge", "role": "nurse"}

    response = post(log_in(bedside.nurse), address, bedside, "signature", **sign)

    assert response.status_code == 409
    assert "The signature for going home comes last. Still open:" in seen(response)
    for title in ("Fully awake", "Walks steadily", "A named adult is here"):
        assert title in seen(response)
    assert "Signed by a nurse" not in seen(response)
    assert kept(bedside, Kind.signature) == []


def test_one_tap_stops_the_dose(running, log_in, address) -> None:
    post(log_in(running.nurse), address, running, "dose_stopped", reason="alarm", words="Pain")

    assert not running.view(13).state.dose.running


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_every_kind_has_a_form_but_corrections_and_seals(kind, bedside, log_in, address) -> None:
    bedside.infuse()

    response = log_in(bedside.nurse).get(address("session_event", bedside, kind=kind))

    assert response.status_code == (404 if kind in ("correction", "sealed") else 200)


def test_a_kind_that_does_not_exist(bedside, log_in, address) -> None:
    url = address("session_event", bedside, kind="dance")

    assert log_in(bedside.nurse).get(url).status_code == 404


def test_another_sites_session(elsewhere, nurse, log_in, address) -> None:
    assert post(log_in(nurse), address, elsewhere, "note", words="x").status_code == 404


def test_the_front_desk_charts_nothing(soon, front_desk, log_in, address) -> None:
    response = post(log_in(front_desk), address, soon, "note", words="x")

    assert response.status_code == 403
    assert "charted by nurses" in seen(response)


def test_nobody_logged_in_is_sent_to_log_in(soon, client, address) -> None:
    response = post(client, address, soon, "note", words="x")

    assert response.headers["Location"].startswith(reverse("account_login"))


def test_a_rate_may_be_given_as_the_pump_shows_it(running, log_in, address) -> None:
    syringe = running.view(12).syringe

    post(log_in(running.nurse), address, running, "rate_changed", pump_ml_per_h="30", reason="Rest")

    (event,) = kept(running, Kind.rate_changed)
    assert Decimal(event.payload["rate_mg_per_h"]) == syringe.mg_per_h(Decimal(30))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rate_mg_per_h": "33", "pump_ml_per_h": "1"}, "with this syringe"),
        ({"pump_ml_per_h": "fast"}, "Pump rate: write a number in digits"),
        ({"pump_ml_per_h": "1e30"}, "Pump rate: write a number in digits"),
        ({"pump_ml_per_h": "9" * 40}, "Pump rate: write a number in digits"),
        ({"pump_ml_per_h": "9" * 9}, "Rate must lie between 0.001 and 2000 mg/h"),
        ({"pump_ml_per_h": "75", "rate_mg_per_h": "9" * 30}, "Rate has more than 20 digits"),
        (
            {"pump_ml_per_h": "75", "rate_mg_per_h": "1e30"},
            "Rate: write a number from 0.001 to 2000 mg/h",
        ),
        ({}, "Give the rate in mg/h or in mL/h."),
    ],
)
def test_two_rates_that_are_not_one_setting_are_asked_back(
    running, log_in, address, typed, sentence
) -> None:
    response = post(log_in(running.nurse), address, running, "rate_changed", reason="Rest", **typed)

    assert response.status_code == 422
    assert sentence in seen(response)
    assert kept(running, Kind.rate_changed) == []


@pytest.mark.parametrize("kind", ["dose_stopped", "vial_counted"])
def test_what_is_ticked_or_counted_stands_beside_what_the_log_says(
    running, log_in, address, kind
) -> None:
    planned = running.view(12).syringe.given_mg

    page = seen(log_in(running.nurse).get(address("session_event", running, kind=kind)))

    assert f"of {planned.normalize():f} mg are in." in page


def test_half_the_rate_is_worked_out_under_the_field(running, log_in, address) -> None:
    page = seen(log_in(running.nurse).get(address("session_event", running, kind="rate_changed")))

    assert "Half is 33 mg/h (pump" in page
    assert "data-mg-per-ml" in page


def test_the_checklist_says_the_weight_of_the_plan_and_leads_to_the_scales(
    soon, log_in, address
) -> None:
    soon.enter(Kind.checked_in, -20)
    ids = {"patient_id": soon.patient.patient_id}
    kg = soon.view(0).order.weight_kg

    page = seen(log_in(soon.nurse).get(address("session_event", soon, kind="checklist")))

    assert f"The dose of the plan is for {kg.normalize():f} kg." in page
    assert reverse("section", kwargs={**ids, "section_id": "examination"}) in page
    assert reverse("outcomes", kwargs=ids) in page
