"""One scale, filled in at home; danger leads to help at once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.coursing import phq9
from vernal.audit.models import Entry
from vernal.records.models import Alert, Assessment

pytestmark = pytest.mark.django_db
URL = reverse("my_scale", kwargs={"scale_id": "phq-9"})


def filled(total: int = 12, *, item_9: int = 0) -> dict[str, str]:
    answers = {name: str(value) for name, value in phq9(total, item_9=item_9).items()}
    return {"id": str(uuid4()), **answers}


def test_answers_are_kept_and_the_score_follows_from_them(patient, log_in) -> None:
    response = log_in(patient.user).post(URL, filled(12))

    assert response["Location"] == reverse("my_outcomes")
    row = Assessment.objects.get()
    assert sum(row.answers.values()) == 12
    assert "score" not in row.answers


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_9_above_zero_shows_help_at_once_and_opens_an_alert(patient, log_in, answer) -> None:
    browser = log_in(patient.user)

    response = browser.post(URL, filled(12, item_9=answer))

    assert response["Location"] == reverse("my_safety")
    page = browser.get(response["Location"]).content.decode()
    assert "988" in page
    assert "307 555 0100" in page
    assert "Who reads your answer, and when" in page
    assert Alert.objects.get().kind == "suicidal_thoughts"


def test_item_9_at_zero_opens_nothing(patient, log_in) -> None:
    log_in(patient.user).post(URL, filled(24, item_9=0))

    assert not Alert.objects.exists()


def test_an_open_item_is_kept_open(patient, log_in) -> None:
    form = filled()
    del form["9"]

    log_in(patient.user).post(URL, form)

    assert "9" not in Assessment.objects.get().answers


def test_an_answer_outside_the_scale_is_refused_and_the_others_stay(patient, log_in) -> None:
    response = log_in(patient.user).post(URL, {**filled(24), "9": "7"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose one of the answers" in page
    assert page.count(" checked>") + page.count(" checked ") - page.count(" checked off") == 8
    assert not Assessment.objects.exists()


def test_sending_twice_keeps_one(patient, log_in) -> None:
    form = filled(12, item_9=1)

    log_in(patient.user).post(URL, form)
    log_in(patient.user).post(URL, form)

    assert Assessment.objects.count() == Alert.objects.count() == 1


@pytest.mark.parametrize("scale_id", ["madrs", "tea", "c-ssrs-screener"])
def test_a_scale_that_is_not_the_patients_to_fill_in_does_not_exist(
    patient, log_in, scale_id
) -> None:
    address = reverse("my_scale", kwargs={"scale_id": scale_id})

    assert log_in(patient.user).get(address).status_code == 404


def test_staff_are_told_that_this_page_is_the_patients(nurse, log_in) -> None:
    assert log_in(nurse).get(URL).status_code == 403


def test_the_audit_entry_holds_no_answers(patient, log_in) -> None:
    log_in(patient.user).post(URL, filled(12, item_9=2))

    entry = Entry.objects.get(act="scale.saved")
    assert entry.details == {"scale": "phq-9"}


def test_the_wording_stands_with_its_attribution(patient, log_in) -> None:
    page = log_in(patient.user).get(URL).content.decode()

    assert "Over the last 2 weeks" in page
    assert "Spitzer" in page
