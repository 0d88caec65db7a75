"""Every address of the product."""

from django.urls import include, path

urlpatterns = [path("", include("vernal.web.urls"))]

handler400 = "vernal.web.errors.bad_request"
handler403 = "vernal.web.errors.forbidden"
handler404 = "vernal.web.errors.not_found"
