"""One alert: whom to call, and taking it on."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_alert, make_staff, tell_item_9, tell_thoughts
from tests.web.intake.pages import again, beside, form, mine, text, theirs
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import Alert, AlertAcknowledged
from vernal.rules.sessions import Kind
from vernal.workflow import sessions
from vernal.workflow.effects import Told

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

    def test_a_number_of_the_history_comes_before_that_of_the_first_contact(
        self, nurse, patient, address, log_in, reachable
    ) -> None:
        own = log_in(patient.user)
        typed = again(own, mine("support_at_home"), own_telephone="307 555 0199")
        own.post(mine("support_at_home"), typed)

        page = log_in(nurse).get(address)

        assert 'href="tel:3075550199"' in page.content.decode()
        assert "Patient's telephone 307 555 0199" in text(page)

    def test_the_newest_answer_counts(self, nurse, patient, address, log_in, reachable) -> None:
        own = log_in(patient.user)
        typed = again(own, mine("support_at_home"), person_to_call="Nobody")
        own.post(mine("support_at_home"), typed)

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


class TestWorse:
    """What was answered stands on the alert, and what came before and after it."""

    @pytest.fixture
    def pages(self, nurse, patient, log_in) -> list[str]:
        tell_thoughts(patient, 1)
        tell_thoughts(patient, 1, 4, 5)
        ids = Alert.objects.order_by("at").values_list("pk", flat=True)
        return [reverse("alert", kwargs={"alert_id": alert_id}) for alert_id in ids]

    def test_the_worse_one_tells_what_came_before(self, nurse, log_in, pages) -> None:
        page = text(log_in(nurse).get(pages[1]))

        assert "What was answered Plan, or steps taken (past month): level 5 of 5" in page
        assert "Wish to be dead (past month): level 1 of 5" in page.partition("Before that")[2]
        assert "A worse answer" not in page

    def test_the_first_one_leads_to_the_worse_one(self, nurse, log_in, pages) -> None:
        page = log_in(nurse).get(pages[0])

        assert "What was answered Wish to be dead (past month): level 1 of 5" in text(page)
        assert "A worse answer has come in since then" in text(page)
        assert f'href="{pages[1]}"' in page.content.decode()

    def test_one_note_takes_on_both(self, nurse, log_in, pages) -> None:
        log_in(nurse).post(pages[1], {"note": "I called."})

        assert AlertAcknowledged.objects.count() == 2

    def test_several_days_and_nearly_every_day_read_differently(
        self, nurse, patient, log_in
    ) -> None:
        tell_item_9(patient, 1)
        tell_item_9(patient, 3)
        worse = Alert.objects.latest("at")

        page = text(log_in(nurse).get(reverse("alert", kwargs={"alert_id": worse.pk})))

        assert "PHQ-9, Thoughts of death or self-harm: Nearly every day" in page
        assert "Several days" in page.partition("Before that")[2]


@pytest.mark.parametrize(
    ("effect", "severity", "said", "ask"),
    [
        ("suicidal", 2, "Thoughts of dying: It bothered me", "Ask about intent, plan and means"),
        ("headache", 3, "Headache: Hard to bear", "Ask how it is now"),
    ],
)
def test_what_was_told_after_a_session_is_one_click_away(
    course, nurse, log_in, effect, severity, said, ask
) -> None:
    course.tell(1, Told(effect, severity))
    alert_id = Alert.objects.get().pk

    page = log_in(nurse).get(reverse("alert", kwargs={"alert_id": alert_id}))

    effects = reverse("effects", kwargs={"patient_id": course.patient.patient_id})
    assert said in text(page)
    assert ask in text(page)
    assert f'href="{effects}"' in page.content.decode()


def test_an_attempt_is_said_as_such(nurse, patient, log_in) -> None:
    log_in(patient.user).post(
        mine("suicidal_thoughts"), form(suicide_attempt_when="within_3_months")
    )

    page = log_in(nurse).get(reverse("alert", kwargs={"alert_id": Alert.objects.get().pk}))

    assert "Suicide attempt: Yes, within the last 3 months" in text(page)


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
    assert beside(response, "note").startswith("Write what you did or will do now, so that")
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


def test_what_was_said_at_the_bedside_leads_to_its_session(course, nurse, log_in) -> None:
    session = course.planning.session()
    sessions.enter(
        by=nurse,
        session_id=session.pk,
        kind=Kind.effect,
        payload={"effect": "suicidal", "severity": "2", "asked_at": "next_day"},
        id=uuid4(),
        at=timezone.now(),
    )

    page = log_in(nurse).get(reverse("alert", kwargs={"alert_id": Alert.objects.get().pk}))

    assert "Thoughts of dying: It bothered me" in text(page)
    assert reverse("session", kwargs={"session_id": session.pk}) in page.content.decode()
