"""allauth's forms in our words."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _


class LoginForm(account.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # the label says it


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What shall we call it?")
        self.fields["name"].help_text = _("Like “My phone”, so that you know it again.")
        alone = self.fields["passwordless"]
        alone.label = _("Log in with this passkey alone, without a password")
        alone.help_text = _("The device then asks for a fingerprint, a face or its lock each time.")
