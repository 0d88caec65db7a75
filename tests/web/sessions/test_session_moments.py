"""Times that are told: an hour and a minute alone never move an entry to another day."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.bedside import READING
from tests.web.sessions.sent_back import sent_back
from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("America/Denver")
A_DAY_LATER = timedelta(days=1, hours=3)
SAMPLE = {"analyte": "ketamine", "matrix": "venous_plasma", "conc_ng_per_ml": "150"}


def local(moment, form: str = "%H:%M") -> str:
    return moment.astimezone(HERE).strftime(form)


def later(clock, by: timedelta = A_DAY_LATER) -> None:
    clock(timezone.now() + by)


def entry_of(bedside, event_id):
    entries = bedside.view(165 + 27 * 60).state.entries
    return next(each for each in entries if each.event.id == event_id)


def test_a_reading_corrected_the_next_day_stays_at_its_time_to_the_second(
    recovered, log_in, address, clock
) -> None:
    told = {"happened_at": recovered.at(164.3).isoformat()}
    event_id = recovered.enter(Kind.reading, 165, {**READING, **told}).event_id
    later(clock)
    browser, url = log_in(recovered.nurse), address("session_correct", recovered, event_id=event_id)

    response = sent_back(browser, url, heart_rate_per_min="71")

    assert response.status_code == 302
    entry = entry_of(recovered, event_id)
    assert (entry.at, entry.payload["heart_rate_per_min"]) == (recovered.at(164.3), 71)


def test_a_stop_corrected_the_next_day_keeps_its_day_and_its_dose(
    running, log_in, address, clock
) -> None:
    told = {"reason": "other", "happened_at": running.at(11).isoformat()}
    event_id = running.enter(Kind.dose_stopped, 12, told).event_id
    given = running.view(13).state.dose.given_mg
    later(clock)
    url = address("session_correct", running, event_id=event_id)

    response = sent_back(log_in(running.prescriber), url, words="The pump failed")

    assert response.status_code == 302
    dose = running.view(12 + 27 * 60).state.dose
    assert (dose.last_end_at, dose.given_mg) == (running.at(11), given)


def test_a_corrected_time_is_the_one_next_to_the_entry(recovered, log_in, address, clock) -> None:
    told = {"happened_at": recovered.at(163).isoformat()}
    event_id = recovered.enter(Kind.reading, 165, {**READING, **told}).event_id
    later(clock, timedelta(days=3))
    url = address("session_correct", recovered, event_id=event_id)

    sent_back(log_in(recovered.nurse), url, happened_at=local(recovered.at(161)))

    assert abs(entry_of(recovered, event_id).at - recovered.at(161)) < timedelta(minutes=1)


def test_a_reading_told_the_next_day_for_before_the_end_is_one_of_the_session(
    recovered, log_in, address, clock
) -> None:
    left = {
        "reason": "Wants to go",
        "risks_explained": True,
        "clinician_told": "Piet",
        "left_with": "Ash",
        "telephone": "307 555 0147",
    }
    recovered.enter(Kind.left_against_advice, 165, left)
    later(clock)
    told = {"happened_at": local(recovered.at(150))}
    url = address("session_event", recovered, kind="reading")

    response = log_in(recovered.nurse).post(url, {"id": str(uuid4()), **READING, **told})

    assert response.status_code == 302
    times = [each.at for each in recovered.view(166).state.readings]
    assert any(abs(each - recovered.at(150)) < timedelta(minutes=1) for each in times)


def sample(browser, address, bedside, taken_at: str):
    url = address("session_event", bedside, kind="concentration")
    return browser.post(url, {"id": str(uuid4()), **SAMPLE, "taken_at": taken_at})


def test_a_sample_that_comes_back_two_days_later_keeps_its_day(
    recovered, log_in, address, clock
) -> None:
    later(clock, timedelta(days=2))
    taken = local(recovered.at(30), "%Y-%m-%dT%H:%M")

    assert sample(log_in(recovered.nurse), address, recovered, taken).status_code == 302

    row = SessionEvent.objects.get(kind="concentration")
    assert row.payload["taken_at"][:16] == recovered.at(30).isoformat()[:16]


@pytest.mark.parametrize("typed", ["10:08", "2026-11-24", "yesterday T noon", ""])
def test_a_sample_without_a_day_is_asked_back(recovered, log_in, address, typed) -> None:
    response = sample(log_in(recovered.nurse), address, recovered, typed)

    assert response.status_code == 422
    assert response.context["form"].errors["taken_at"]
    assert not SessionEvent.objects.filter(kind="concentration").exists()
