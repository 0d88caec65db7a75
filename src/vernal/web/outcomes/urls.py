from django.urls import path

from vernal.web.outcomes import views

urlpatterns = [
    path("my-care/scales/", views.my_outcomes, name="my_outcomes"),
    path("my-care/scales/<slug:scale_id>/", views.my_scale, name="my_scale"),
    path("patients/<uuid:patient_id>/outcomes/", views.outcomes, name="outcomes"),
    path("patients/<uuid:patient_id>/outcomes/total/", views.enter_total, name="enter_total"),
    path(
        "patients/<uuid:patient_id>/outcomes/measure/", views.record_measure, name="record_measure"
    ),
]
