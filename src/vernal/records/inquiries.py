"""First contact, and the one-time link that follows it."""

from __future__ import annotations

from django.db import models

from vernal.accounts.models import Site
from vernal.records.patients import Patient
from vernal.records.rows import PublicRow, Row


class Inquiry(PublicRow):
    """Someone asks for treatment, for themselves or for another person."""

    class Channel(models.TextChoices):
        web = "web"
        telephone = "telephone"

    class AsksFor(models.TextChoices):
        self = "self"
        loved_one = "loved_one"

    class ReachBy(models.TextChoices):
        email = "email"
        telephone = "telephone"

    site = models.ForeignKey(Site, models.PROTECT, related_name="inquiries")
    channel = models.CharField(max_length=10, choices=Channel)
    asks_for = models.CharField(max_length=10, choices=AsksFor)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    loved_one_name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    reach_by = models.CharField(max_length=10, choices=ReachBy)
    message = models.TextField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["site", "-at"], name="inbox_of_a_site")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reach_by="email", email__gt="")
                | models.Q(reach_by="telephone", phone__gt=""),
                name="an_inquiry_can_be_answered",
            )
        ]


class InquiryClosed(Row):
    """The clinic ended an inquiry without inviting anyone, and why."""

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, related_name="closed")
    reason = models.TextField(max_length=1000)


class Invitation(Row):
    """A one-time link to begin an account. A newer invitation of the same patient replaces it.

    The link is signed from the row's id with the server's key, so nothing secret is stored.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="invitations")
    inquiry = models.ForeignKey(Inquiry, models.PROTECT, null=True, related_name="invitations")
    email = models.EmailField()
    expires_at = models.DateTimeField()


class InvitationAccepted(Row):
    """The link was used; it cannot be used again."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="accepted")
