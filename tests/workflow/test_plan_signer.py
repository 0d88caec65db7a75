"""Whoever set a bar aside signs neither the screening nor the plan."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.factories import make_site, make_staff
from tests.planning import Planning, make_planning
from vernal.accounts.models import Role
from vernal.workflow import intake, plans, screening
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.errors import NotPossibleNow

pytestmark = pytest.mark.django_db


def set_a_bar_aside(planning: Planning) -> None:
    intake.save_answers(
        by=planning.nurse,
        patient_id=planning.patient_id,
        section_id="mental_state",
        typed=answers_to("mental_state", {"psychosis_active": "yes"}),
        id=uuid4(),
        at=planning.now,
    )
    screening.override_bar(
        by=planning.prescriber,
        patient_id=planning.patient_id,
        condition="psychosis",
        reason="Seen by psychiatry; not psychotic.",
        id=uuid4(),
        at=planning.now,
    )


def test_the_plan_is_signed_by_another_than_the_one_who_set_the_bar_aside() -> None:
    planning = make_planning(make_site())
    plan_id = planning.ready_to_sign()
    set_a_bar_aside(planning)

    def sign(by) -> None:
        plans.sign_plan(
            by=by,
            patient_id=planning.patient_id,
            plan_id=plan_id,
            first_on=planning.now.date(),
            sessions=1,
            starts_at=planning.now.time(),
            id=uuid4(),
            at=planning.now,
        )

    with pytest.raises(NotPossibleNow, match="You set a bar aside"):
        sign(planning.prescriber)
    sign(make_staff(Role.prescriber, planning.chart.site))
