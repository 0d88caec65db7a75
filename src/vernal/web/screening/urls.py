from django.urls import path

from vernal.web.screening import views

urlpatterns = [
    path("patients/<uuid:patient_id>/screening/", views.screening, name="screening"),
    path("patients/<uuid:patient_id>/screening/treatment/", views.consider, name="consider"),
    path("patients/<uuid:patient_id>/screening/weigh/", views.weigh, name="weigh"),
    path("patients/<uuid:patient_id>/screening/override/", views.override, name="override"),
    path("patients/<uuid:patient_id>/screening/sign/", views.sign, name="sign_screening"),
]
