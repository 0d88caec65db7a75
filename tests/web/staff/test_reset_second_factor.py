"""The second step of someone who lost it is removed by someone else, with a reason, and told."""

from __future__ import annotations

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.factories import NOW, make_site, make_staff
from vernal.accounts.models import Membership, Role, Site, User
from vernal.audit.models import Entry
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(nurse: User) -> User:
    set_up(nurse)
    return nurse


def set_up(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def address(user: User) -> str:
    return reverse("reset_second_factor", kwargs={"user_id": user.pk})


def reason(**changes: str) -> dict[str, str]:
    return {"id": str(uuid4()), "reason": "Phone lost; spoke with her in person.", **changes}


def steps(user: User) -> int:
    return Authenticator.objects.filter(user=user).count()


def test_everything_asked_for_after_the_password_is_removed(
    site: Site, administrator: User, enrolled: User, log_in
) -> None:
    answer = log_in(administrator).post(address(enrolled), reason())

    assert answer.status_code == 302
    assert steps(enrolled) == 0
    entry = Entry.objects.get(act="staff.second_factor_reset")
    assert (entry.actor_id, entry.site_id) == (administrator.pk, site.pk)
    assert entry.subject == f"user:{enrolled.pk}"
    assert entry.details["reason"] == "Phone lost; spoke with her in person."


def test_the_person_sets_up_a_new_one_before_anything_else(
    administrator: User, enrolled: User, log_in, settings
) -> None:
    log_in(administrator).post(address(enrolled), reason())
    settings.SECOND_FACTOR_ENFORCED = True
    enrolled.refresh_from_db()

    answer = log_in(enrolled).get(reverse("patients"))

    assert answer.headers["Location"] == reverse("mfa_index")


def test_whoever_is_logged_in_as_the_person_is_logged_out(
    administrator: User, enrolled: User, log_in
) -> None:
    lost_phone = log_in(enrolled)
    assert lost_phone.get(reverse("patients")).status_code == 200

    log_in(administrator).post(address(enrolled), reason())

    assert reverse("account_login") in lost_phone.get(reverse("patients")).headers["Location"]


def test_the_person_is_told_by_mail(
    site: Site, administrator: User, enrolled: User, log_in
) -> None:
    log_in(administrator).post(address(enrolled), reason())

    send_due(DELIVERIES, clock=timezone.now)

    (letter,) = [sent for sent in mail.outbox if sent.to == [enrolled.email]]
    assert "second step" in letter.subject
    assert site.phone in letter.body
    assert "Phone lost" not in letter.body


def test_the_form_sent_twice_leaves_what_was_set_up_since(
    administrator: User, enrolled: User, log_in
) -> None:
    browser, form = log_in(administrator), reason()
    browser.post(address(enrolled), form)
    set_up(enrolled)

    assert browser.post(address(enrolled), form).status_code == 302

    assert steps(enrolled) == 2
    assert Entry.objects.filter(act="staff.second_factor_reset").count() == 1


@pytest.mark.parametrize("empty", ["", "   "])
def test_no_reason_removes_nothing(empty: str, administrator: User, enrolled: User, log_in) -> None:
    answer = log_in(administrator).post(address(enrolled), reason(reason=empty))

    assert answer.status_code == 422
    assert steps(enrolled) == 2


def test_nobody_removes_their_own(administrator: User, log_in) -> None:
    set_up(administrator)

    answer = log_in(administrator).post(address(administrator), reason())

    assert answer.status_code == 403
    assert "ask another administrator" in answer.content.decode()
    assert steps(administrator) == 2


@pytest.mark.parametrize("role", [Role.medical_director, Role.front_desk, Role.prescriber])
def test_other_roles_are_told_who_may(role: Role, site: Site, enrolled: User, log_in) -> None:
    answer = log_in(make_staff(role, site)).post(address(enrolled), reason())

    assert answer.status_code == 403
    assert "an administrator of the site" in answer.content.decode()
    assert steps(enrolled) == 2


def test_another_site_s_staff_are_not_found(enrolled: User, log_in) -> None:
    elsewhere = make_staff(Role.administrator, make_site("casper"))

    assert log_in(elsewhere).post(address(enrolled), reason()).status_code == 404
    assert steps(enrolled) == 2


def test_someone_who_left_for_another_site_is_out_of_reach(
    administrator: User, enrolled: User, log_in
) -> None:
    make_role_elsewhere(enrolled)
    Membership.objects.filter(user=enrolled).exclude(site__slug="casper").update(
        ended_at=NOW, ended_by=administrator
    )

    assert log_in(administrator).post(address(enrolled), reason()).status_code == 404
    assert steps(enrolled) == 2


def test_each_site_of_the_person_sees_it_in_its_chain(
    site: Site, administrator: User, enrolled: User, log_in
) -> None:
    other = make_role_elsewhere(enrolled)

    log_in(administrator).post(address(enrolled), reason())

    entries = Entry.objects.filter(act="staff.second_factor_reset")
    assert {entry.site_id for entry in entries} == {site.pk, other.pk}


def test_where_there_is_none_it_says_so(administrator: User, nurse: User, log_in) -> None:
    answer = log_in(administrator).post(address(nurse), reason())

    assert answer.status_code == 409
    assert "has no second step" in answer.content.decode()


def test_the_page_of_the_person_leads_here_only_where_there_is_one(
    site: Site, administrator: User, enrolled: User, log_in
) -> None:
    page = reverse("staff_member", kwargs={"user_id": enrolled.pk})

    assert address(enrolled) in log_in(administrator).get(page).content.decode()
    assert (
        address(enrolled)
        not in log_in(make_staff(Role.medical_director, site)).get(page).content.decode()
    )
    Authenticator.objects.filter(user=enrolled).delete()
    assert address(enrolled) not in log_in(administrator).get(page).content.decode()


def make_role_elsewhere(user: User) -> Site:
    other = make_site("casper")
    Membership.objects.create(
        id=uuid4(), user=user, site=other, role=Role.nurse, granted_at=NOW, granted_by=user
    )
    return other
