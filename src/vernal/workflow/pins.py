"""The PIN: who makes the next entry on a device that stood idle while a dose runs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.sessions import figure
from vernal.records.models import Pin
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound

_DIGITS = re.compile(r"[0-9]{4,8}")


def idle_lock() -> timedelta:
    """After this long without input while a dose runs, the next entry asks for a PIN."""
    return timedelta(minutes=float(figure("idle_lock").value))


def set_pin(*, by: User, password: str, pin: str, again: str, at: datetime) -> None:
    """One's own PIN. The password proves that it is one's own."""
    if not by.is_staff_member:
        raise NotAllowed(_("A PIN is for staff who chart sessions."))
    if not _may_try(by, _password_key(by.pk)):
        raise InvalidInput({"password": _("Too many wrong passwords. Wait ten minutes.")})
    if not by.check_password(password):
        raise InvalidInput({"password": _("That is not your password.")})
    cache.delete(_password_key(by.pk))
    if not _DIGITS.fullmatch(pin):
        raise InvalidInput({"pin": _("Give 4 to 8 digits.")})
    if _is_easy(pin):
        raise InvalidInput({"pin": _("Anybody would try this one first. Choose another.")})
    if pin != again:
        raise InvalidInput({"again": _("The two do not match.")})
    with transaction.atomic():
        Pin.objects.create(user=by, hash=make_password(pin), at=at)
        record("pin.set", at=at, actor_id=by.pk, subject=f"user:{by.pk}")
    cache.delete(_key(by.pk))


def author_with(*, user_id: UUID, pin: str, by: User, at: datetime) -> User:
    """The person this PIN belongs to. Wrong tries are counted for that person, and recorded."""
    user = person(user_id)
    newest = Pin.objects.filter(user=user).order_by("-at", "-pk").first()
    if newest is None:
        raise InvalidInput({"pin": _("This person has no PIN yet. Set one with your password.")})
    if not _may_try(user, _key(user.pk)):
        raise InvalidInput(
            {"pin": _("Too many wrong PINs. Wait, or set a new PIN with your password.")}
        )
    if check_password(pin, newest.hash):
        cache.delete(_key(user.pk))
        return user
    with transaction.atomic():
        record("pin.refused", at=at, actor_id=by.pk, subject=f"user:{user.pk}")
    raise InvalidInput({"pin": _("That is not this person's PIN.")})


def person(user_id: UUID) -> User:
    """Someone whose hands may be at work."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    return user


def _is_easy(pin: str) -> bool:
    """All the same digit, or a row up or down."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def _may_try(user: User, key: str) -> bool:
    """Count a try before it is made, and kept whatever comes of it: of many that are sent at once
    none is looked at before it counts."""
    with transaction.atomic():
        # One after the other: the cache reads and writes in two steps.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        tries = cache.get(key, 0)
        if tries >= figure("pin_tries").value:
            return False
        cache.set(key, tries + 1, timeout=int(figure("pin_wait").value) * 60)
    return True


def _key(user_id: UUID) -> str:
    return f"pin-tries:{user_id}"


def _password_key(user_id: UUID) -> str:
    return f"pin-password-tries:{user_id}"
