"""The list of alerts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_alert, make_patient, make_staff, tell_item_9, tell_thoughts
from tests.web.intake.pages import text
from vernal.accounts.models import OnCall, Role
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db
ALERTS = "/alerts/"
QUERIES = 11 + (connection.vendor == "postgresql")


def alert(alert_id) -> str:
    return reverse("alert", kwargs={"alert_id": alert_id})


def test_only_the_own_site_is_on_the_list(nurse, patient, other_site, log_in) -> None:
    own = make_alert(patient)
    other = make_alert(make_patient(make_staff(Role.front_desk, other_site), other_site))

    page = log_in(nurse).get(ALERTS).content.decode()

    assert alert(own) in page
    assert alert(other) not in page


def test_those_that_wait_stand_first(nurse, front_desk, site, patient, log_in) -> None:
    waiting = make_alert(patient, at=timezone.now() - timedelta(hours=3))
    taken_on = make_alert(make_patient(front_desk, site))
    acknowledge_alert(by=nurse, alert_id=taken_on, note="I called.", at=timezone.now())

    response = log_in(nurse).get(ALERTS)

    page = response.content.decode()
    assert page.index(alert(waiting)) < page.index(alert(taken_on))
    assert "Nobody yet" in text(response)


def test_the_longest_waiting_stands_at_the_top(nurse, front_desk, site, patient, log_in) -> None:
    recent = make_alert(patient)
    old = make_alert(make_patient(front_desk, site), at=timezone.now() - timedelta(hours=3))

    page = log_in(nurse).get(ALERTS).content.decode()

    assert page.index(alert(old)) < page.index(alert(recent))


def test_each_says_what_was_answered(nurse, patient, front_desk, site, log_in) -> None:
    tell_thoughts(patient, 1)
    tell_thoughts(patient, 5)
    other = make_patient(front_desk, site)
    tell_item_9(other, 1)
    tell_item_9(other, 3)

    page = text(log_in(nurse).get(ALERTS))

    assert "Wish to be dead (past month): level 1 of 5" in page
    assert "Plan, or steps taken (past month): level 5 of 5" in page
    assert "Thoughts of death or self-harm: Several days" in page
    assert "Thoughts of death or self-harm: Nearly every day" in page


def test_intention_and_plans_stand_above_what_waits_longer(
    nurse, patient, front_desk, site, log_in
) -> None:
    make_alert(patient, at=timezone.now() - timedelta(hours=3))
    grave = make_patient(front_desk, site)
    tell_thoughts(grave, 4)

    page = text(log_in(nurse).get(ALERTS))

    assert page.index("level 4 of 5") < page.index("Reports thoughts of not wanting to live")


def test_it_says_who_is_on_call(nurse, prescriber, patient, site, log_in) -> None:
    OnCall.objects.create(site=site, user=prescriber, since=timezone.now(), set_by=prescriber)
    make_alert(patient)

    assert prescriber.name in text(log_in(nurse).get(ALERTS))


def test_it_says_how_to_reach_each_one(nurse, patient, front_desk, site, log_in, reachable) -> None:
    make_alert(patient)
    make_alert(make_patient(front_desk, site))

    page = log_in(nurse).get(ALERTS)

    assert "307 555 0160 My sister, (307) 555-0147" in text(page)
    assert 'href="tel:3075550160"' in page.content.decode()
    assert "Not given Not given" in text(page)


def test_an_empty_list_says_what_will_stand_there(nurse, log_in) -> None:
    page = text(log_in(nurse).get(ALERTS))

    assert "No alerts" in page
    assert "the person on call is told" in page


def test_the_number_waiting_stands_on_every_page_of_staff(nurse, patient, log_in) -> None:
    make_alert(patient)
    browser = log_in(nurse)
    pages = [reverse("patients"), reverse("inbox"), ALERTS]

    assert all("1 open alert" in text(browser.get(page)) for page in pages)


def test_a_patient_never_sees_the_number(patient, log_in) -> None:
    make_alert(patient)

    assert "open alert" not in text(log_in(patient.user).get(reverse("my_care")))


@pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
def test_other_roles_are_refused_with_the_reason(site, log_in, role) -> None:
    response = log_in(make_staff(role, site)).get(ALERTS)

    assert response.status_code == 403
    assert "Alerts are for nurses, prescribers and the director" in text(response)


def test_the_number_of_queries_does_not_grow_with_the_list(
    nurse, front_desk, site, log_in, django_assert_max_num_queries
) -> None:
    for _ in range(4):
        make_alert(make_patient(front_desk, site))
    browser = log_in(nurse)

    with django_assert_max_num_queries(QUERIES):
        browser.get(ALERTS)
