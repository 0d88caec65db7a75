"""What a clinician is offered to set aside: what stands open today, and nothing else."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest

from tests.bedside import Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.web.sessions.submitting import options
from vernal.workflow import intake, screening
from vernal.workflow.demo.answers import answers_to

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_bedside(make_site("offered"))


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def test_what_was_weighed_in_the_chart_is_not_offered_for_a_signature_again(bed) -> None:
    typed = answers_to("mental_state", {"depression_with_psychotic_features": "yes"})
    intake.save_answers(
        by=bed.nurse,
        patient_id=bed.patient.patient_id,
        section_id="mental_state",
        typed=typed,
        id=uuid4(),
        at=bed.at(-60),
    )
    screening.note_benefit_risk(
        by=bed.prescriber,
        patient_id=bed.patient.patient_id,
        condition="psychosis",
        reason="Mild and stable.",
        id=uuid4(),
        at=bed.at(-50),
    )
    bed.prepare(fasting_followed=False)
    view = bed.view(0, by=bed.prescriber)

    names = options(Kind.signature, view, at=bed.at(0))["names"]

    assert [name for name, _label in names] == ["MON-001-fasting"]
