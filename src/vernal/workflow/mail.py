"""Letters by e-mail: they say that something waits, never what, and never about whom."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from vernal.accounts.models import Site, User
from vernal.records.models import Invitation, Message, Session
from vernal.workflow.inquiries import invitation_token
from vernal.workflow.outbox import Deliver, DeliveryFailed
from vernal.workflow.staff import staff_invitation_token


def send_invitation(message: Message) -> None:
    invitation = Invitation.objects.select_related("patient__site").get(pk=message.subject_id)
    site = invitation.patient.site
    link = f"{settings.BASE_URL}/invitation/{invitation_token(invitation.pk)}/"
    _send(
        invitation.email,
        _("Your invitation from %(clinic)s") % {"clinic": site.name},
        _(
            "You asked us to be in touch. Open this link to choose a password and begin:\n\n"
            "%(link)s\n\n"
            "The link works once, for 14 days. If you did not ask for it, do nothing.\n\n"
            "%(clinic)s, telephone %(phone)s\n\n"
            "If you are thinking about ending your life, do not wait for us: in the United States "
            "call or text 988 at any hour, or call 911 if you are in danger now."
        )
        % {"link": link, "clinic": site.name, "phone": site.phone},
    )


def send_alert(message: Message) -> None:
    user = User.objects.get(pk=message.to_user_id)
    _send(
        user.email,
        _("An alert is waiting for you"),
        _("An alert is waiting in Vernal and needs a person now. Log in and open it:\n\n%(link)s")
        % {"link": f"{settings.BASE_URL}/alerts/"},
    )


def send_worse_alert(message: Message) -> None:
    """Sent while an earlier one waits: it must not be taken for the same letter again."""
    user = User.objects.get(pk=message.to_user_id)
    _send(
        user.email,
        _("An alert has become more serious"),
        _(
            "More has come in about an alert that waits in Vernal, and it is worse than before. "
            "It needs a person now. Log in and open it:\n\n%(link)s"
        )
        % {"link": f"{settings.BASE_URL}/alerts/"},
    )


def send_staff_invitation(message: Message) -> None:
    user = User.objects.get(pk=message.subject_id)
    token = staff_invitation_token(user.pk, at=message.made_at)
    _send(
        user.email,
        _("Your account in Vernal"),
        _(
            "An account was made for you. Open this link to choose a password:\n\n%(link)s\n\n"
            "The link works once, for 14 days. After that you set up a second step for logging "
            "in: have a phone with an authenticator app, or a passkey, at hand. If you did not "
            "expect this letter, do nothing."
        )
        % {"link": f"{settings.BASE_URL}/join/{token}/"},
    )


def send_second_factor_reset(message: Message) -> None:
    """Whoever did not ask for it must hear of it from someone else than the person who asked."""
    user = User.objects.get(pk=message.to_user_id)
    site = Site.objects.get(pk=message.subject_id)
    _send(
        user.email,
        _("Your second step in Vernal was removed"),
        _(
            "An administrator of %(clinic)s removed the second step of your account. When you log "
            "in next, you set up a new one: have a phone with an authenticator app, or a passkey, "
            "at hand.\n\n%(link)s\n\n"
            "If you did not ask for this, call %(clinic)s on %(phone)s at once and choose a new "
            "password."
        )
        % {
            "link": f"{settings.BASE_URL}/accounts/login/",
            "clinic": site.name,
            "phone": site.phone,
        },
    )


def send_effects_due(message: Message) -> None:
    """A question waits at home. Whoever has answered it in the meantime hears nothing."""
    asked_at = message.key.rpartition(":")[2]
    session = Session.objects.select_related("patient__site", "patient__account__user").get(
        pk=message.subject_id
    )
    if session.effects_reported.filter(asked_at=asked_at).exists():
        return
    site = session.patient.site
    _send(
        session.patient.account.user.email,
        _("A short question from %(clinic)s") % {"clinic": site.name},
        _(
            "A short question waits for you in Vernal. Log in to answer it; it takes a minute or "
            "two:\n\n%(link)s\n\n"
            "If something worries you, do not wait: call %(clinic)s on %(phone)s. In danger now, "
            "call 911. If you are thinking about ending your life, call or text 988 at any hour."
        )
        % {
            "link": f"{settings.BASE_URL}/my-care/scales/",
            "clinic": site.name,
            "phone": site.phone,
        },
    )


DELIVERIES: dict[str, Deliver] = {
    "invitation": send_invitation,
    "alert": send_alert,
    "worse_alert": send_worse_alert,
    "staff_invitation": send_staff_invitation,
    "second_factor_reset": send_second_factor_reset,
    "effects_due": send_effects_due,
}


def _send(address: str, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, None, [address])
    except (SMTPException, OSError) as error:
        raise DeliveryFailed from error
