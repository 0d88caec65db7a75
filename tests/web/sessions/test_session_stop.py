"""One press stops a dose; then the page asks how it goes on, and says that it is paused."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.bedside import NO_SYMPTOMS
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


def seen(browser, url: str) -> str:
    return browser.get(url).content.decode()


def pressed(browser, address, bedside) -> str:
    """Sends the form of the stop as it stands on the page, and returns the page after it."""
    url = address("session", bedside)
    form = re.search(r'<form class="[^"]*session__stop".*?</form>', seen(browser, url), re.S)
    fields = dict(re.findall(r'name="(id|reason|words)" value="([^"]*)"', form.group()))
    response = browser.post(address("session_event", bedside, kind="dose_stopped"), fields)
    assert response.status_code == 302
    return seen(browser, url)


def next_card(page: str) -> str:
    return page.split('id="next-title"')[1].split("</section>")[0]


@pytest.fixture
def calm(running):
    """Measured a moment ago: nothing is due and nothing sounds."""
    running.reading(11.5)
    return running


def test_one_press_stops_the_dose_and_the_page_asks_how_it_goes_on(calm, log_in, address) -> None:
    page = pressed(log_in(calm.nurse), address, calm)

    assert not calm.view(12.5).state.dose.running
    card = next_card(page)
    assert "Paused: does the dose go on today?" in card
    assert address("session_event", calm, kind="dosing_finished") in card
    assert "Dose paused" in page


def test_a_pause_is_called_so_in_every_place(calm, log_in, address) -> None:
    browser = log_in(calm.nurse)
    page = pressed(browser, address, calm)
    day = seen(browser, reverse("sessions_today"))
    row = day.split(f'href="{address("session", calm)}"')[1].split("</li>")[0]

    assert "<title>Wren Hollis, Paused" in page
    assert "Paused" in row
    assert "Recovering" not in row


def test_nobody_goes_home_while_a_dose_is_paused_and_the_reason_is_asked_at_its_end(
    calm, log_in, address
) -> None:
    browser = log_in(calm.nurse)
    paused = pressed(browser, address, calm)
    form = address("session_event", calm, kind="dosing_finished")
    asked = seen(browser, form)
    browser.post(form, {"id": str(uuid4()), "reason": "patient_asked", "words": "Enough"})

    after = calm.view(13)
    assert "The dose is paused and part of it is left" in paused
    assert "Why no more is given" in asked
    (over, *_rest) = after.discharge.criteria
    assert (over.id, over.status) == ("session.recovering", "met")
    assert address("session_event", calm, kind="dose_resumed") not in seen(
        browser, address("session", calm)
    )


def test_going_on_is_offered_beside_it_once_nothing_speaks_against(calm, log_in, address) -> None:
    for scale in ("moaas", "dissociation_0_10", "anxiety_0_10"):
        calm.score(11.6, scale, 5)
    calm.enter(Kind.symptom, 11.7, {"answers": NO_SYMPTOMS})
    calm.reading(11.9)

    card = next_card(pressed(log_in(calm.nurse), address, calm))

    assert address("session_event", calm, kind="dose_resumed") in card


def test_an_earlier_stop_is_told_in_a_form_of_its_own(calm, log_in, address) -> None:
    page = seen(log_in(calm.nurse), address("session", calm))

    link = f'href="{address("session_event", calm, kind="dose_stopped")}"'
    assert "Record an earlier stop" in page.split(link)[1].split("</a>")[0]


@pytest.fixture
def high(running):
    running.reading(11.5, systolic_mmhg="186", diastolic_mmhg="112")
    return running


def answer(browser, address, bedside) -> None:
    sounding = bedside.view(12.2).alarms.sounding
    rules = [rule for each in sounding for rule, _version in each.rules]
    done = {"id": str(uuid4()), "rules": rules, "words": "Cuff checked, clinician called"}
    browser.post(address("session_event", bedside, kind="alarm_acknowledged"), done)


def test_an_alarm_that_asks_for_a_pause_pauses(high, log_in, address) -> None:
    browser = log_in(high.nurse)
    before = seen(browser, address("session", high))
    after = pressed(browser, address, high)

    assert "Pause the infusion now" in before
    assert high.view(12.5).state.dose.is_paused
    assert "Dose paused" in after
    assert "A pause · In words: Pressure 180 systolic" in after


def test_an_alarm_that_was_answered_says_so_and_when_to_measure(high, log_in, address) -> None:
    browser = log_in(high.nurse)
    waiting = pressed(browser, address, high)
    answer(browser, address, high)
    page = seen(browser, address("session", high))

    box = page.split('class="finding finding--bar alarm"')[1].split("</section>")[0]
    assert "The alarm stays until then" in waiting
    assert "The alarm stays until then" not in page
    assert "Measure again at" in box.split("alarm__now")[1].split("</h2>")[0]
    assert "Answered at" in box
    assert "Cuff checked, clinician called" in box
    assert "No more drug for now" in box
    assert 'id="next-title"' not in page


def test_what_keeps_more_drug_away_names_the_value(high, log_in, address) -> None:
    page = pressed(log_in(high.nurse), address, high)

    held = page.split('id="fold-more"')[1].split("</details>")[0]
    assert "Hypertensive emergency. Measured at" in held
    assert "186/112 mmHg" in held


def test_what_cannot_be_kept_has_no_button(soon, recovered, running, log_in, address) -> None:
    soon.enter(Kind.checked_in, -20)
    unprepared = seen(log_in(soon.nurse), address("session", soon))
    running.enter(Kind.dose_stopped, 12, {"reason": "patient_asked"})
    early = seen(log_in(running.nurse), address("session", running))
    ready = seen(log_in(recovered.nurse), address("session", recovered))

    assert address("session_event", soon, kind="dose_started") not in unprepared
    assert address("session_event", running, kind="discharged") not in early
    assert address("session_event", recovered, kind="discharged") in ready


def test_a_reason_of_a_rule_stands_apart_from_how_it_is(calm, log_in, address) -> None:
    calm.enter(Kind.dose_stopped, 12, {"reason": "patient_asked"})

    page = seen(log_in(calm.nurse), address("session", calm))

    home = page.split('id="fold-home"')[1].split("</details>")[0]
    signed = home.split("Signed by a nurse and by a clinician")[1].split("</li>")[0]
    assert "Why: Two people look before anybody goes home." in signed
    assert signed.index("Still to sign") < signed.index("Why:")
