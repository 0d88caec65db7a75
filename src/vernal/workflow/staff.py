"""Who works at a site: adding people, granting and ending roles, the person on call."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vernal.accounts.models import Membership, OnCall, Role, Site, User
from vernal.audit.chain import record
from vernal.records.models import PatientAccount
from vernal.workflow import outbox
from vernal.workflow.alerts import person_on_call
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.once import sent_before
from vernal.workflow.permissions import (
    ADMINISTERING,
    CLINICAL,
    RUNNING_THE_SITE,
    asking,
    check_may_reset_second_factor,
    check_may_run_this_site,
    sites_where,
)

INVITATION_LASTS = timedelta(days=14)
_SALT = "vernal.staff_invitation"
_PHONE = re.compile(r"[0-9+()./ -]{5,30}( ?(ext|x)\.? ?[0-9]{1,6})?")


@dataclass(frozen=True)
class FirstAdministrator:
    """The account a new installation begins with, and its one-time link's token."""

    user_id: UUID
    token: str


@transaction.atomic
def begin_clinic(
    *,
    site_name: str,
    time_zone: str,
    phone: str,
    opening_hours: str,
    name: str,
    email: str,
    also: Role | None = None,
    at: datetime,
) -> FirstAdministrator:
    """Make the first site and its administrator; only where there is no site yet.

    `also` is a second role for a practice of one: nobody can grant a role to themselves later.
    """
    if Site.objects.exists():
        raise NotPossibleNow(_("This installation has a site already; log in to add people."))
    if time_zone not in zoneinfo.available_timezones():
        raise InvalidInput(
            {"time_zone": _("This is not a time zone; write one like America/Denver.")}
        )
    site = Site.objects.create(
        slug=slugify(site_name) or "clinic",
        name=site_name,
        time_zone=time_zone,
        phone=_checked_phone(phone),
        opening_hours=opening_hours,
    )
    user = User.objects.create_user(_free_address(email), None, name=name)
    record("site.begun", at=at, actor_id=None, site_id=site.pk, subject=f"site:{site.pk}")
    for role in filter(None, (Role.administrator, also)):
        _grant(None, user, site.pk, role, at)
    return FirstAdministrator(user.pk, staff_invitation_token(user.pk, at=at))


@transaction.atomic
def add_staff_member(
    *, by: User, site_id: UUID, name: str, email: str, role: str, id: UUID, at: datetime
) -> UUID:
    """Make an account with one role and send a one-time link to choose its password.

    The form makes `id`, which becomes the account's; sending the same form twice adds one person.
    """
    check_may_run_this_site(by, _At(site_id))
    held = {"memberships__site_id": site_id, "memberships__role": _role(role)}
    account = {"email": email.strip().lower(), "name": name.strip()}
    if sent_before(User, id=id, **account, **held):
        return id
    user = User(id=id, email=_free_address(email), name=name.strip())
    user.set_unusable_password()
    user.save(force_insert=True)
    record("staff.added", at=at, actor_id=by.pk, site_id=site_id, subject=f"user:{id}")
    _grant(by, user, site_id, _role(role), at)
    outbox.enqueue(key=f"staff_invitation:{id}", kind="staff_invitation", subject_id=id, at=at)
    return id


@transaction.atomic
def send_new_link(*, by: User, user_id: UUID, id: UUID, at: datetime) -> None:
    """Send another one-time link to someone who has not chosen a password yet."""
    user = member_with(by, user_id)
    if user.has_usable_password():
        raise NotPossibleNow(
            _("This person has chosen a password. “Forgot your password?” sends a new link.")
        )
    key = f"staff_invitation:{user_id}:{id}"
    outbox.enqueue(key=key, kind="staff_invitation", subject_id=user_id, at=at)
    for site_id in sorted(set(user.roles) & set(by.roles)):
        record(
            "staff.invited_again",
            at=at,
            actor_id=by.pk,
            site_id=site_id,
            subject=f"user:{user_id}",
        )


