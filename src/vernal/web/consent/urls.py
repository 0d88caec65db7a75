from django.urls import path

from vernal.web.consent import views

CONSENT = "patients/<uuid:patient_id>/consent/"

urlpatterns = [
    path("my-care/consent/", views.my_consent, name="my_consent"),
    path("my-care/consent/sign/", views.sign_my_consent, name="sign_my_consent"),
    path("my-care/consent/withdraw/", views.withdraw_my_consent, name="withdraw_my_consent"),
    path(CONSENT, views.consent, name="consent"),
    path(CONSENT + "discuss/", views.discuss_consent, name="discuss_consent"),
    path(CONSENT + "withdraw/", views.withdraw_consent, name="withdraw_consent"),
]
