"""Letters say that something waits, never what, and never about whom."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from tests.factories import (
    NOW,
    make_alert,
    make_invitation,
    make_patient,
    make_site,
    make_staff,
    tell_thoughts,
)
from vernal.accounts.models import OnCall, Role, User
from vernal.records.models import Message
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import DeliveryFailed, send_due

pytestmark = pytest.mark.django_db
NAMED = "Wren", "Hollis"


def posted() -> list[mail.EmailMessage]:
    from django.utils import timezone

    send_due(DELIVERIES, clock=timezone.now)
    return mail.outbox


def words(letter: mail.EmailMessage) -> str:
    return f"{letter.subject}\n{letter.body}"


def test_an_invitation_holds_the_link_the_clinic_and_help_but_no_name() -> None:
    site = make_site()
    invited = make_invitation(make_staff(Role.front_desk, site), site)

    (letter,) = posted()

    assert invited.token in letter.body
    assert site.name in letter.body
    assert site.phone in letter.body
    assert "988" in letter.body
    assert not [name for name in NAMED if name in words(letter)]
    assert not re.search("ketamine|depress|treatment", words(letter), re.IGNORECASE)


def test_an_alert_names_nobody_and_says_nothing_of_its_cause() -> None:
    site = make_site()
    nurse = make_staff(Role.nurse, site, name="Nora Quill")
    OnCall.objects.create(site=site, user=nurse, since=NOW, set_by=nurse)
    patient = make_patient(make_staff(Role.front_desk, site), site)
    Message.objects.all().delete()

    make_alert(patient)

    (letter,) = posted()
    assert letter.to == [nurse.email]
    assert not [name for name in (*NAMED, "Nora", "Quill") if name in words(letter)]
    assert str(patient.patient_id) not in words(letter)
    assert not re.search("suicid|thought|score|ketamine|PHQ", words(letter), re.IGNORECASE)


def test_a_worse_answer_reads_as_news_and_says_nothing_of_its_cause() -> None:
    site = make_site()
    nurse = make_staff(Role.nurse, site, name="Nora Quill")
    OnCall.objects.create(site=site, user=nurse, since=NOW, set_by=nurse)
    patient = make_patient(make_staff(Role.front_desk, site), site)
    Message.objects.all().delete()

    tell_thoughts(patient, 1)
    tell_thoughts(patient, 5)

    first, worse = posted()
    assert worse.subject != first.subject
    assert "worse than before" in worse.body
    assert not [name for name in (*NAMED, "Nora", "Quill") if name in words(worse)]
    assert not re.search("suicid|thought|plan|score|ketamine|PHQ", words(worse), re.IGNORECASE)


def test_a_mail_server_that_is_away_is_a_failed_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    nurse = make_staff(Role.nurse, make_site())

    def away(*_args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("vernal.workflow.mail.send_mail", away)

    with pytest.raises(DeliveryFailed):
        DELIVERIES["alert"](Message(kind="alert", to_user_id=nurse.pk))


def test_every_kind_of_message_that_acts_make_has_a_delivery() -> None:
    assert {"invitation", "alert", "worse_alert", "staff_invitation"} <= set(DELIVERIES)


def test_an_address_is_never_more_than_one_person(db: None) -> None:
    site = make_site()
    make_invitation(make_staff(Role.front_desk, site), site)

    (letter,) = posted()

    assert len(letter.to) == 1
    assert not letter.cc
    assert not letter.bcc
    assert not User.objects.filter(email__in=letter.to).exists()
