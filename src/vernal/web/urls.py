"""Addresses, step by step in the order of care. They hold ids, never names or answers."""

from django.urls import include, path

urlpatterns = [
    path("", include("vernal.web.welcome.urls")),
    path("", include("vernal.web.inquiry.urls")),
    path("", include("vernal.web.patients.urls")),
    path("", include("vernal.web.intake.urls")),
    path("", include("vernal.web.screening.urls")),
    path("", include("vernal.web.plan.urls")),
    path("", include("vernal.web.consent.urls")),
    path("", include("vernal.web.effects.urls")),
    path("", include("vernal.web.outcomes.urls")),
    path("", include("vernal.web.reviews.urls")),
    path("", include("vernal.web.sessions.urls")),
    path("", include("vernal.web.alerts.urls")),
    path("", include("vernal.web.staff.urls")),
    path("accounts/", include("vernal.web.accounts.urls")),
    path("styleguide/", include("vernal.web.styleguide.urls")),
]
