"""Turns what the layers below raise into pages, in one place."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string

from vernal.rules.conditions import UnknownValue
from vernal.workflow.errors import DATABASE_REFUSED, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.spoken import spoken

log = logging.getLogger("vernal.web")

# A page is read and a form is sent; no address answers anything else.
METHODS = ("GET", "HEAD", "POST")


class ErrorPages:
    """403 with the reason, 404, 405, 409 with what must happen first, 503 when nothing was kept."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return _wrong_method(request, HttpResponseNotAllowed(METHODS))
        response = self.respond(request)
        return _wrong_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DATABASE_REFUSED):
            log.error("event=database_refused error=%s", type(error).__name__)
            # Without the request: what fills the page's head would ask the database again.
            return HttpResponse(render_to_string("errors/503.html"), status=503)
        match error:
            case NotAllowed():
                return render(request, "errors/403.html", {"reason": str(error)}, status=403)
            case NotFound():
                return not_found(request)
            case NotPossibleNow() | UnknownValue():
                reason = spoken(str(error))
                return render(request, "errors/409.html", {"reason": reason}, status=409)
        return None


def _wrong_method(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Who logs in again after pressing a button is led to the button's own address: say so."""
    response = render(request, "errors/405.html", status=405)
    response["Allow"] = answer["Allow"]
    return response


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is here that this person may know of."""
    return render(request, "errors/404.html", status=404)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address or the form could not be read."""
    return render(request, "errors/400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The role does not allow it; the page says which one does."""
    return render(request, "errors/403.html", status=403)


@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit; what was typed is still in the browser."""
    return render(request, "errors/403_form_expired.html", status=403)