@transaction.atomic
def grant_role(*, by: User, user_id: UUID, site_id: UUID, role: str, at: datetime) -> None:
    """Give a staff member one more role. Granting what is held already changes nothing.

    Nobody grants a role to themselves: whoever looks after accounts would otherwise open every
    chart without a second person knowing. A practice of one takes both roles at the beginning.
    """
    check_may_run_this_site(by, _At(site_id))
    user = member_with(by, user_id)
    if user.pk == by.pk:
        raise NotAllowed(_("Nobody grants a role to themselves; ask another administrator."))
    _grant(by, user, site_id, _role(role), at)


@transaction.atomic
def end_role(*, by: User, membership_id: UUID, at: datetime) -> None:
    """End a role; the row stays, with who ended it. Access ends with the person's next request."""
    held = Membership.objects.select_related("user", "site").filter(pk=membership_id).first()
    if held is None:
        raise NotFound
    check_may_run_this_site(by, held)
    if held.ended_at:
        return
    _check_may_be_ended(by, held)
    held.ended_at, held.ended_by = at, by
    held.save(update_fields=["ended_at", "ended_by"])
    record(
        "role.ended",
        at=at,
        actor_id=by.pk,
        site_id=held.site_id,
        subject=f"membership:{held.pk}",
        role=held.role,
    )


@transaction.atomic
def reset_second_factor(*, by: User, user_id: UUID, reason: str, id: UUID, at: datetime) -> None:
    """Remove someone's authenticator app, passkeys and recovery codes, for a reason that is kept.

    Every open log-in of the account ends: the lost phone may hold one. The person sets up a new
    second step before seeing anything else, and hears of it by mail. Sending the same form twice
    removes once: by the second time, a new one may be set up.
    """
    user = member_to_reset(by, user_id)
    if not (reason := reason.strip()):
        raise InvalidInput({"reason": _("Write why, and how you know who asked.")})
    key = f"second_factor_reset:{user_id}:{id}"
    if outbox.holds(key):
        return
    if not has_second_factor(user):
        raise NotPossibleNow(_("This person has no second step; there is nothing to remove."))
    Authenticator.objects.filter(user=user).delete()
    user.log_in_era += 1
    user.save(update_fields=["log_in_era"])
    for site_id in sorted(user.roles):  # whoever runs another site of this person may see it too
        record(
            "staff.second_factor_reset",
            at=at,
            actor_id=by.pk,
            site_id=site_id,
            subject=f"user:{user_id}",
            reason=reason,
        )
    shared = min(set(user.roles) & set(sites_where(by, ADMINISTERING)))
    outbox.enqueue(
        key=key, kind="second_factor_reset", subject_id=shared, to_user_id=user.pk, at=at
    )


@transaction.atomic
def set_on_call(*, by: User, site_id: UUID, user_id: UUID, at: datetime) -> None:
    """Name who answers alerts from now on; a clinical member of the site."""
    check_may_run_this_site(by, _At(site_id))
    held = Membership.objects.filter(
        site_id=site_id, user_id=user_id, role__in=CLINICAL, ended_at=None, user__is_active=True
    )
    if not held.exists():
        raise InvalidInput({"user": _("Choose a nurse, a prescriber or the medical director.")})
    if (current := person_on_call(site_id)) and current.pk == user_id:
        return
    row = OnCall.objects.create(site_id=site_id, user_id=user_id, since=at, set_by=by)
    record("on_call.set", at=at, actor_id=by.pk, site_id=site_id, subject=f"oncall:{row.pk}")


@transaction.atomic
def set_site_phone(*, by: User, site_id: UUID, phone: str, at: datetime) -> None:
    """Change the number that patients see. The audit entry keeps it: the site has no history."""
    check_may_run_this_site(by, _At(site_id))
    site = Site.objects.select_for_update().get(pk=site_id)
    phone = _checked_phone(phone)
    if phone == site.phone:
        return
    site.phone = phone
    site.save(update_fields=["phone"])
    record("site.phone_set", at=at, actor_id=by.pk, site_id=site_id, phone=phone)


def staff_invitation_token(user_id: UUID, *, at: datetime) -> str:
    """The signed part of the one-time link; it holds when it ends."""
    ends = int((at + INVITATION_LASTS).timestamp())
    return signing.dumps([user_id.hex, ends], salt=_SALT)


