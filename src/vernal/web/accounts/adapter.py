"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignup(DefaultAccountAdapter):
    """Accounts begin with an invitation or with the administrator, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
