"""A total from paper, with its day."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import Assessment

pytestmark = pytest.mark.django_db


def address(patient) -> str:
    return reverse("enter_total", kwargs={"patient_id": patient.patient_id})


def total(**changes: str) -> dict[str, str]:
    given = {"id": str(uuid4()), "scale": "madrs", "total": "28", "rated_on": "2026-03-02"}
    return {**given, **changes}


def test_a_total_is_kept_with_the_day_of_the_rating(patient, nurse, log_in) -> None:
    response = log_in(nurse).post(address(patient), total())

    assert response["Location"] == reverse("outcomes", kwargs={"patient_id": patient.patient_id})
    row = Assessment.objects.get()
    assert row.answers == {"total": "28"}
    assert row.rated_on == date(2026, 3, 2)
    page = log_in(nurse).get(response["Location"]).content.decode()
    assert "Mar 2, 2026" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"total": "61"}, "MADRS goes from 0 to 60."),
        ({"total": "-1"}, "MADRS goes from 0 to 60."),
        ({"total": "28.5"}, "MADRS goes from 0 to 60."),
        ({"total": "many"}, "Write the total in digits"),
        ({"rated_on": "2999-01-01"}, "in the future"),
        ({"rated_on": "1998-01-01"}, "too long ago"),
        ({"rated_on": "yesterday"}, "year-month-day"),
        ({"scale": "tea"}, "Choose one of the scales"),
        ({"scale": "c-ssrs-screener"}, "Choose one of the scales"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(
    patient, nurse, log_in, changes, sentence
) -> None:
    form = total(**changes)

    response = log_in(nurse).post(address(patient), form)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert f'value="{form["total"]}"' in page
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("value", ["0", "60"])
def test_both_ends_of_the_scale_are_scores(patient, nurse, log_in, value) -> None:
    assert log_in(nurse).post(address(patient), total(total=value)).status_code == 302


def test_entering_twice_keeps_one(patient, nurse, log_in) -> None:
    form = total()

    log_in(nurse).post(address(patient), form)
    log_in(nurse).post(address(patient), form)

    assert Assessment.objects.count() == 1


def test_the_front_desk_is_told_who_enters_scores(patient, front_desk, log_in) -> None:
    response = log_in(front_desk).post(address(patient), total())

    assert response.status_code == 403
    assert "Scores are entered by nurses" in response.content.decode()


def test_a_chart_of_another_site_does_not_exist(patient, other_site, log_in) -> None:
    stranger = make_staff(Role.nurse, other_site)

    assert log_in(stranger).post(address(patient), total()).status_code == 404


def test_the_audit_entry_holds_no_total(patient, nurse, log_in) -> None:
    log_in(nurse).post(address(patient), total())

    assert Entry.objects.get(act="scale.saved").details == {"scale": "madrs"}