def open_staff_invitation(token: str, *, at: datetime) -> User:
    """The person behind a link that can still be used; else raises with the reason."""
    try:
        user_id, ends = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise NotFound from None
    user = User.objects.filter(pk=UUID(user_id)).first()
    if user is None:
        raise NotFound
    if user.has_usable_password():
        raise NotPossibleNow(_("This link has been used. Log in with your e-mail and password."))
    if at > datetime.fromtimestamp(ends, UTC) or not (user.is_active and user.is_staff_member):
        raise NotPossibleNow(_("This link has ended. Ask your clinic for a new one."))
    return user


@transaction.atomic
def accept_staff_invitation(*, token: str, password: str, at: datetime) -> User:
    """Keep the password the person chose. `password` has passed the password rules."""
    user = open_staff_invitation(token, at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    for site_id in sorted(user.roles):
        record("staff.joined", at=at, actor_id=user.pk, site_id=site_id, subject=f"user:{user.pk}")
    return user


def member_with(by: User, user_id: UUID) -> User:
    """Someone who holds or held a role at a site the actor runs; `NotFound` for anyone else."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    shared = set(user.memberships.values_list("site_id", flat=True)) & set(by.roles)
    if not shared:
        raise NotFound
    if not shared & set(sites_where(by, RUNNING_THE_SITE)):
        check_may_run_this_site(by, _At(shared.pop()))
    return user


def member_to_reset(by: User, user_id: UUID) -> User:
    """Someone else who works at a site the actor administers; a former member is `NotFound`."""
    user = User.objects.filter(pk=user_id).first()
    shared = set(user.roles) & set(by.roles) if user else set()
    if not shared:
        raise NotFound
    if not shared & set(sites_where(by, ADMINISTERING)):
        check_may_reset_second_factor(by, _At(shared.pop()))
    if user.pk == by.pk:
        raise NotAllowed(
            _("Nobody removes their own second step this way; ask another administrator.")
        )
    return user


may_reset_second_factor = asking(member_to_reset)


def has_second_factor(user: User) -> bool:
    """Whether anything is set up that a log-in asks for after the password."""
    return Authenticator.objects.filter(user=user).exists()


@dataclass(frozen=True)
class _At:
    site_id: UUID


def _grant(by: User | None, user: User, site_id: UUID, role: Role, at: datetime) -> None:
    if PatientAccount.objects.filter(user=user).exists():
        raise NotPossibleNow(_("This account belongs to a patient; it cannot hold a role."))
    held, is_new = Membership.objects.get_or_create(
        user=user,
        site_id=site_id,
        role=role,
        ended_at=None,
        defaults={"id": uuid4(), "granted_at": at, "granted_by": by},
    )
    if is_new:
        record(
            "role.granted",
            at=at,
            actor_id=by.pk if by else None,
            site_id=site_id,
            subject=f"membership:{held.pk}",
            role=role.value,
        )


def _check_may_be_ended(by: User, held: Membership) -> None:
    others = Membership.objects.filter(ended_at=None, role=Role.administrator).exclude(pk=held.pk)
    if held.role == Role.administrator:
        if held.user_id == by.pk and not others.filter(user=by).exists():
            raise NotPossibleNow(
                _("This is your own last administrator role; another administrator can end it.")
            )
        if not others.filter(site_id=held.site_id, user__is_active=True).exists():
            raise NotPossibleNow(
                _("Each site keeps an administrator; grant that role to someone else first.")
            )
    still_clinical = Membership.objects.filter(
        user_id=held.user_id, site_id=held.site_id, role__in=CLINICAL, ended_at=None
    ).exclude(pk=held.pk)
    on_call = person_on_call(held.site_id)
    if on_call and on_call.pk == held.user_id and not still_clinical.exists():
        raise NotPossibleNow(_("This person is on call; name someone else on call first."))


def _role(name: str) -> Role:
    if name not in Role.values:
        raise InvalidInput({"role": _("Choose one of the roles in the list.")})
    return Role(name)


def _free_address(email: str) -> str:
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise InvalidInput(
            {"email": _("This address already has an account; each account needs its own.")}
        )
    return email


def _checked_phone(phone: str) -> str:
    phone = phone.strip()
    if not _PHONE.fullmatch(phone):
        raise InvalidInput({"phone": _("Write a telephone number, like +1 307 555 0100.")})
    return phone
