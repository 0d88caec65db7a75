"""The list of patients: open alerts first, and how far each one is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_alert, make_invitation, make_patient, make_staff
from tests.web.intake.pages import form, mine, text
from vernal.accounts.models import Role

pytestmark = pytest.mark.django_db
PATIENTS = "/patients/"


def chart_of(patient) -> str:
    return reverse("chart", kwargs={"patient_id": patient.patient_id})


def test_only_the_own_site_is_on_the_list(nurse, patient, other_site, log_in) -> None:
    stranger = make_patient(make_staff(Role.front_desk, other_site), other_site)

    page = log_in(nurse).get(PATIENTS).content.decode()

    assert chart_of(patient) in page
    assert chart_of(stranger) not in page


def test_open_alerts_stand_first_then_the_newest(front_desk, nurse, site, log_in) -> None:
    now = timezone.now()
    older, newer, with_alert = (
        make_patient(front_desk, site, at=now - timedelta(days=days)) for days in (2, 1, 3)
    )
    make_alert(with_alert)

    page = log_in(nurse).get(PATIENTS).content.decode()

    places = [page.index(chart_of(each)) for each in (with_alert, newer, older)]
    assert places == sorted(places)
    assert "Open alert" in page


def test_each_step_is_named(front_desk, site, patient, nurse, log_in) -> None:
    make_invitation(front_desk, site)
    log_in(patient.user).post(mine("about_you"), form(sex_at_birth="female"))

    page = text(log_in(nurse).get(PATIENTS))

    assert "Invited" in page
    assert "Writes the history" in page


def test_the_front_desk_sees_names_and_opens_no_chart(front_desk, patient, log_in) -> None:
    page = log_in(front_desk).get(PATIENTS)

    assert "Wren Hollis" in text(page)
    assert chart_of(patient) not in page.content.decode()


def test_an_empty_list_says_how_a_patient_comes_onto_it(nurse, log_in) -> None:
    assert "No patients yet" in text(log_in(nurse).get(PATIENTS))


def test_the_administrator_and_a_patient_are_told_whose_list_it_is(
    administrator, patient, log_in
) -> None:
    for user in (administrator, patient.user):
        response = log_in(user).get(PATIENTS)

        assert response.status_code == 403
        assert "for the front desk and clinical staff" in text(response)


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_list(
    front_desk, nurse, site, log_in, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        make_invitation(front_desk, site)
    browser = log_in(nurse)

    with django_assert_num_queries(5):
        page = browser.get(PATIENTS).content.decode()

    assert page.count("Wren Hollis") == count
