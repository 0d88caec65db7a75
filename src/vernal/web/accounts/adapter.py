"""How allauth behaves here."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class NoSignup(DefaultAccountAdapter):
    """Accounts begin with an invitation or with the administrator, never by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for a wrong password and for an address without an account.
        "email_password_mismatch": _("That address and that password do not belong together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "enter_current_password": _("That is not your password."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the clinic's own address: the host of a request is what whoever sends it writes."""
        return settings.BASE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
