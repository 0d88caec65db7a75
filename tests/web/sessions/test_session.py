"""One session on one page: the next thing first, and nothing softened."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.bedside import NO_SYMPTOMS, make_bedside
from vernal.audit.models import Entry
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


def seen(response) -> str:
    return response.content.decode()


def test_before_the_patient_is_here_the_check_in_comes_next(soon, log_in, address) -> None:
    page = seen(log_in(soon.nurse).get(address("session", soon)))

    assert "Check the patient in" in page
    assert address("session_event", soon, kind="checked_in") in page


def test_chest_pain_stops_the_dose_at_normal_pressure(running, log_in, address) -> None:
    running.reading(10)
    running.enter(Kind.symptom, 11, {"answers": {**NO_SYMPTOMS, "chest_pain": True}})

    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Stop the infusion now" in page
    assert 'name="reason" value="alarm"' in page
    assert "122/78" in page


def test_an_overdue_reading_is_the_next_thing(site, log_in, address) -> None:
    running = make_bedside(site, now=timezone.now() - timedelta(minutes=15))
    running.infuse()

    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Take the overdue reading" in page
    assert "data-silent" in page


def test_a_whole_session_shows_every_criterion_met(recovered, log_in, address) -> None:
    page = seen(log_in(recovered.nurse).get(address("session", recovered)))

    assert "The patient may go home" in page
    assert "Not met" not in page
    assert "Not known yet" not in page


def test_lines_of_the_pressure_chart_say_how_sure_they_are(recovered, log_in, address) -> None:
    page = seen(log_in(recovered.nurse).get(address("session", recovered)))
    pressure = page.split("<svg viewBox")[1].split("</svg>")[0]

    assert "Pause from 180, unsigned default" in pressure
    assert "mark-band" not in pressure


def test_the_expected_level_stands_apart_and_names_its_models(running, log_in, address) -> None:
    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Expected level in the blood" in page.split("<svg viewBox")[1]
    assert "Typical people, not this person" in page


def test_a_page_that_looks_again_is_a_part_and_no_reading_of_the_chart(
    bedside, log_in, address
) -> None:
    browser = log_in(bedside.nurse)
    before = Entry.objects.filter(act="chart.read").count()

    part = seen(browser.get(address("session", bedside), headers={"HX-Request": "true"}))

    assert part.lstrip().startswith('<div id="live"')
    assert 'id="log"' in part
    assert "<html" not in part
    assert Entry.objects.filter(act="chart.read").count() == before


def test_opening_it_is_on_record(bedside, log_in, address) -> None:
    log_in(bedside.nurse).get(address("session", bedside))

    entry = Entry.objects.filter(act="chart.read").latest("sequence")
    assert entry.subject == f"session:{bedside.session_id}"


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_the_wrong_role_reads_why(role, bedside, request, log_in, address) -> None:
    response = log_in(request.getfixturevalue(role)).get(address("session", bedside))

    assert response.status_code == 403
    assert "charted by nurses" in seen(response)


def test_another_site_has_no_such_session(elsewhere, nurse, log_in, address) -> None:
    assert log_in(nurse).get(address("session", elsewhere)).status_code == 404


def test_no_such_session(nurse, log_in) -> None:
    url = reverse("session", kwargs={"session_id": uuid4()})

    assert log_in(nurse).get(url).status_code == 404


def test_older_entries_are_one_tap_away(bedside, log_in, address) -> None:
    bedside.enter(Kind.note, -25, {"words": "Came early"})
    bedside.recover()
    browser = log_in(bedside.nurse)

    assert "Came early" not in seen(browser.get(address("session", bedside)))
    assert "Came early" in seen(browser.get(address("session", bedside), {"log": "all"}))


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_log(bedside, log_in, address) -> None:
    bedside.infuse()
    browser = log_in(bedside.nurse)
    browser.get(address("session", bedside))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen_queries:
            browser.get(address("session", bedside))
        return len(seen_queries)

    few = queries()
    for minute in range(25):
        bedside.enter(Kind.note, 1 + minute, {"words": f"Note {minute}"})

    assert queries() == few
