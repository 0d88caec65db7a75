"""What holds for every page."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

Respond = Callable[[HttpRequest], HttpResponse]

_SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # codes on paper are none
# What a staff member without a second factor may still open: setting one up, and leaving.
_BEFORE_THE_SECOND_FACTOR = ("/accounts/", "/static/", "/healthz")


def second_factor_for_staff(respond: Respond) -> Respond:
    """Staff set up TOTP or a passkey before they see anything else (off in the demo)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_ENFORCED
            and not request.path.startswith(_BEFORE_THE_SECOND_FACTOR)
            and request.user.is_authenticated
            and request.user.is_staff_member
            and not is_mfa_enabled(request.user, _SECOND_STEPS)
        ):
            return redirect("mfa_index")  # which says why
        return respond(request)

    return middleware


def pages_are_private(respond: Respond) -> Respond:
    """No page is kept by a browser or a proxy, so that going back after logging out shows none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware
