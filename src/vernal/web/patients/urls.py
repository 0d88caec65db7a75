from django.urls import path

from vernal.web.patients import views

urlpatterns = [
    path("patients/", views.patients, name="patients"),
    path("patients/<uuid:patient_id>/", views.chart, name="chart"),
]
