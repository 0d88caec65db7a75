"""Side effects told from home: one tap for nothing, two short steps for the rest."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.audit.models import Entry
from vernal.records.models import Alert, EffectsReported
from vernal.workflow.effects import Told

pytestmark = pytest.mark.django_db


def address(course, number: int = 1) -> str:
    return reverse("my_effects", kwargs={"session_id": course.session(number).pk})


def ticked(*effects: str, moment: str = "four_hours") -> dict:
    return {"id": str(uuid4()), "asked_at": moment, "ticked": list(effects)}


def told(form: dict, **strengths: str) -> dict:
    """The second step after `form`; a strength for each effect."""
    strong = {f"{name}-severity": value for name, value in strengths.items()}
    return {**form, "step": "tell", **strong}


@pytest.fixture
def browser(course, log_in, clock):
    clock(course.dose_at() + timedelta(hours=5))
    return log_in(course.patient.user)


def test_nothing_is_one_tap_and_says_that_everything_was_asked(course, browser) -> None:
    form = {"id": str(uuid4()), "asked_at": "four_hours", "nothing": "1"}

    response = browser.post(address(course), form)

    assert response.status_code == 302
    report = EffectsReported.objects.get()
    assert report.asked_at == "four_hours"
    assert {each["severity"] for each in report.effects} == {0}
    assert "Nothing from the list was felt" in browser.get(address(course)).content.decode()


def test_what_is_ticked_is_asked_about_before_anything_is_kept(course, browser) -> None:
    response = browser.post(address(course), ticked("nausea", "dizziness"))

    page = response.content.decode()
    assert response.status_code == 200
    assert "nausea-severity" in page
    assert "dizziness-began" in page
    assert not EffectsReported.objects.exists()


def test_strength_beginning_and_end_are_kept_with_ones_own_words(course, browser) -> None:
    form = {
        **told(ticked("nausea"), nausea="2"),
        "nausea-began": "during",
        "nausea-ended": "still_there",
        "words": "Only when I turn my head.",
    }

    response = browser.post(address(course), form)

    assert response["Location"] == address(course)
    report = EffectsReported.objects.get()
    kept = {each["effect"]: each for each in report.effects}
    assert kept["nausea"] == {
        "effect": "nausea", "severity": 2, "began": "during", "ended": "still_there"
    }  # fmt: skip
    assert kept["headache"]["severity"] == 0
    assert report.words == "Only when I turn my head."


def test_the_effects_of_the_published_list_that_do_not_fit_the_route_are_not_asked(
    course, browser
) -> None:
    page = browser.get(address(course)).content.decode()

    assert "Did your nose hurt" not in page
    assert "Did you feel sick?" in page


def test_an_effect_hard_to_bear_opens_an_alert_and_shows_whom_to_call(course, browser) -> None:
    browser.post(address(course), told(ticked("headache"), headache="3"))

    alert = Alert.objects.get()
    page = browser.get(address(course)).content.decode()
    assert alert.kind == "severe_effect"
    assert "should be looked at today" in page
    assert "a message was put on its way" in page
    assert course.session().patient.site.phone in page


def test_thoughts_of_dying_lead_to_help_at_once(course, browser) -> None:
    response = browser.post(address(course), told(ticked("suicidal"), suicidal="1"))

    assert response["Location"] == reverse("my_safety")
    assert Alert.objects.get().kind == "suicidal_thoughts"
    assert "988" in browser.get(reverse("my_safety")).content.decode()


def test_nothing_ticked_is_refused_with_the_way_to_say_nothing(course, browser) -> None:
    response = browser.post(address(course), ticked())

    assert response.status_code == 422
    assert "Nothing from this list" in response.content.decode()


def test_a_strength_that_is_missing_is_asked_for_and_the_rest_stays_typed(course, browser) -> None:
    form = {**told(ticked("nausea", "anxiety"), nausea="2"), "words": "It came in waves."}

    response = browser.post(address(course), form)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Say how strong it was." in page
    assert "It came in waves." in page
    assert not EffectsReported.objects.exists()


def test_an_effect_that_is_not_on_the_list_is_refused(course, browser) -> None:
    response = browser.post(address(course), ticked("tea"))

    assert response.status_code == 422
    assert not EffectsReported.objects.exists()


def test_sending_twice_keeps_one_report_and_one_alert(course, browser) -> None:
    form = told(ticked("headache"), headache="3")

    browser.post(address(course), form)
    browser.post(address(course), form)

    assert EffectsReported.objects.count() == 1
    assert Alert.objects.count() == 1


def test_before_four_hours_the_page_says_when_it_asks(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(hours=2))

    page = log_in(course.patient.user).get(address(course)).content.decode()

    assert "We ask you from" in page
    assert '<form method="post" novalidate' not in page


def test_too_early_an_answer_is_refused_in_words(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(hours=2))
    form = {"id": str(uuid4()), "asked_at": "four_hours", "nothing": "1"}

    response = log_in(course.patient.user).post(address(course), form)

    assert response.status_code == 409
    assert "too early" in response.content.decode()


def test_an_answer_sent_after_midnight_stays_with_the_moment_it_was_asked_for(
    course, log_in, clock
) -> None:
    form = {"id": str(uuid4()), "asked_at": "four_hours", "nothing": "1"}
    clock(course.dose_at() + timedelta(hours=23))
    browser = log_in(course.patient.user)

    browser.post(address(course), form)

    assert EffectsReported.objects.get().asked_at == "four_hours"
    assert "since yesterday" in browser.get(address(course)).content.decode()


def test_answering_again_counts_and_the_first_answer_stays(course, browser) -> None:
    course.tell(1, Told("nausea", 1), at=course.dose_at() + timedelta(hours=4))

    assert "?again" in browser.get(address(course)).content.decode()
    browser.post(address(course), told(ticked("nausea"), nausea="2"))

    assert EffectsReported.objects.count() == 2
    assert "It bothered me" in browser.get(address(course)).content.decode()


def test_studies_stand_beside_with_both_arms_and_only_what_somebody_has_read(
    course, browser
) -> None:
    course.tell(1, Told("dizziness", 2))

    page = browser.get(address(course)).content.decode()

    assert "What studies found" in page
    assert "placebo" in page


def test_another_patients_session_does_not_exist(course, site, log_in, clock) -> None:
    other = make_coursing(site)
    clock(course.dose_at() + timedelta(hours=5))

    assert log_in(other.patient.user).get(address(course)).status_code == 404


def test_staff_are_told_that_this_page_is_the_patients(course, log_in) -> None:
    response = log_in(course.nurse).get(address(course))

    assert response.status_code == 403
    assert "own account" in response.content.decode()


def test_the_audit_entry_holds_no_answers(course, browser) -> None:
    form = {**told(ticked("bladder"), bladder="1"), "words": "a word of mine"}

    browser.post(address(course), form)

    entry = Entry.objects.get(act="effects.told")
    assert "bladder" not in str(entry.details)
    assert "a word of mine" not in str(entry.details)


def test_the_number_of_queries_stays_the_same(
    course, browser, django_assert_max_num_queries
) -> None:
    course.tell(1, Told("nausea", 1), Told("anxiety", 2), Told("headache", 1))

    page = address(course)

    with django_assert_max_num_queries(12):
        browser.get(page)
