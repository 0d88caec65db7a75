"""The patient reads element by element and answers, at home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from tests.planning import drops, order
from tests.web.consent.conftest import answers
from tests.web.intake.pages import text
from vernal.knowledge.outcomes import expected_benefit
from vernal.records.models import ConsentAnswered

pytestmark = pytest.mark.django_db
URL = "/my-care/consent/"


def test_every_element_and_question_stands_there_in_plain_words(planning, own) -> None:
    page = own.get(URL).content.decode()

    for element in planning.form.elements:
        assert escape(element.title) in page
    for asked in planning.form.teach_backs:
        assert escape(asked.question) in page


def test_what_can_be_expected_shows_verified_figures_with_their_comparison(own) -> None:
    page = own.get(URL).content.decode()

    benefit = expected_benefit("trd", "iv")
    hidden = [each for each in benefit.statements if not each.for_patients and each.figures]
    assert "64 of 100 people responded" in page
    assert "28 of 100 after midazolam" in page
    assert all(escape(each.figures[0].sentence) not in page for each in hidden)


def test_answers_are_kept_and_the_next_step_is_said(own, planning) -> None:
    response = own.post(URL, answers(planning))

    assert response.headers["Location"] == URL
    assert len(ConsentAnswered.objects.get().ticks) == len(planning.form.elements)
    assert "Someone at the clinic goes through it with you next." in own.get(URL).content.decode()


def test_some_answers_may_stay_open(own, planning) -> None:
    own.post(URL, answers(planning, **{"off-label": ""}))

    page = own.get(URL).content.decode()
    assert "Take your time." in page
    assert f"{planning_count(planning) - 1} of {planning_count(planning)}" in page


def test_a_wrong_answer_is_explained_and_asked_again(own, planning) -> None:
    own.post(URL, answers(planning, **{"teach-back.driving": "same-evening"}))

    page = own.get(URL).content.decode()

    assert "Not quite" in page
    assert "Reactions can be slow for the rest of the day" in page
    own.post(URL, answers(planning))
    assert ConsentAnswered.objects.count() == 2
    assert "Not quite" not in own.get(URL).content.decode()


def test_what_is_not_in_the_list_is_refused_and_the_rest_stays(own, planning) -> None:
    response = own.post(URL, answers(planning, **{"teach-back.driving": "never"}))

    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose one of the answers in the list." in page
    assert page.count("checked") == planning_count(planning) - 1
    assert not ConsentAnswered.objects.exists()


def test_sending_the_same_form_twice_keeps_one_row(own, planning) -> None:
    form = answers(planning)

    own.post(URL, form)
    own.post(URL, form)

    assert ConsentAnswered.objects.count() == 1


def test_a_consent_that_holds_says_until_when(own, planning) -> None:
    planning.consent()

    page = own.get(URL).content.decode()

    assert "Signed on" in page
    assert "It holds until" in page
    assert reverse("withdraw_my_consent") in page


def test_without_a_plan_it_says_so(patient, log_in) -> None:
    response = log_in(patient.user).get(URL)

    assert response.status_code == 409
    assert "no plan yet" in response.content.decode()


def test_my_care_leads_here_once_there_is_a_plan(own, patient, log_in) -> None:
    assert URL in own.get(reverse("my_care")).content.decode()
    assert URL not in log_in(patient.user).get(reverse("my_care")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_answers(own, planning) -> None:
    planning.answer()
    own.get(URL)
    with CaptureQueriesContext(connection) as before:
        own.get(URL)
    for _ in range(4):
        planning.answer()

    with CaptureQueriesContext(connection) as after:
        own.get(URL)

    assert len(after) == len(before) <= 12


def test_staff_have_no_such_page(by_nurse) -> None:
    response = by_nurse.get(URL)

    assert response.status_code == 403
    assert "patient&#x27;s own account" in response.content.decode()


def planning_count(planning) -> int:
    return len(planning.form.elements) + len(planning.form.teach_backs)


def test_whom_to_ask_stands_before_the_first_part_and_beside_the_button(own, planning) -> None:
    page = own.get(URL).content.decode()

    asked = f"Call {planning.chart.site.name}: {planning.chart.site.phone}."
    assert page.count(asked) == 2
    assert page.index(asked) < page.index(escape(planning.form.elements[0].title))
    assert "Nothing is signed by saving." in page


def test_what_is_planned_stands_before_the_first_part(own, planning) -> None:
    page = text(own.get(URL))

    assert "Dose each time 44 mg (0.5 mg for each kg of body weight)" in page
    assert "How it is given By vein, over 40 minutes" in page
    assert "How often 6 sessions over about 3 weeks (two a week)" in page
    assert page.index("Dose each time") < page.index("Not approved for this use")


def test_under_the_tongue_the_dose_stands_in_mg_and_for_each_kg(own, planning) -> None:
    planning.consider("sublingual")
    planning.now += timedelta(minutes=1)
    planning.decide()
    planning.draw_up(drops())

    page = text(own.get(URL))

    assert "10 mg (0.11 mg for each kg of body weight)" in page
    assert "Under the tongue, in the clinic, held there for 5 minutes" in page


def test_a_phase_without_a_usual_number_says_how_far_apart(own, planning) -> None:
    planning.draw_up(order(phase="maintenance", schedule="monthly"), at=later(planning))

    assert "About monthly; the number of sessions is set" in text(own.get(URL))


def test_once_signed_the_sessions_are_those_that_are_booked(own, planning) -> None:
    planning.now += timedelta(minutes=1)
    days = (planning.now.date() + timedelta(days=ahead) for ahead in (1, 2, 3))
    planning.signed(sessions=1, first_on=next(day for day in days if day.weekday() < 5))

    assert "How often 1 session" in text(own.get(URL))


def test_a_wish_to_talk_marks_its_part_and_is_answered_after_the_talk(own, planning) -> None:
    own.post(URL, answers(planning, driving="no"))
    page = text(own.get(URL))
    assert "Someone at the clinic goes through it with you next" in page
    assert page.count("You want to talk about this.") == 1

    planning.discuss()

    assert text(own.get(URL)).count("We talked about this. If it is clear now") == 1


def test_nothing_is_said_to_be_known_that_nobody_told(planning) -> None:
    words = " ".join(f"{each.title} {each.words}" for each in planning.form.elements)

    assert "You know" not in words
    assert "You had time" not in words


def later(planning):
    return planning.now + timedelta(minutes=1)
