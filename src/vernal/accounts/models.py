"""People who log in, sites, and which role a staff member holds where."""

from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Iterator
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a staff member may do at a site. A patient holds no role; a patient has a chart."""

    front_desk = "front_desk", _("Front desk")
    nurse = "nurse", _("Nurse")
    prescriber = "prescriber", _("Prescriber")
    medical_director = "medical_director", _("Medical director")
    administrator = "administrator", _("Administrator")


def check_time_zone(name: str) -> None:
    """Raises `ValidationError` unless the name is one of the time zones this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone; write one like America/Denver."),
            params={"name": name},
        )


class Site(models.Model):
    """One place where patients are treated: the boundary of access."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, validators=[check_time_zone])
    phone = models.CharField(max_length=40)
    opening_hours = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, *, name: str) -> User:
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who logs in: a staff member or a patient, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(max_length=254, unique=True)  # kept in lower case
    name = models.CharField(max_length=160)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    log_in_era = models.PositiveIntegerField(default=0)  # one more ends every open log-in

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="an_email_is_kept_in_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}{self.log_in_era}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for key in super().get_session_auth_fallback_hash():
            yield f"{key}{self.log_in_era}"

    @cached_property
    def roles(self) -> dict[uuid.UUID, frozenset[Role]]:
        """Site id to the roles held there now; empty for a patient. One query, then kept."""
        held: dict[uuid.UUID, set[Role]] = {}
        for site_id, role in self.memberships.filter(ended_at=None).values_list("site_id", "role"):
            held.setdefault(site_id, set()).add(Role(role))
        return {site_id: frozenset(roles) for site_id, roles in held.items()}

    @property
    def is_staff_member(self) -> bool:
        return bool(self.roles)


class Membership(models.Model):
    """One role of one staff member at one site. Ending it fills `ended_at`; the row stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site", "role"],
                condition=models.Q(ended_at=None),
                name="a_role_is_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_role_names_who_ended_it",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="role_is_one_of_the_five"
            ),
        ]


class OnCall(models.Model):
    """Who answers alerts at a site from this moment on; the newest row counts."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="on_call")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-since", "-id"]
