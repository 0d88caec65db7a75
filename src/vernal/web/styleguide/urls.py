from django.urls import path

from vernal.web.styleguide import views

urlpatterns = [
    path("", views.styleguide, name="styleguide"),
    path("errors/<slug:name>/", views.error_page, name="styleguide_error"),
    path("pages/<slug:name>/", views.sample_page, name="styleguide_page"),
]
