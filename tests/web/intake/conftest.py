"""A history that is saved to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from vernal.accounts.models import User
from vernal.workflow import intake
from vernal.workflow.demo.answers import answers_to


@pytest.fixture
def save_everything(patient) -> Callable[..., None]:
    """Every section of the patient's, with the quiet answers and what differs from them."""

    def save(by: User | None = None, **differences: str) -> None:
        at = timezone.now() - timedelta(minutes=30)
        for section in intake.patient_sections():
            common = {
                "by": by or patient.user,
                "patient_id": patient.patient_id,
                "id": uuid4(),
                "at": at,
            }
            if section.form == "facts":
                typed = answers_to(section.id, differences)
                intake.save_answers(section_id=section.id, typed=typed, **common)
            elif section.form == "phq9":
                answers = {str(number): 1 for number in range(1, 9)} | {"9": 0}
                intake.save_scale(scale_id="phq-9", answers=answers, **common)
            else:
                intake.save_lines(section_id=section.id, lines=(), **common)

    return save
