"""Who works at a site: rows that stay, and nobody opens charts for themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from tests.factories import NOW, PASSWORD, make_patient, make_site, make_staff
from vernal.accounts.models import Membership, OnCall, Role, Site, User
from vernal.audit.models import Entry
from vernal.records.models import Message
from vernal.workflow import queries, staff
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import send_due

pytestmark = pytest.mark.django_db
BEGIN = {
    "site_name": "Laramie clinic",
    "time_zone": "America/Denver",
    "phone": "+1 307 555 0100",
    "opening_hours": "Weekdays 8 to 17",
    "name": "Ada Stone",
    "email": "Ada@vernal.example",
    "at": NOW,
}


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def administrator(site: Site) -> User:
    return make_staff(Role.administrator, site)


def add(by: User, site: Site, **changes: object) -> User:
    given = {
        "name": "Nora Quill",
        "email": f"{uuid4().hex}@vernal.example",
        "role": "nurse",
        "id": uuid4(),
        "at": NOW,
    }
    return User.objects.get(
        pk=staff.add_staff_member(by=by, site_id=site.pk, **{**given, **changes})
    )


def fresh(user: User) -> User:
    """As the next request sees the person: roles are read again."""
    return User.objects.get(pk=user.pk)


def test_a_new_installation_begins_with_a_site_and_an_administrator() -> None:
    first = staff.begin_clinic(**BEGIN)

    user = User.objects.get()
    site = Site.objects.get()
    assert user.email == "ada@vernal.example"
    assert user.roles == {site.pk: {Role.administrator}}
    assert staff.open_staff_invitation(first.token, at=NOW) == user
    assert [entry.act for entry in Entry.objects.all()] == ["site.begun", "role.granted"]


def test_a_practice_of_one_begins_with_both_roles() -> None:
    staff.begin_clinic(**BEGIN, also=Role.medical_director)

    (roles,) = User.objects.get().roles.values()
    assert roles == {Role.administrator, Role.medical_director}


def test_a_second_beginning_is_refused(site: Site) -> None:
    with pytest.raises(NotPossibleNow, match="has a site already"):
        staff.begin_clinic(**BEGIN)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"), [({"time_zone": "Denver"}, "time_zone"), ({"phone": "soon"}, "phone")]
)
def test_a_beginning_with_a_slip_makes_nothing(changes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        staff.begin_clinic(**{**BEGIN, **changes})

    assert list(refusal.value.fields) == [field]
    assert not Site.objects.exists()


def test_someone_who_is_added_gets_a_link_and_chooses_a_password(
    site: Site, administrator: User
) -> None:
    user = add(administrator, site)
    assert not user.has_usable_password()
    send_due(DELIVERIES, clock=lambda: NOW)
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert "Nora" not in letter.body
    token = letter.body.split("/join/")[1].split("/")[0]

    joined = staff.accept_staff_invitation(
        token=token, password=PASSWORD, at=NOW + timedelta(days=13)
    )

    assert joined == user
    assert fresh(user).check_password(PASSWORD)
    assert fresh(user).roles == {site.pk: {Role.nurse}}


def test_a_link_works_once(site: Site, administrator: User) -> None:
    user = add(administrator, site)
    token = staff.staff_invitation_token(user.pk, at=NOW)
    staff.accept_staff_invitation(token=token, password=PASSWORD, at=NOW)

    with pytest.raises(NotPossibleNow, match="has been used"):
        staff.accept_staff_invitation(token=token, password="another long phrase", at=NOW)

    assert fresh(user).check_password(PASSWORD)


def test_a_link_ends_after_two_weeks_and_with_the_role(site: Site, administrator: User) -> None:
    user = add(administrator, site)
    token = staff.staff_invitation_token(user.pk, at=NOW)

    with pytest.raises(NotPossibleNow, match="has ended"):
        staff.open_staff_invitation(token, at=NOW + timedelta(days=15))
    staff.end_role(by=administrator, membership_id=user.memberships.get().pk, at=NOW)
    with pytest.raises(NotPossibleNow, match="has ended"):
        staff.open_staff_invitation(token, at=NOW)


def test_a_forged_or_foreign_link_is_not_found(site: Site, administrator: User) -> None:
    from vernal.workflow.inquiries import invitation_token

    for token in ("abc", invitation_token(administrator.pk)):
        with pytest.raises(NotFound):
            staff.open_staff_invitation(token, at=NOW)


def test_the_same_form_adds_one_person(site: Site, administrator: User) -> None:
    form = {"id": uuid4(), "email": "nora@vernal.example"}

    assert add(administrator, site, **form) == add(administrator, site, **form)

    assert Message.objects.filter(kind="staff_invitation").count() == 1


def test_an_address_that_has_an_account_is_refused(site: Site, administrator: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(administrator, site, email=administrator.email.upper())

    assert "already has an account" in refusal.value.fields["email"]


def test_a_new_link_is_sent_until_a_password_is_chosen(site: Site, administrator: User) -> None:
    user = add(administrator, site)

    staff.send_new_link(by=administrator, user_id=user.pk, id=uuid4(), at=NOW)
    assert Message.objects.filter(kind="staff_invitation").count() == 2

    user.set_password(PASSWORD)
    user.save()
    with pytest.raises(NotPossibleNow, match="has chosen a password"):
        staff.send_new_link(by=administrator, user_id=user.pk, id=uuid4(), at=NOW)


def test_a_role_is_granted_once_and_its_row_stays_when_it_ends(
    site: Site, administrator: User
) -> None:
    user = make_staff(Role.nurse, site)
    grant = {"by": administrator, "user_id": user.pk, "site_id": site.pk, "role": "prescriber"}

    staff.grant_role(**grant, at=NOW)
    staff.grant_role(**grant, at=NOW)
    assert fresh(user).roles == {site.pk: {Role.nurse, Role.prescriber}}
    held = user.memberships.get(role="prescriber")
    staff.end_role(by=administrator, membership_id=held.pk, at=NOW)
    staff.end_role(by=administrator, membership_id=held.pk, at=NOW + timedelta(days=1))
    assert fresh(user).roles == {site.pk: {Role.nurse}}
    staff.grant_role(**grant, at=NOW)

    rows = user.memberships.filter(role="prescriber")
    assert sorted(row.ended_at is None for row in rows) == [False, True]
    held.refresh_from_db()
    assert (held.ended_at, held.ended_by) == (NOW, administrator)
    assert Entry.objects.filter(act="role.ended").count() == 1


@pytest.mark.parametrize("role", Role.values)
def test_nobody_grants_a_role_to_themselves(role: str, site: Site, administrator: User) -> None:
    with pytest.raises(NotAllowed, match="ask another administrator"):
        staff.grant_role(
            by=administrator, user_id=administrator.pk, site_id=site.pk, role=role, at=NOW
        )


def test_a_patient_never_holds_a_role(site: Site, administrator: User) -> None:
    patient = make_patient(make_staff(Role.front_desk, site), site).user
    Membership.objects.create(
        user=patient, site=site, role="nurse", granted_at=NOW, ended_at=NOW, ended_by=administrator
    )

    with pytest.raises(NotPossibleNow, match="belongs to a patient"):
        staff.grant_role(
            by=administrator, user_id=patient.pk, site_id=site.pk, role="nurse", at=NOW
        )


def test_nobody_ends_their_own_last_administrator_role(site: Site, administrator: User) -> None:
    make_staff(Role.administrator, site)

    with pytest.raises(NotPossibleNow, match="your own last administrator role"):
        staff.end_role(by=administrator, membership_id=administrator.memberships.get().pk, at=NOW)


def test_a_site_keeps_an_administrator(site: Site, administrator: User) -> None:
    director = make_staff(Role.medical_director, site)

    with pytest.raises(NotPossibleNow, match="keeps an administrator"):
        staff.end_role(by=director, membership_id=administrator.memberships.get().pk, at=NOW)


def test_the_person_on_call_does_not_lose_the_last_clinical_role(
    site: Site, administrator: User
) -> None:
    nurse, other = make_staff(Role.nurse, site), make_staff(Role.nurse, site)
    staff.set_on_call(by=administrator, site_id=site.pk, user_id=nurse.pk, at=NOW)
    held = nurse.memberships.get()

    with pytest.raises(NotPossibleNow, match="is on call"):
        staff.end_role(by=administrator, membership_id=held.pk, at=NOW)

    staff.set_on_call(
        by=administrator, site_id=site.pk, user_id=other.pk, at=NOW + timedelta(minutes=1)
    )
    staff.end_role(by=administrator, membership_id=held.pk, at=NOW)
    assert not fresh(nurse).is_staff_member


def test_on_call_is_a_new_row_for_each_change(site: Site, administrator: User) -> None:
    nurse = make_staff(Role.nurse, site)

    for _ in range(2):
        staff.set_on_call(by=administrator, site_id=site.pk, user_id=nurse.pk, at=NOW)

    assert OnCall.objects.count() == 1
    assert queries.site_staff(by=administrator)[0].on_call == nurse.name


def test_on_call_is_a_clinical_member_of_that_site(site: Site, administrator: User) -> None:
    elsewhere = make_staff(Role.nurse, make_site("cheyenne"))
    for user in (administrator, elsewhere, make_staff(Role.front_desk, site)):
        with pytest.raises(InvalidInput):
            staff.set_on_call(by=administrator, site_id=site.pk, user_id=user.pk, at=NOW)


def test_the_phone_of_a_site_changes_and_the_chain_keeps_it(
    site: Site, administrator: User
) -> None:
    staff.set_site_phone(by=administrator, site_id=site.pk, phone="+1 307 555 0199", at=NOW)

    assert Site.objects.get().phone == "+1 307 555 0199"
    assert Entry.objects.get(act="site.phone_set").details == {"phone": "+1 307 555 0199"}


@pytest.mark.parametrize("phone", ["", "ask Nora", "1", "+1 307 <b>", "3" * 60])
def test_a_phone_is_a_telephone_number(phone: str, site: Site, administrator: User) -> None:
    with pytest.raises(InvalidInput):
        staff.set_site_phone(by=administrator, site_id=site.pk, phone=phone, at=NOW)


ACTS = {
    "add": lambda by, site, user: add(by, site),
    "link": lambda by, site, user: staff.send_new_link(
        by=by, user_id=user.pk, id=uuid4(), at=NOW
    ),
    "grant": lambda by, site, user: staff.grant_role(
        by=by, user_id=user.pk, site_id=site.pk, role="nurse", at=NOW
    ),
    "end": lambda by, site, user: staff.end_role(
        by=by, membership_id=user.memberships.get().pk, at=NOW
    ),
    "on call": lambda by, site, user: staff.set_on_call(
        by=by, site_id=site.pk, user_id=user.pk, at=NOW
    ),
    "phone": lambda by, site, user: staff.set_site_phone(
        by=by, site_id=site.pk, phone="307 555 0123", at=NOW
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.front_desk, Role.nurse, Role.prescriber])
def test_roles_that_do_not_run_the_site_change_nothing(act: str, role: Role, site: Site) -> None:
    by, user = make_staff(role, site), make_staff(Role.nurse, site)
    before = Entry.objects.count()

    with pytest.raises(NotAllowed, match="administrator or the director"):
        ACTS[act](by, site, user)

    assert Entry.objects.count() == before


@pytest.mark.parametrize("act", ACTS)
def test_another_site_is_not_found(act: str, site: Site, administrator: User) -> None:
    other = make_site("cheyenne")

    with pytest.raises(NotFound):
        ACTS[act](administrator, other, make_staff(Role.nurse, other))


def test_an_administrator_of_one_site_sees_no_role_of_another(
    site: Site, administrator: User
) -> None:
    other = make_site("cheyenne")
    both = make_staff(Role.nurse, site)
    Membership.objects.create(user=both, site=other, role="prescriber", granted_at=NOW)

    view = queries.staff_member(by=administrator, user_id=both.pk)

    assert [role.role for role in view.roles] == ["nurse"]


def test_audit_entries_are_of_own_sites_and_one_patient_when_asked(
    site: Site, administrator: User
) -> None:
    other = make_site("cheyenne")
    front_desk = make_staff(Role.front_desk, site)
    patient = make_patient(front_desk, site)
    make_patient(make_staff(Role.front_desk, other), other)

    everything = queries.audit_entries(by=administrator, at=NOW, walk=True)
    known = Entry.objects.count()
    of_one = queries.audit_entries(by=administrator, at=NOW, patient_id=patient.patient_id)

    assert {line.site.name for line in everything.lines} == {site.name}
    assert everything.wrong == ()
    assert everything.entries == known
    assert {line.patient_id for line in of_one.lines} == {patient.patient_id}
    assert not of_one.was_walked
