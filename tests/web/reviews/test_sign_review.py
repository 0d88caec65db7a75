"""Signing what happens next."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.coursing import make_coursing
from tests.factories import make_staff
from tests.web.intake.pages import beside, text
from vernal import knowledge
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import ReviewSigned

pytestmark = pytest.mark.django_db


def address(course) -> str:
    return reverse("sign_review", kwargs={"patient_id": course.patient_id})


def decision(course, **changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "option": "wait",
        "look_again_on": str((course.dose_at() + timedelta(days=14)).date()),
        "note": "She wants to see how long it lasts.",
    }
    return {**given, **changes}


@pytest.fixture
def browser(course, log_in, clock):
    clock(course.dose_at() + timedelta(days=1))
    return log_in(course.prescriber)


def test_the_decision_keeps_all_it_was_made_from(course, browser) -> None:
    response = browser.post(address(course), decision(course))

    assert response["Location"] == reverse("review", kwargs={"patient_id": course.patient_id})
    row = ReviewSigned.objects.get()
    assert row.course["facts"]["course.sessions_given"] == "1"
    assert [each["id"] for each in row.options["options"]] == [
        "next_dose", "continue", "wait", "change", "stop", "refer"
    ]  # fmt: skip
    assert row.knowledge_version == knowledge.version()
    assert row.plan == course.session().plan
    assert "She wants to see" in browser.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"option": "more"}, "Choose one of the options."),
        ({"option": ""}, "Choose what happens next."),
        ({"note": "  "}, "Write in a few words why you decide so."),
        ({"look_again_on": ""}, "Choose the day on which somebody looks at this again."),
        ({"look_again_on": "2026-03-11"}, "Choose a day after today."),
        ({"look_again_on": "soon"}, "year-month-day"),
        ({"option": "stop", "look_again_on": ""}, "Choose the day on which somebody looks"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(
    course, browser, changes, sentence
) -> None:
    form = {**decision(course), "note": "Kept as typed.", **changes}

    response = browser.post(address(course), form)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert not ReviewSigned.objects.exists()
    if "note" not in changes:
        assert "Kept as typed." in page


def test_an_option_that_is_not_offered_asks_why_beside_its_own_field(course, browser) -> None:
    form = decision(course, option="continue")

    refused = browser.post(address(course), form)

    assert refused.status_code == 422
    assert "Write why you decide it all the same" in beside(refused, "despite")
    signed = browser.post(address(course), {**form, "despite": "She asked for it."}, follow=True)
    assert "signed because: She asked for it." in text(signed)


def test_the_next_session_cannot_be_chosen_where_none_is_booked(site, log_in, clock) -> None:
    course = make_coursing(site, given=6)
    clock(course.dose_at(6) + timedelta(days=1))
    browser = log_in(course.prescriber)

    page = browser.get(reverse("review", kwargs={"patient_id": course.patient_id}))

    assert 'value="wait"' in page.content.decode()
    assert 'value="next_dose"' not in page.content.decode()
    form = decision(course, option="next_dose", despite="Try again.")
    assert browser.post(address(course), form).status_code == 422
    assert not ReviewSigned.objects.exists()


def test_the_day_after_today_is_late_enough(course, browser) -> None:
    form = decision(course, look_again_on="2026-03-12")

    assert browser.post(address(course), form).status_code == 302


def test_the_next_planned_session_needs_no_day(course, browser) -> None:
    form = decision(course, option="next_dose", look_again_on="")

    assert browser.post(address(course), form).status_code == 302


def test_signing_twice_with_one_form_signs_once(course, browser) -> None:
    form = decision(course)

    browser.post(address(course), form)
    browser.post(address(course), form)

    assert ReviewSigned.objects.count() == 1
    assert Entry.objects.filter(act="review.signed").count() == 1


def test_without_a_given_session_nothing_can_be_signed(site, log_in, clock) -> None:
    course = make_coursing(site)
    clock(course.dose_at() - timedelta(days=1))

    response = log_in(course.prescriber).post(address(course), decision(course))

    assert response.status_code == 409
    assert "no course to review yet" in response.content.decode()


def test_a_nurse_is_told_who_signs(course, log_in) -> None:
    response = log_in(course.nurse).post(address(course), decision(course))

    assert response.status_code == 403
    assert "Only a prescriber or the medical director signs" in response.content.decode()


def test_a_chart_of_another_site_does_not_exist(course, other_site, log_in) -> None:
    stranger = make_staff(Role.prescriber, other_site)

    assert log_in(stranger).post(address(course), decision(course)).status_code == 404


def test_the_audit_entry_holds_the_option_and_no_note(course, browser) -> None:
    browser.post(address(course), decision(course))

    assert Entry.objects.get(act="review.signed").details == {"option": "wait"}
