"""Step 1: first contact, and the invitation that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import Site, User
from vernal.audit.chain import record
from vernal.records.models import (
    Inquiry,
    InquiryClosed,
    Invitation,
    InvitationAccepted,
    Patient,
    PatientAccount,
    PatientDetails,
)
from vernal.workflow import outbox
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.once import make_once, sent_before
from vernal.workflow.permissions import check_may_answer_inquiry

INVITATION_LASTS = timedelta(days=14)
_SALT = "vernal.invitation"


@dataclass(frozen=True)
class Contact:
    """What the contact form asks: who asks, for whom, and how to answer."""

    given_name: str
    family_name: str
    asks_for: str
    reach_by: str
    email: str = ""
    phone: str = ""
    loved_one_name: str = ""
    message: str = ""


@transaction.atomic
def take_inquiry(
    *, by: User | None, site_id: UUID, contact: Contact, id: UUID, at: datetime
) -> UUID:
    """Keep an inquiry from the public page (`by` is None) or, by telephone, from staff.

    The form makes `id`; sending the same form twice keeps one inquiry.
    """
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        raise InvalidInput({"site": _("Choose one of the clinics in the list.")})
    if by is not None:
        check_may_answer_inquiry(by, _At(site.pk))
    _check_can_be_answered(contact)
    channel = Inquiry.Channel.web if by is None else Inquiry.Channel.telephone
    if not make_once(Inquiry, id=id, at=at, by=by, site=site, channel=channel, **vars(contact)):
        return id
    record(
        "inquiry.taken",
        at=at,
        actor_id=by.pk if by else None,
        site_id=site.pk,
        subject=f"inquiry:{id}",
        channel=channel.value,
    )
    return id


@transaction.atomic
def invite(
    *,
    by: User,
    inquiry_id: UUID,
    given_name: str,
    family_name: str,
    email: str,
    id: UUID,
    at: datetime,
) -> UUID:
    """Open a chart for the person asked about and send a one-time link. Returns the patient's id.

    Inviting again for the same inquiry sends a new link to the same chart; the old link ends.
    """
    inquiry = _inquiry(by, inquiry_id)
    if hasattr(inquiry, "closed"):
        raise NotPossibleNow(_("This inquiry is closed; take down a new one to invite."))
    name = {
        "patient__details__given_name": given_name,
        "patient__details__family_name": family_name,
    }
    if sent_before(Invitation, id=id, inquiry=inquiry, email=email, **name):
        return inquiry.invitations.get(pk=id).patient_id
    earlier = inquiry.invitations.select_related("patient").first()
    if earlier and PatientAccount.objects.filter(patient=earlier.patient).exists():
        raise NotPossibleNow(_("This person already has an account and can log in."))
    _check_address_is_free(email)
    patient = earlier.patient if earlier else _open_chart(by, inquiry.site_id, at)
    PatientDetails.objects.create(
        at=at,
        by=by,
        patient=patient,
        given_name=given_name,
        family_name=family_name,
        email=email,
        phone=inquiry.phone,
    )
    Invitation.objects.create(
        id=id,
        at=at,
        by=by,
        patient=patient,
        inquiry=inquiry,
        email=email,
        expires_at=at + INVITATION_LASTS,
    )
    outbox.enqueue(key=f"invitation:{id}", kind="invitation", subject_id=id, at=at)
    record(
        "inquiry.invited",
        at=at,
        actor_id=by.pk,
        site_id=inquiry.site_id,
        patient_id=patient.pk,
        subject=f"invitation:{id}",
    )
    return patient.pk


@transaction.atomic
def close_inquiry(*, by: User, inquiry_id: UUID, reason: str, at: datetime) -> None:
    """End an inquiry without an invitation, with the reason."""
    inquiry = _inquiry(by, inquiry_id)
    if hasattr(inquiry, "closed"):
        return
    if inquiry.invitations.exists():
        raise NotPossibleNow(_("This person has been invited; the inquiry is answered."))
    if not reason.strip():
        raise InvalidInput({"reason": _("Say in a few words why this inquiry ends here.")})
    InquiryClosed.objects.create(at=at, by=by, inquiry=inquiry, reason=reason)
    record(
        "inquiry.closed",
        at=at,
        actor_id=by.pk,
        site_id=inquiry.site_id,
        subject=f"inquiry:{inquiry_id}",
    )


def invitation_token(invitation_id: UUID) -> str:
    """The signed part of the one-time link."""
    return signing.dumps(invitation_id.hex, salt=_SALT)


def open_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link that can still be used; else raises with the reason."""
    try:
        invitation_id = UUID(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        raise NotFound from None
    invitation = Invitation.objects.select_related("patient__site").get(pk=invitation_id)
    newest = invitation.patient.invitations.latest("at")
    if PatientAccount.objects.filter(patient=invitation.patient).exists():
        raise NotPossibleNow(_("This link has been used. Log in with your e-mail and password."))
    if at > invitation.expires_at or newest.pk != invitation.pk:
        raise NotPossibleNow(_("This link has ended. Call the clinic and ask for a new one."))
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> User:
    """Make the patient's account. `password` has passed the password rules."""
    invitation = open_invitation(token, at=at)
    _check_address_is_free(invitation.email)
    details = invitation.patient.details.latest("at")
    user = User.objects.create_user(
        invitation.email, password, name=f"{details.given_name} {details.family_name}"
    )
    PatientAccount.objects.create(at=at, by=user, patient=invitation.patient, user=user)
    InvitationAccepted.objects.create(at=at, by=user, invitation=invitation)
    record(
        "invitation.accepted",
        at=at,
        actor_id=user.pk,
        site_id=invitation.patient.site_id,
        patient_id=invitation.patient_id,
        subject=f"invitation:{invitation.pk}",
    )
    return user


@dataclass(frozen=True)
class _At:
    site_id: UUID


def _inquiry(by: User, inquiry_id: UUID) -> Inquiry:
    inquiry = Inquiry.objects.select_related("site", "closed").filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NotFound
    check_may_answer_inquiry(by, inquiry)
    return inquiry


def _open_chart(by: User, site_id: UUID, at: datetime) -> Patient:
    return Patient.objects.create(id=uuid4(), at=at, by=by, site_id=site_id)


def _check_can_be_answered(contact: Contact) -> None:
    if contact.reach_by == Inquiry.ReachBy.email and not contact.email:
        raise InvalidInput({"email": _("Write an e-mail address, or choose the telephone.")})
    if contact.reach_by == Inquiry.ReachBy.telephone and not contact.phone:
        raise InvalidInput({"phone": _("Write a telephone number, or choose e-mail.")})


def _check_address_is_free(email: str) -> None:
    if User.objects.filter(email=email.lower()).exists():
        raise InvalidInput(
            {"email": _("This address already has an account; each account needs its own.")}
        )
