"""An eligible patient of today, and everyone who plans, each with a browser."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient, make_staff
from tests.planning import Planning, make_planning
from vernal.accounts.models import Role, User
from vernal.web.plan.forms import first_day_after

Address = Callable[..., str]


@pytest.fixture(scope="module")
def standing_planning(standing) -> Planning:
    site, nurse, prescriber = standing.site, standing.nurse, standing.prescriber
    return make_planning(site, nurse=nurse, prescriber=prescriber, now=timezone.now())


@pytest.fixture
def planning(standing_planning, db) -> Planning:
    return deepcopy(standing_planning)


@pytest.fixture
def by_prescriber(planning, log_in) -> Client:
    return log_in(planning.prescriber)


@pytest.fixture
def by_nurse(planning, log_in) -> Client:
    return log_in(planning.nurse)


@pytest.fixture
def elsewhere(other_site):
    """A patient of another site."""
    return make_patient(make_staff(Role.front_desk, other_site), other_site)


def address(name: str, planning: Planning, **more: Any) -> str:
    return reverse(name, kwargs={"patient_id": planning.patient_id, **more})


def open_day(planning: Planning) -> date:
    """A weekday that surely lies ahead."""
    return first_day_after(planning.now.date() + timedelta(days=1))


def plan_form(**changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "protocol": "trd-iv-racemic",
        "schedule": "induction/two_a_week",
        "dose": "0.5",
        "vial_mg_per_ml": "50",
        "vial_form": "base",
        "total_ml": "50",
        "minutes": "40",
    }
    return {**given, **changes}


def drawn_up(browser: Client, planning: Planning, **changes: str) -> Any:
    """Work the dose out, look at the lines, draw the plan up: the answer to the last step."""
    url, form = address("new_plan", planning), plan_form(**changes)
    seen = browser.post(url, form)
    if seen.status_code != 200:
        return seen
    return browser.post(url, {**form, "seal": seen.context["page"].seal})


def words_of(response: Any) -> str:
    """The page as text in which characters stand for themselves."""
    return response.content.decode().replace("&#x27;", "'")


def assert_kept_out(client: Client, url: str, reason: str) -> None:
    """The wrong role is told why."""
    response = client.get(url)
    assert response.status_code == 403
    assert reason in response.content.decode()


def other_prescriber(planning: Planning) -> User:
    return make_staff(Role.prescriber, planning.chart.site)
