"""The demo clinic holds what it promises."""

from __future__ import annotations

import pytest

from vernal.accounts.models import User
from vernal.audit.chain import verify
from vernal.records.models import ConsentAnswered, Patient, Plan, ScreeningDecision
from vernal.workflow import demo
from vernal.workflow.patients import own_chart
from vernal.workflow.screening import screen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def clinic() -> None:
    demo.load()


def test_loading_twice_makes_one_clinic(clinic) -> None:
    people = User.objects.count()

    demo.load()

    assert User.objects.count() == people


def test_every_login_works(clinic) -> None:
    for login in demo.LOGINS:
        assert User.objects.get(email=login.email).check_password(login.password)


def test_the_audit_chain_is_whole(clinic) -> None:
    assert verify().is_whole


def test_a_complete_patient_has_no_unjudged_bar(clinic) -> None:
    for decision in ScreeningDecision.objects.filter(outcome="eligible"):
        screened = screen(decision.patient, on=decision.at.date())

        assert screened.findings.unjudged_bars == ()


def test_there_is_a_patient_at_each_step(clinic) -> None:
    assert Patient.objects.count() == 8
    assert Plan.objects.count() == 4
    assert ConsentAnswered.objects.count() == 4
    assert own_chart(User.objects.get(email="wren@vernal.example")).intakes_sent.count() == 0
