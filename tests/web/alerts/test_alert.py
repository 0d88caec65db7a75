"""One alert: whom to call, and taking it on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_alert, make_staff
from tests.web.intake.pages import beside, form, mine, text, theirs
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import Alert, AlertAcknowledged

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(patient) -> str:
    return reverse("alert", kwargs={"alert_id": make_alert(patient)})


def test_it_says_what_to_do_and_leads_to_the_chart(nurse, patient, address, log_in) -> None:
    page = log_in(nurse).get(address)

    assert "Speak with the patient today, before anything else" in text(page)
    assert reverse("chart", kwargs={"patient_id": patient.patient_id}) in page.content.decode()


class TestHowToReach:
    """The patient, and whom the patient would call, as the newest history has it."""

    def test_what_nobody_gave_is_said_as_such(self, nurse, address, log_in) -> None:
        page = text(log_in(nurse).get(address))

        assert "Patient's telephone Not given" in page
        assert "Person to call in a crisis Not given" in page

    def test_both_numbers_are_dialled_with_one_press(
        self, nurse, patient, address, log_in, reachable
    ) -> None:
        page = log_in(nurse).get(address)

        assert "Person to call in a crisis My sister, (307) 555-0147" in text(page)
        assert 'href="tel:3075550147"' in page.content.decode()
        assert "Patient's telephone 307 555 0160" in text(page)
        assert 'href="tel:3075550160"' in page.content.decode()

    def test_the_newest_answer_counts(self, nurse, patient, address, log_in, reachable) -> None:
        log_in(patient.user).post(mine("support_at_home"), form(person_to_call="Nobody"))

        page = text(log_in(nurse).get(address))

        assert "Person to call in a crisis Nobody" in page
        assert "My sister" not in page

    def test_an_answer_that_was_declined_is_said_as_such(
        self, nurse, patient, address, log_in
    ) -> None:
        declined = form(**{"person_to_call-open": "declined"})
        log_in(patient.user).post(mine("support_at_home"), declined)

        assert "Person to call in a crisis Declined" in text(log_in(nurse).get(address))


def test_what_was_answered_is_one_click_away(nurse, patient, log_in) -> None:
    log_in(patient.user).post(mine("suicidal_thoughts"), form(wish_to_be_dead="yes"))
    browser, alert_id = log_in(nurse), Alert.objects.get().pk

    page = browser.get(reverse("alert", kwargs={"alert_id": alert_id}))

    answers = theirs(patient, "suicidal_thoughts", "section_history")
    assert f'href="{answers}"' in page.content.decode()
    assert "Wish to be dead (past month) Yes" in text(browser.get(answers))


def test_taking_it_on_keeps_who_and_what(nurse, address, log_in) -> None:
    browser = log_in(nurse)

    response = browser.post(address, {"note": "I called; she is with her sister."}, follow=True)

    assert response.redirect_chain == [(reverse("alerts"), 302)]
    assert "The alert is yours." in text(response)
    row = AlertAcknowledged.objects.get()
    assert (row.by, row.note) == (nurse, "I called; she is with her sister.")
    assert "open alert" not in text(browser.get(reverse("patients")))


@pytest.mark.parametrize("note", ["", "   "])
def test_it_asks_what_was_done(nurse, address, log_in, note) -> None:
    response = log_in(nurse).post(address, {"note": note})

    assert response.status_code == 422
    assert beside(response, "note") == "This field is required."
    assert not AlertAcknowledged.objects.exists()


def test_too_long_a_note_stays_as_it_was_typed(nurse, address, log_in) -> None:
    note = "called " * 400

    response = log_in(nurse).post(address, {"note": note})

    assert response.status_code == 422
    assert "at most 2000 characters" in beside(response, "note")
    assert note.strip() in response.content.decode()


def test_an_empty_post_is_refused(nurse, address, log_in) -> None:
    assert log_in(nurse).post(address, {}).status_code == 422


def test_twice_by_the_same_person_is_once(nurse, address, log_in) -> None:
    for _ in range(2):
        assert log_in(nurse).post(address, {"note": "I called."}).status_code == 302

    assert AlertAcknowledged.objects.count() == 1
    assert Entry.objects.filter(act="alert.acknowledged").count() == 1


def test_the_second_person_is_told_who_was_first(nurse, prescriber, address, log_in) -> None:
    log_in(nurse).post(address, {"note": "I called."})

    response = log_in(prescriber).post(address, {"note": "I called too."})

    assert response.status_code == 409
    assert f"{nurse.name} has already taken this alert on" in text(response)


def test_a_taken_on_alert_shows_what_was_done_and_no_form(nurse, address, log_in) -> None:
    browser = log_in(nurse)
    browser.post(address, {"note": "I called."}, follow=True)

    page = text(browser.get(address))

    assert f"Taken on by {nurse.name}" in page
    assert "I take this on" not in page


def test_the_reading_and_the_act_are_on_record_without_the_note(nurse, address, log_in) -> None:
    browser = log_in(nurse)

    browser.get(address)
    browser.post(address, {"note": "With her sister."})

    entries = Entry.objects.filter(actor_id=nurse.pk)
    assert {"chart.read", "alert.acknowledged"} <= set(entries.values_list("act", flat=True))
    assert not any("sister" in str(entry.details) for entry in entries)


@pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_roles_are_refused_with_the_reason(site, address, log_in, role, method) -> None:
    response = getattr(log_in(make_staff(role, site)), method)(address)

    assert response.status_code == 403
    assert "taken on by a nurse, a prescriber or the medical director" in text(response)


def test_another_site_the_patient_and_no_alert_are_not_found(
    patient, other_site, nurse, address, log_in
) -> None:
    for user in (make_staff(Role.nurse, other_site), patient.user):
        assert log_in(user).get(address).status_code == 404
        assert log_in(user).post(address, {"note": "x"}).status_code == 404
    nowhere = reverse("alert", kwargs={"alert_id": uuid4()})
    assert log_in(nurse).get(nowhere).status_code == 404
    assert not AlertAcknowledged.objects.exists()
