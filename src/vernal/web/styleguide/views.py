"""Every token and component, where anyone may look at them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vernal.web.styleguide import samples
from vernal.web.styleguide.forms import QuestionForm, SampleForm, SignForm

_ERROR_PAGES = {"400", "403", "403_form_expired", "404", "405", "409", "500", "503"}
_SAMPLE_PAGES = {"patient", "session", "course"}


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """`?room=dark` shows the same page as in a session."""
    return render(
        request,
        "styleguide/styleguide.html",
        {
            **samples.context(),
            **_room(request),
            "sample_form": SampleForm(),
            "refused_form": _refused_form(),
            "sign_form": SignForm(),
            "error_pages": sorted(_ERROR_PAGES),
        },
    )


@login_not_required
@require_safe
def error_page(request: HttpRequest, name: str) -> HttpResponse:
    """How an error page looks; answered with 200, because nothing went wrong."""
    if name not in _ERROR_PAGES:
        raise Http404
    reason = {
        "403": _("Only a prescriber may sign a plan. You are logged in as nurse."),
        "409": _(
            "The plan cannot be signed yet: a pregnancy test from the last seven days is missing."
        ),
    }.get(name, "")
    return render(request, f"errors/{name}.html", {"reason": reason, **_room(request)})


@login_not_required
@require_safe
def sample_page(request: HttpRequest, name: str) -> HttpResponse:
    """The components together, as a patient, a nurse and a prescriber meet them."""
    if name not in _SAMPLE_PAGES:
        raise Http404
    context = {
        **samples.context(),
        **_room(request),
        "nav_items": samples.PATIENT_NAV if name == "patient" else samples.NAV,
        "is_staff": name != "patient",
        "help_now": {"clinics": samples.CLINICS} if name == "patient" else None,
        "question_form": QuestionForm(),
    }
    return render(request, f"styleguide/{name}.html", context)


def _room(request: HttpRequest) -> dict[str, object]:
    return {
        "room_is_dark": request.GET.get("room") == "dark",
        "styleguide_url": reverse("styleguide"),
    }


def _refused_form() -> SampleForm:
    """A second form on one page needs ids of its own."""
    form = SampleForm({"weight_kg": "7.25", "route": "iv"}, auto_id="refused_%s")
    keep = ("weight_kg", "reaction")
    form.fields = {name: field for name, field in form.fields.items() if name in keep}
    form.full_clean()
    return form
