from django.urls import path

from vernal.web.effects import views

urlpatterns = [
    path("my-care/effects/<uuid:session_id>/", views.my_effects, name="my_effects"),
    path("patients/<uuid:patient_id>/effects/", views.effects, name="effects"),
    path(
        "patients/<uuid:patient_id>/effects/<uuid:session_id>/",
        views.ask_effects,
        name="ask_effects",
    ),
]
