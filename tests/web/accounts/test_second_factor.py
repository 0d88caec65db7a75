"""Staff without a second step get to nothing but setting one up; patients are not forced."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient, make_staff
from tests.web.conftest import Standing, standing_in
from tests.web.matrix import ANYONE, LOGGED_IN, ROWS, STAFF
from tests.web.world import OWN, World, make_world
from vernal.accounts.models import Role, Site, User
from vernal.records.models import Inquiry

pytestmark = pytest.mark.django_db
STAFF_ROWS = [row for row in ROWS if row.allowed & set(STAFF)]


@pytest.fixture(autouse=True)
def _enforced(settings) -> None:
    settings.SECOND_FACTOR_ENFORCED = True


@pytest.fixture(scope="module")
def world(lasting, morning) -> World:
    return make_world()


@pytest.fixture(scope="module")
def standing(world: World) -> Standing:
    return standing_in(world)


def addressed(row, world: World) -> str:
    return reverse(row.name, kwargs=row.arguments(world, OWN) if row.arguments else {})


@pytest.mark.parametrize("role", STAFF)
def test_every_address_leads_to_setting_one_up(role: str, world: World, log_in) -> None:
    client = log_in(world.users[role])
    rows = [row for row in STAFF_ROWS if row.name != "healthz"]

    for row in rows:
        for method in (client.get, client.post, client.put, client.delete):
            answer = method(addressed(row, world))
            assert answer.status_code == 302, (row.name, method.__name__)
            assert answer.headers["Location"] == reverse("mfa_index"), row.name


def test_a_post_is_not_let_through(world: World, log_in) -> None:
    before = Inquiry.objects.count()
    client = log_in(world.users["front_desk"])

    client.post(
        reverse("close_inquiry", kwargs={"inquiry_id": world.inquiry[OWN]}), {"reason": "x"}
    )

    assert Inquiry.objects.filter(closed=None).count() == before


@pytest.mark.parametrize("role", STAFF)
def test_the_way_out_and_the_way_on_stay_open(role: str, world: World, log_in) -> None:
    client = log_in(world.users[role])

    assert client.get(reverse("mfa_index")).status_code == 200
    assert "Set up a second step first" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("healthz")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_patients_and_visitors_are_not_forced(site: Site, front_desk: User, log_in) -> None:
    patient = log_in(make_patient(front_desk, site).user)

    assert patient.get(reverse("help_now")).status_code == 200
    assert Client().get(reverse("welcome")).status_code == 200


def test_the_demo_does_not_force(settings, nurse: User, log_in) -> None:
    settings.SECOND_FACTOR_ENFORCED = False

    assert log_in(nurse).get(reverse("patients")).status_code == 200


def test_a_staff_member_with_an_app_works(nurse: User, secret: str, log_in) -> None:
    assert log_in(nurse).get(reverse("patients")).status_code == 200


def test_recovery_codes_alone_are_no_second_step(nurse: User, log_in) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(nurse)

    assert log_in(nurse).get(reverse("patients")).headers["Location"] == reverse("mfa_index")


def test_an_account_that_is_closed_ends_with_the_next_request(
    nurse: User, secret: str, log_in
) -> None:
    client = log_in(nurse)
    assert client.get(reverse("patients")).status_code == 200

    User.objects.filter(pk=nurse.pk).update(is_active=False)

    answer = client.get(reverse("patients"))
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_role_that_ended_ends_access_with_the_next_request(
    site: Site, nurse: User, secret: str, log_in
) -> None:
    client = log_in(nurse)
    assert client.get(reverse("patients")).status_code == 200

    administrator = make_staff(Role.administrator, site)
    nurse.memberships.update(ended_at=timezone.now(), ended_by=administrator)

    assert client.get(reverse("patients")).status_code == 403
    assert client.get(reverse("alerts")).status_code == 403


def test_the_rows_of_the_matrix_are_what_is_tried() -> None:
    assert len(STAFF_ROWS) > 10
    assert LOGGED_IN < ANYONE
