"""Step 8: the review after a session or a course, and the decision signed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.rules.retreatment import OptionReview
from vernal.web.forms import accepted, status_of
from vernal.web.reviews.forms import ReviewForm
from vernal.web.reviews.presenters import review_page
from vernal.workflow import queries
from vernal.workflow import reviews as acts
from vernal.workflow.queries import ReviewView


@require_safe
def review(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    view = queries.review(by=request.user, patient_id=patient_id, at=timezone.now())
    return _page(request, view)


@require_POST
def sign_review(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Done, or the page again with what is refused."""
    acts.check_may_sign(by=request.user, patient_id=patient_id)
    view = queries.review(by=request.user, patient_id=patient_id, at=timezone.now())
    form = ReviewForm(request.POST, judged=_judged(view))

    def sign() -> None:
        acts.sign_review(
            by=request.user, patient_id=patient_id, at=timezone.now(), **form.cleaned_data
        )

    if accepted(form, sign):
        messages.success(request, _("The decision is signed."))
        return redirect("review", patient_id=patient_id)
    return _page(request, view, refused=form)


def _judged(view: ReviewView) -> list[OptionReview]:
    return [each.judged for each in view.options]


def _page(
    request: HttpRequest, view: ReviewView, *, refused: ReviewForm | None = None
) -> HttpResponse:
    page = review_page(view, signer=request.user.name)
    context = {"page": page, "form": refused or ReviewForm(judged=_judged(view))}
    return render(request, "reviews/review.html", context, status=status_of(refused))
