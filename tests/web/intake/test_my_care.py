"""The patient's own page: what comes next, how far it is, what is still open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient
from tests.planning import make_planning
from tests.web.intake.pages import form, mine, text
from vernal.knowledge.advice import advice
from vernal.rules.sessions import Kind
from vernal.workflow import intake

pytestmark = pytest.mark.django_db
MY_CARE = "/my-care/"


@pytest.fixture
def browser(patient, log_in):
    return log_in(patient.user)


def test_a_new_patient_begins_with_the_first_page(browser) -> None:
    page = browser.get(MY_CARE)

    assert "0 of 15 sections" in text(page)
    assert f'href="{mine("about_you")}"' in page.content.decode()
    assert "Begin" in text(page)


def test_the_next_page_is_the_first_that_nobody_saved(browser) -> None:
    browser.post(mine("about_you"), form(sex_at_birth="female", later="1"))
    browser.get(MY_CARE)  # takes the message

    page = browser.get(MY_CARE)

    assert "Go on" in text(page)
    assert "3 questions open" in text(page)
    assert "1 of 15 sections" in text(page)


def test_before_sending_open_questions_and_not_knowing_are_shown(browser, save_everything) -> None:
    save_everything(aneurysm="unknown", seizures="")

    page = text(browser.get(MY_CARE))

    assert "Questions still open" in page
    assert "Have you ever had a seizure" in page
    assert "You answered “I don't know”" in page
    assert "Have you ever been told that you have an aneurysm?" in page
    assert "Send my history to the clinic" in page


def test_a_question_that_may_stay_empty_is_not_open(browser, save_everything) -> None:
    save_everything(heart_symptoms_now="")

    page = text(browser.get(MY_CARE))

    assert "Questions still open" not in page


def test_what_was_sent_is_thanked_for(browser, patient, save_everything) -> None:
    save_everything()
    intake.send_intake(by=patient.user, patient_id=patient.patient_id, at=timezone.now())

    page = text(browser.get(MY_CARE))

    assert "You sent your history on" in page
    assert "Send my history" not in page


def test_a_history_that_was_sent_is_folded_into_one_line(browser, patient, save_everything) -> None:
    save_everything()
    intake.send_intake(by=patient.user, patient_id=patient.patient_id, at=timezone.now())

    page = browser.get(MY_CARE).content.decode()

    folded = re.search(r"<details><summary>(.*?)</summary>(.*?)</details>", page, re.S)
    assert "You sent your history on" in folded.group(1)
    assert mine("about_you") in folded.group(2)
    assert page.count(mine("about_you")) == 1


class TestTreatment:
    """A patient after the first of six sessions; the second follows three days later."""

    @pytest.fixture
    def at_home(self, course, log_in, clock):
        """The page so many hours after the first dose."""

        def look(hours: float):
            clock(course.dose_at() + timedelta(hours=hours))
            return log_in(course.patient.user).get(MY_CARE)

        return look

    def test_the_next_visit_stands_first(self, at_home) -> None:
        page = text(at_home(48))

        heads = ["Your next visit", "Session 2: Mar 13, 2026, 10:00", "Your sessions"]
        later = ["Session 1: you had it on Mar 10, 2026", "Session 3: Mar 17, 2026"]
        last = ["Your consent", "Your history"]
        places = [page.index(each) for each in (*heads, *later, *last)]
        assert places == sorted(places)

    def test_todays_visit_stays_until_it_has_begun(self, at_home) -> None:
        assert "Your next visit Session 2: Mar 13, 2026, 10:00" in text(at_home(73))

    def test_whoever_has_arrived_reads_so(self, course, log_in, clock) -> None:
        second = course.session(2)
        course.enter(second, Kind.checked_in, second.planned_at, {})
        clock(second.planned_at + timedelta(minutes=10))

        page = text(log_in(course.patient.user).get(MY_CARE))

        assert "You are here Session 2 is today, and you have arrived." in page
        assert "Session 2, Mar 13, 2026: no dose was given" not in page

    def test_a_visit_without_a_dose_is_named_as_such(self, course, log_in, clock) -> None:
        second = course.session(2)
        course.enter(second, Kind.session_stopped, second.planned_at, {"reason": "A cold."})
        clock(second.planned_at + timedelta(hours=3))

        page = text(log_in(course.patient.user).get(MY_CARE))

        assert "Session 2, Mar 13, 2026: no dose was given" in page
        assert "Your next visit Session 3: Mar 17, 2026, 10:00" in page

    def test_the_lead_no_longer_speaks_of_the_screening(self, at_home) -> None:
        assert "treatment can be planned" not in text(at_home(48))

    @pytest.mark.parametrize("hours", [3, 30])
    def test_after_a_session_it_says_what_holds_tonight(self, at_home, hours) -> None:
        page = text(at_home(hours))

        assert "Tonight and tomorrow, after session 1" in page
        assert "Do not drive, use machines or do anything dangerous until the next day" in page
        assert "after a full night of sleep, and not before 24 hours have passed" in page
        assert "Ketamine injection patient precautions" in page
        assert "stays with you for the rest of the day" in page
        assert "Call 911 for chest pain" in page
        assert "call or text 988 at once" in page

    def test_two_days_later_it_no_longer_does(self, at_home) -> None:
        assert "Tonight and tomorrow" not in text(at_home(48))

    def test_what_nobody_has_read_is_not_shown(self, at_home, monkeypatch) -> None:
        unread = tuple(replace(each, standing="unverified") for each in advice())
        monkeypatch.setattr("vernal.knowledge.advice.advice", lambda: unread)

        page = text(at_home(3))

        assert "Do not drive" not in page
        assert "Tonight" not in page


def test_a_consent_that_waits_for_the_patient_stands_before_the_history(
    site, log_in, clock
) -> None:
    planning = make_planning(site)
    planning.draw_up()
    clock(planning.now + timedelta(minutes=5))

    page = text(log_in(planning.patient.user).get(MY_CARE))

    assert page.index("Open your consent") < page.index("Your history")
    assert "Your next visit" not in page


def test_nobody_elses_history_is_on_it(browser, front_desk, site) -> None:
    other = make_patient(front_desk, site)

    assert str(other.patient_id) not in browser.get(MY_CARE).content.decode()


def test_staff_are_told_that_the_page_is_a_patients(nurse, log_in) -> None:
    response = log_in(nurse).get(reverse("my_care"))

    assert response.status_code == 403
    assert "a patient's own account" in text(response)


def test_help_stands_on_the_page(browser, site) -> None:
    page = text(browser.get(MY_CARE))

    assert "Call 988" in page
    assert site.phone in page


def test_the_number_of_queries_does_not_grow_with_the_history(
    browser, save_everything, django_assert_max_num_queries
) -> None:
    save_everything()
    save_everything(seizures="")

    with django_assert_max_num_queries(11):
        browser.get(MY_CARE)
