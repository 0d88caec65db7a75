"""Patients whose histories are complete but for what a test changes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.factories import make_patient, make_staff
from vernal.accounts.models import Role, User
from vernal.workflow import screening
from vernal.workflow.demo.stories import ROWAN, Clinic, Person, save_history

Screenable = Callable[..., UUID]


@pytest.fixture
def director(site) -> User:
    return make_staff(Role.medical_director, site)


@pytest.fixture
def screenable(site, front_desk, nurse, prescriber, director) -> Screenable:
    """A patient with every section saved; `differences` change single answers."""

    def make(**differences: str) -> UUID:
        patient = make_patient(front_desk, site)
        person = Person(
            ROWAN.given_name,
            ROWAN.family_name,
            ROWAN.email,
            phq9=ROWAN.phq9,
            medicines=ROWAN.medicines,
            differences={**ROWAN.differences, **differences},
        )
        clinic = Clinic(site, front_desk, nurse, prescriber, director)
        save_history(clinic, person, patient.patient_id, patient.user, at=timezone.now())
        return patient.patient_id

    return make


def words(condition: str, reason: str = "Discussed with cardiology; benefit outweighs.") -> dict:
    return {"id": str(uuid4()), "condition": condition, "reason": reason}


def decision(outcome: str = "eligible", **changes: str) -> dict:
    given = {"id": str(uuid4()), "outcome": outcome, "note": "Two trials failed."}
    return {**given, **changes}


def override(by: User, patient_id: UUID, condition: str) -> None:
    screening.override_bar(
        by=by,
        patient_id=patient_id,
        condition=condition,
        reason="Repaired, imaging clear.",
        id=uuid4(),
        at=timezone.now(),
    )
