"""The demo clinic holds what it promises."""

from __future__ import annotations

import pytest
from django.utils import timezone

from vernal.accounts.models import User
from vernal.audit.chain import verify
from vernal.records.models import ConsentAnswered, Inquiry, Plan, ScreeningDecision, Session
from vernal.rules.course_steps import COURSE_STEPS
from vernal.workflow import demo, queries
from vernal.workflow.patients import own_chart
from vernal.workflow.proof import prove
from vernal.workflow.screening import screen

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def clinic(lasting) -> None:
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
    director = User.objects.get(email="medical.director@vernal.example")
    lines = queries.patients(by=director, at=timezone.now())

    assert {line.place.standing.step for line in lines} == set(COURSE_STEPS)
    assert Inquiry.objects.filter(closed=None, invitations=None).exists()
    assert Plan.objects.filter(signed=None).exists()
    assert Plan.objects.exclude(signed=None).exists()
    assert ConsentAnswered.objects.exists()
    assert own_chart(User.objects.get(email="wren@vernal.example")).intakes_sent.count() == 0


def test_of_todays_people_one_went_home_one_is_treated_and_one_is_expected(clinic) -> None:
    nurse = User.objects.get(email="nurse@vernal.example")
    now = timezone.now()
    states = {
        line.patient_name: line.state.value for line in queries.session_days(by=nurse, at=now).today
    }
    marlow = Session.objects.get(patient__details__given_name="Marlow", number=1)
    ended = queries.session(by=nurse, session_id=marlow.pk, at=now)

    assert states["Sage Lindgren"] == "dosed"
    assert states.get("Clover Ness", "planned") == "planned"
    assert ended.state.state.value == "discharged"
    assert ended.discrepancies == ()
    assert prove().wrong == ()
