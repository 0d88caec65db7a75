"""A patient with a plan of today, so that there is something to consent to."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.planning import Planning, make_planning


@pytest.fixture(scope="module")
def standing_planning(standing) -> Planning:
    site, nurse, prescriber = standing.site, standing.nurse, standing.prescriber
    planning = make_planning(site, nurse=nurse, prescriber=prescriber, now=timezone.now())
    planning.draw_up()
    return planning


@pytest.fixture
def planning(standing_planning, db) -> Planning:
    return deepcopy(standing_planning)


@pytest.fixture
def own(planning, log_in) -> Client:
    return log_in(planning.patient.user)


@pytest.fixture
def by_nurse(planning, log_in) -> Client:
    return log_in(planning.nurse)


def answers(planning: Planning, **changes: str) -> dict[str, str]:
    """Everything read and answered rightly; a change of "" leaves a part open."""
    form = planning.form
    given = {each.id: "yes" for each in form.elements}
    given |= {each.id: each.right for each in form.teach_backs}
    kept = {name: value for name, value in {**given, **changes}.items() if value}
    return {"id": str(uuid4()), **kept}
