"""The chart: the whole course on one page, what comes next at the top."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_alert, make_invitation, make_patient, make_staff
from tests.web.intake.pages import form, mine, row, text, theirs
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import IntakeSent, Patient
from vernal.workflow import intake
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 22 + (connection.vendor == "postgresql")
STAFF_SECTIONS = ("examination", "laboratory", "mental_state", "clinic_checks")


def address(patient) -> str:
    return reverse("chart", kwargs={"patient_id": patient.patient_id})


def send_history(patient) -> None:
    row = Patient.objects.get(pk=patient.patient_id)
    IntakeSent.objects.create(at=timezone.now(), by=patient.user, patient=row)


@pytest.fixture
def browser(nurse, log_in):
    return log_in(nurse)


class TestNext:
    def test_an_open_alert_comes_before_everything(self, browser, patient) -> None:
        alert_id = make_alert(patient)

        page = browser.get(address(patient))

        assert "Speak with the patient before everything else" in text(page)
        assert reverse("alert", kwargs={"alert_id": alert_id}) in page.content.decode()
        assert "Next:" not in text(page)
        assert "1 open alert" in text(page)

    def test_a_taken_on_alert_leaves_the_chart(self, browser, nurse, patient) -> None:
        alert_id = make_alert(patient)
        acknowledge_alert(by=nurse, alert_id=alert_id, note="I called.", at=timezone.now())

        assert "Open alert" not in text(browser.get(address(patient)))

    def test_an_invitation_waits_for_the_patient(self, browser, front_desk, site) -> None:
        invited = make_invitation(front_desk, site)

        assert "Next: waits for the patient" in text(browser.get(address(invited)))

    def test_then_the_history_is_waited_for(self, browser, patient) -> None:
        assert "Next: waits for the patient's history" in text(browser.get(address(patient)))

    def test_then_the_first_section_of_the_staff(self, browser, patient) -> None:
        send_history(patient)

        page = browser.get(address(patient))

        assert "Next: Examination" in text(page)
        assert theirs(patient, "examination") in page.content.decode()

    @pytest.mark.slow
    def test_then_the_screening(self, browser, patient) -> None:
        send_history(patient)
        for section_id in STAFF_SECTIONS:
            browser.post(theirs(patient, section_id), form())

        assert "Next: the screening waits for a prescriber" in text(browser.get(address(patient)))


def test_the_history_says_what_is_open_and_what_is_not_known(browser, patient, log_in) -> None:
    typed = form(sex_at_birth="female", **{"stated_height_cm-open": "on"})
    log_in(patient.user).post(mine("about_you"), typed)

    page = text(browser.get(address(patient)))

    assert "1 of 15 pages saved, 2 questions open, 1 not known" in page
    assert "Not known: Height as stated" in page


def test_scores_stand_newest_first_and_an_open_item_leaves_no_number(browser, patient) -> None:
    for days, answers in ((2, dict.fromkeys("123456789", 0)), (1, {"1": 3})):
        intake.save_scale(
            by=patient.user,
            patient_id=patient.patient_id,
            scale_id="phq-9",
            answers=answers,
            id=uuid4(),
            at=timezone.now() - timedelta(days=days),
        )

    page = text(browser.get(address(patient)))

    assert page.index("PHQ-9 – Items open") < page.index("PHQ-9 0 minimal")


def test_how_to_reach_the_patient_is_there(browser, patient) -> None:
    page = text(browser.get(address(patient)))

    assert "Wren Hollis" in page
    assert "Date of birth not given yet" in page
    assert "@vernal.example" in page


def test_the_reading_is_on_record(browser, nurse, patient) -> None:
    browser.get(address(patient))

    entry = Entry.objects.get(act="chart.read", actor_id=nurse.pk)
    assert (entry.patient_id, entry.details["page"]) == (patient.patient_id, "chart")


@pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
def test_other_roles_are_refused_with_the_reason(site, patient, log_in, role) -> None:
    response = log_in(make_staff(role, site)).get(address(patient))

    assert response.status_code == 403
    assert "read by nurses, prescribers and the director" in text(response)


def test_another_site_another_patient_and_no_patient_are_not_found(
    browser, front_desk, site, patient, other_site, log_in
) -> None:
    stranger = log_in(make_staff(Role.prescriber, other_site))
    other = log_in(make_patient(front_desk, site).user)

    assert stranger.get(address(patient)).status_code == 404
    assert other.get(address(patient)).status_code == 404
    assert browser.get(reverse("chart", kwargs={"patient_id": uuid4()})).status_code == 404
    assert not Entry.objects.filter(act="chart.read").exists()


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_history(
    browser, patient, django_assert_max_num_queries
) -> None:
    for number in range(6):
        browser.post(theirs(patient, "about_you"), form())
        browser.post(
            theirs(patient, "medicines"),
            form(**{k: v for n in range(number + 1) for k, v in row(n, name=f"m{n}").items()}),
        )
        browser.post(theirs(patient, "phq9"), form(**{"1": "1"}))
    browser.get(address(patient))

    with django_assert_max_num_queries(QUERIES):
        browser.get(address(patient))
