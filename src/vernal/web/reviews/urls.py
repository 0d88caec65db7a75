from django.urls import path

from vernal.web.reviews import views

urlpatterns = [
    path("patients/<uuid:patient_id>/review/", views.review, name="review"),
    path("patients/<uuid:patient_id>/review/sign/", views.sign_review, name="sign_review"),
]
