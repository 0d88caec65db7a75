"""A clinician goes through it and judges the capacity to decide."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_patient, make_staff
from vernal.accounts.models import Role
from vernal.records.models import ConsentDiscussed

pytestmark = pytest.mark.django_db


def address(planning) -> str:
    return reverse("discuss_consent", kwargs={"patient_id": planning.patient_id})


def talk(**changes: str) -> dict[str, str]:
    given = {"id": str(uuid4()), "has_capacity": "yes", "note": "Asked good questions."}
    return {**given, **changes}


def test_the_talk_is_kept_with_capacity_and_note(planning, by_nurse) -> None:
    planning.answer()

    response = by_nurse.post(address(planning), talk())

    assert response.status_code == 302
    row = ConsentDiscussed.objects.get()
    assert (row.by, row.has_capacity, row.note) == (planning.nurse, True, "Asked good questions.")


def test_no_capacity_is_kept_too(planning, by_nurse) -> None:
    planning.answer(wrong=("teach-back.driving",))

    by_nurse.post(address(planning), talk(has_capacity="no"))

    assert ConsentDiscussed.objects.get().has_capacity is False


@pytest.mark.parametrize(
    ("changes", "field"), [({"note": " "}, "note"), ({"has_capacity": ""}, "has_capacity")]
)
def test_capacity_and_note_are_asked_for_beside_their_fields(
    planning, by_nurse, changes, field
) -> None:
    planning.answer()

    response = by_nurse.post(address(planning), talk(**changes))

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not ConsentDiscussed.objects.exists()


def test_wrong_answers_are_given_again_before_the_talk(planning, by_nurse) -> None:
    planning.answer(wrong=("teach-back.driving",))

    response = by_nurse.post(address(planning), talk())

    assert response.status_code == 409
    assert "still open" in response.content.decode()


def test_twice_does_no_harm(planning, by_nurse) -> None:
    planning.answer()
    form = talk()

    for _ in range(2):
        assert by_nurse.post(address(planning), form).status_code == 302

    assert ConsentDiscussed.objects.count() == 1


def test_others_are_kept_out(planning, other_site, front_desk, by_nurse, own, log_in) -> None:
    planning.answer()

    assert log_in(front_desk).post(address(planning), talk()).status_code == 403
    foreign = make_patient(make_staff(Role.front_desk, other_site), other_site)
    url = reverse("discuss_consent", kwargs={"patient_id": foreign.patient_id})
    assert by_nurse.post(url, talk()).status_code == 404
    assert own.post(address(planning), talk()).status_code == 404


def test_while_answers_are_open_the_talk_is_not_offered_and_what_is_missing_is_named(
    planning, by_nurse
) -> None:
    planning.answer(wrong=("teach-back.driving",))
    page = reverse("consent", kwargs={"patient_id": planning.patient_id})

    shown = by_nurse.get(page).content.decode()
    refused = by_nurse.post(address(planning), talk()).content.decode()

    assert "You went through it together" not in shown
    assert "The talk is not offered yet" in shown
    asked = next(each for each in planning.form.teach_backs if each.id == "teach-back.driving")
    assert f"still open: {asked.question}" in refused.replace("&#x27;", "'")
    assert "Asked good questions." in refused


def test_once_nothing_is_open_the_talk_is_offered(planning, by_nurse) -> None:
    planning.answer()
    page = reverse("consent", kwargs={"patient_id": planning.patient_id})

    shown = by_nurse.get(page).content.decode()

    assert "You went through it together" in shown
    assert "The talk is not offered yet" not in shown


def test_a_lack_of_capacity_is_kept_from_the_page_while_parts_are_open(planning, by_nurse) -> None:
    planning.answer(leave=("teach-back.driving",))
    page = reverse("consent", kwargs={"patient_id": planning.patient_id})

    assert "The patient cannot decide this now" in by_nurse.get(page).content.decode()
    by_nurse.post(address(planning), talk(has_capacity="no"))

    assert ConsentDiscussed.objects.get().has_capacity is False


def test_a_second_talk_about_the_same_answers_comes_back_with_its_note(planning, by_nurse) -> None:
    planning.answer()
    planning.discuss()

    response = by_nurse.post(address(planning), talk(note="We spoke again."))

    assert response.status_code == 409
    assert "gone through already" in response.content.decode()
    assert "We spoke again." in response.content.decode()


def test_a_wish_to_talk_opens_the_talk_while_parts_are_open(planning, by_nurse, own) -> None:
    own.post(reverse("my_consent"), {"id": str(uuid4()), "capacity": "no"})
    page = reverse("consent", kwargs={"patient_id": planning.patient_id})

    shown = by_nurse.get(page).content.decode()
    response = by_nurse.post(address(planning), talk())

    assert "You went through it together" in shown
    assert "The patient wants to talk first" in shown
    assert "The talk is not offered yet" not in shown
    assert response.status_code == 302
    assert "You talked about it." in by_nurse.get(page).content.decode()
