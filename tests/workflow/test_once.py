"""One form, one act: the same id about another object, or with other content, is never “done”."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.coursing import make_coursing
from tests.factories import NOW, make_inquiry, make_site, make_staff
from tests.planning import Planning, make_planning
from vernal.accounts.models import Role, Site, User
from vernal.records.models import (
    ConsentDiscussed,
    ConsentSigned,
    ConsentWithdrawn,
    Invitation,
    ReviewSigned,
    SessionCancelled,
    SessionMoved,
)
from vernal.workflow import bookings, consents, inquiries, staff
from vernal.workflow.errors import NotPossibleNow

pytestmark = pytest.mark.django_db
refused = pytest.raises(NotPossibleNow, match="sent before with other answers")


@pytest.fixture(scope="module")
def made(lasting) -> tuple[Planning, Planning]:
    """Two patients of one clinic, each with a signed plan and consent."""
    site = make_site()
    first = make_planning(site)
    second = make_planning(site, nurse=first.nurse, prescriber=first.prescriber)
    for each in (first, second):
        each.signed()
    return first, second


@pytest.fixture
def two(made, db) -> tuple[Planning, Planning]:
    return deepcopy(made)


def cancel(planning: Planning, number: int, id: UUID, reason: str = "Has a cold.") -> None:
    bookings.cancel_session(
        by=planning.nurse,
        patient_id=planning.patient_id,
        session_id=planning.session(number).pk,
        reason=reason,
        id=id,
        at=planning.now,
    )


def test_a_cancellation_cancels_the_session_it_was_made_for_alone(two) -> None:
    planning, id = two[0], uuid4()
    cancel(planning, 1, id)
    cancel(planning, 1, id)

    with refused:
        cancel(planning, 2, id)
    with refused:
        cancel(planning, 1, id, reason="Has a fever.")

    assert SessionCancelled.objects.get().session == planning.session(1)


def test_a_move_leads_to_the_moment_it_was_made_for_alone(two) -> None:
    planning, id = two[0], uuid4()
    last = planning.session(6)
    planning.move(last, last.planned_at + timedelta(days=1), id=id)

    with refused:
        planning.move(last, last.planned_at + timedelta(days=2), id=id)

    assert SessionMoved.objects.get().planned_at == last.planned_at + timedelta(days=1)


def test_each_patient_withdraws_alone(two) -> None:
    first, second = two
    id = uuid4()

    def withdraw(planning: Planning, **who: Any) -> None:
        given = {"by": planning.patient.user, "reason": "Afraid.", "id": id, "at": planning.now}
        consents.withdraw_consent(**{**given, **who})

    withdraw(first)
    withdraw(first)
    with refused:
        withdraw(second)
    with refused:
        withdraw(second, by=second.nurse, patient_id=second.patient_id)

    assert ConsentWithdrawn.objects.get().by == first.patient.user


def talk(planning: Planning, id: UUID, note: str = "Asked good questions.") -> None:
    consents.discuss_consent(
        by=planning.nurse,
        patient_id=planning.patient_id,
        has_capacity=True,
        note=note,
        id=id,
        at=planning.now + timedelta(minutes=2),
    )


def sign(planning: Planning, id: UUID) -> None:
    at = planning.now + timedelta(minutes=3)
    consents.sign_consent(by=planning.patient.user, typed_name="Wren Hollis", id=id, at=at)


def test_a_talk_and_a_signature_are_about_one_patient(two) -> None:
    first, second = two
    talked, signed = uuid4(), uuid4()
    for each in (first, second):
        each.answer(at=each.now + timedelta(minutes=1))
    talk(first, talked)
    talk(first, talked)
    sign(first, signed)
    sign(first, signed)

    with refused:
        talk(second, talked)
    with refused:
        talk(first, talked, note="Was tired.")
    talk(second, uuid4())
    with refused:
        sign(second, signed)

    assert ConsentDiscussed.objects.get(pk=talked).answered.patient == first.chart
    assert ConsentSigned.objects.get(pk=signed).discussed.pk == talked


def test_a_review_is_signed_with_what_it_says_alone(two) -> None:
    course = make_coursing(two[0].chart.site, given=1)
    id, at = uuid4(), course.dose_at(1) + timedelta(days=1)
    course.sign_review("continue", at, id=id)
    course.sign_review("continue", at, id=id)

    with refused:
        course.sign_review("continue", at, id=id, note="Decided otherwise.")

    assert ReviewSigned.objects.get().note == "Talked over with the patient."


@pytest.fixture
def site(db) -> Site:
    return make_site("cheyenne")


def test_the_form_of_an_account_makes_the_person_it_names_alone(site) -> None:
    id = uuid4()
    administrator = make_staff(Role.administrator, site)

    def add(**changes: Any) -> UUID:
        given = {
            "name": "Nora Quill",
            "email": "Nora@vernal.example",
            "role": "nurse",
            "by": administrator,
            "site_id": site.pk,
            "id": id,
            "at": NOW,
        }
        return staff.add_staff_member(**{**given, **changes})

    assert add() == add() == id
    for changes in (
        {"name": "Ada Stone"},
        {"email": "ada@vernal.example"},
        {"role": "prescriber"},
        {"id": administrator.pk},
    ):
        with refused:
            add(**changes)

    assert [each.role for each in User.objects.get(pk=id).memberships.all()] == ["nurse"]


def test_the_form_of_an_invitation_invites_the_person_it_names_alone(site) -> None:
    id, by, asked = uuid4(), make_staff(Role.front_desk, site), make_inquiry(site)

    def invite(**changes: Any) -> UUID:
        given = {
            "given_name": "Wren",
            "family_name": "Hollis",
            "email": "wren@vernal.example",
            "inquiry_id": asked,
            "by": by,
            "id": id,
            "at": NOW,
        }
        return inquiries.invite(**{**given, **changes})

    assert invite() == invite()
    for changes in (
        {"given_name": "Ash"},
        {"email": "ash@vernal.example"},
        {"inquiry_id": make_inquiry(site)},
    ):
        with refused:
            invite(**changes)

    assert Invitation.objects.get(pk=id).inquiry_id == asked
