"""The chart: the whole course on one page, what comes next at the top."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.bedside import make_bedside
from tests.coursing import make_coursing
from tests.factories import (
    make_alert,
    make_invitation,
    make_patient,
    make_staff,
    tell_thoughts,
)
from tests.planning import make_planning
from tests.web.intake.pages import form, mine, row, text, theirs
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import IntakeSent, Patient
from vernal.workflow import intake
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 28 + (connection.vendor == "postgresql")
STAFF_SECTIONS = ("examination", "laboratory", "mental_state", "clinic_checks")


def address(patient) -> str:
    return reverse("chart", kwargs={"patient_id": patient.patient_id})


def send_history(patient) -> None:
    row = Patient.objects.get(pk=patient.patient_id)
    IntakeSent.objects.create(at=timezone.now(), by=patient.user, patient=row)


def about(patient, name: str) -> str:
    return reverse(name, kwargs={"patient_id": patient.patient_id})


def card(page) -> tuple[str, str] | None:
    """Title and link of the main card; the link is empty where there is none."""
    found = re.search(r'<section class="card stack".*?</section>', page.content.decode(), re.S)
    if found is None:
        return None
    title = re.search(r"<h2[^>]*>(.*?)</h2>", found.group(), re.S)
    link = re.search(r'href="([^"]*)"', found.group())
    return unescape(title.group(1)), link.group(1) if link else ""


def spine(page) -> dict[str, str]:
    """Each step with its state."""
    html = page.content.decode()
    steps = re.findall(
        r'spine__label">(.*?)</span>\s*<span class="spine__state">(.*?)<', html, re.S
    )
    return {re.sub(r"<[^>]*>", "", label): state for label, state in steps}


@pytest.fixture
def browser(nurse, log_in):
    return log_in(nurse)


class TestNext:
    """The card at the top: what waits, and the way there."""

    def test_an_open_alert_comes_before_everything(self, browser, patient) -> None:
        alert_id = make_alert(patient)

        page = browser.get(address(patient))

        assert "Speak with the patient before everything else" in text(page)
        assert reverse("alert", kwargs={"alert_id": alert_id}) in page.content.decode()
        assert card(page) is None
        assert "1 open alert" in text(page)

    def test_the_gravest_answer_names_the_alert_and_the_others_follow(
        self, browser, patient
    ) -> None:
        tell_thoughts(patient, 1)
        tell_thoughts(patient, 1, 5)

        page = text(browser.get(address(patient)))

        assert "Open alert: Plan, or steps taken (past month): level 5 of 5" in page
        assert "Also open: Wish to be dead (past month): level 1 of 5." in page

    def test_a_taken_on_alert_leaves_the_chart(self, browser, nurse, patient) -> None:
        alert_id = make_alert(patient)
        acknowledge_alert(by=nurse, alert_id=alert_id, note="I called.", at=timezone.now())

        assert "Open alert" not in text(browser.get(address(patient)))

    def test_an_invitation_waits_for_the_patient(self, browser, front_desk, site) -> None:
        invited = make_invitation(front_desk, site)

        assert card(browser.get(address(invited))) == ("The patient accepts the invitation", "")

    def test_then_the_history_is_waited_for(self, browser, patient) -> None:
        assert card(browser.get(address(patient))) == ("The patient begins the history", "")

    def test_then_the_first_section_of_the_staff(self, browser, patient) -> None:
        send_history(patient)

        title, link = card(browser.get(address(patient)))

        assert title == "Clinical staff fill in: Examination"
        assert link == theirs(patient, "examination")

    @pytest.mark.slow
    def test_then_the_screening(self, browser, patient) -> None:
        send_history(patient)
        for section_id in STAFF_SECTIONS:
            browser.post(theirs(patient, section_id), form())

        assert card(browser.get(address(patient))) == (
            "A prescriber signs the screening",
            about(patient, "screening"),
        )

    def test_a_decision_against_treatment_stands_at_the_top(self, site, log_in, clock) -> None:
        planning = make_planning(site, eligible=False)
        planning.decide("not_eligible")
        clock(planning.now)

        page = log_in(planning.nurse).get(address(planning))

        title, link = card(page)
        assert title == "Not eligible: nothing is planned"
        assert link == about(planning, "screening")
        assert text(page).count("Two trials failed.") == 1
        assert spine(page)["Screening"] == "Stopped"

    def test_a_running_session_names_its_alarm_and_leads_to_it(self, site, log_in, clock) -> None:
        bed = make_bedside(site)
        bed.infuse()
        bed.reading(10, systolic_mmhg="205", diastolic_mmhg="124")
        clock(bed.at(12))

        page = log_in(bed.nurse).get(address(bed.patient))

        assert "Session 1 is running: alarm Pressure" in text(page)
        session = reverse("session", kwargs={"session_id": bed.session_id})
        assert f'href="{session}"' in page.content.decode()
        assert card(page) is None

    def test_a_missed_session_leads_to_its_new_day(self, course, log_in, clock) -> None:
        clock(course.dose_at(2) + timedelta(days=1))

        title, link = card(log_in(course.nurse).get(address(course)))

        assert title == "Session 2 was on Mar 13, 2026 and has not begun"
        ids = {"patient_id": course.patient_id, "session_id": course.session(2).pk}
        assert link == reverse("move_session", kwargs=ids)

    def test_what_is_overdue_is_named_beside_what_comes_next(self, course, log_in, clock) -> None:
        clock(course.dose_at(2) + timedelta(hours=-1))

        page = text(log_in(course.nurse).get(address(course)))

        assert "Session 2 is today at 10:00" in page
        assert "Overdue: " in page
        assert "Safety call at 24 hours" in page
        assert "Cognition (MoCA or digit symbol)" in page

    def test_after_a_session_the_patient_is_asked(self, course, log_in, clock) -> None:
        clock(course.dose_at() + timedelta(hours=25))

        title, link = card(log_in(course.nurse).get(address(course)))

        assert title == "The patient tells from home how session 1 was"
        ids = {"patient_id": course.patient_id, "session_id": course.session().pk}
        assert link == reverse("ask_effects", kwargs=ids)

    def test_a_review_that_is_due_is_one_click_away(self, course, log_in, clock) -> None:
        signed_at = course.dose_at() + timedelta(days=1)
        course.sign_review("wait", signed_at)
        clock(signed_at + timedelta(days=14))

        assert card(log_in(course.nurse).get(address(course))) == (
            "Review is due: a prescriber signs what happens next",
            about(course, "review"),
        )


class TestSpine:
    def test_all_eight_steps_are_there_from_the_first_day(self, browser, patient) -> None:
        found = spine(browser.get(address(patient)))

        assert list(found.values()) == ["Done", "Now", *["Later"] * 6]
        assert list(found)[2:5] == ["Screening", "Plan and consent", "Session"]

    def test_in_the_course_it_counts_sessions_and_leads_to_each_page(
        self, course, log_in, clock
    ) -> None:
        clock(course.dose_at() + timedelta(hours=25))

        page = log_in(course.nurse).get(address(course))

        found = spine(page)
        assert found["Session"] == "Done · 1 of 6 given"
        assert (found["Side effects"], found["Outcomes"]) == ("Now", "Later")
        for name in ("screening", "plan", "effects", "outcomes", "review"):
            assert f'href="{about(course, name)}"' in page.content.decode()


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


def test_a_number_that_nobody_gave_is_said_as_such(browser, patient) -> None:
    page = text(browser.get(address(patient)))

    assert "Patient's telephone Not given" in page
    assert "Person to call in a crisis Not given" in page
    assert theirs(patient, "support_at_home") in browser.get(address(patient)).content.decode()
    assert "Ask and enter it" in page


def test_both_numbers_are_dialled_from_the_chart(browser, patient, reachable) -> None:
    page = browser.get(address(patient)).content.decode()

    assert 'href="tel:3075550160"' in page
    assert 'href="tel:3075550147"' in page


def test_what_happened_in_a_session_stands_on_the_chart(site, log_in) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm()
    ward = log_in(make_staff(Role.nurse, site))

    page = text(ward.get(reverse("chart", kwargs={"patient_id": course.planning.chart.pk})))

    assert "27.9 of" in page
    assert "Alarm: Oxygen below 90 %. Done: Oxygen 4 L, Dr. Okafor came." in page
    assert "Nobody wrote down what was done." in page


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
