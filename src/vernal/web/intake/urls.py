from django.urls import path

from vernal.web.intake import views

urlpatterns = [
    path("my-care/", views.my_care, name="my_care"),
    path("my-care/history/<slug:section_id>/", views.my_section, name="my_section"),
    path("my-care/help/", views.my_safety, name="my_safety"),
    path("my-care/send/", views.send, name="send_intake"),
    path("patients/<uuid:patient_id>/history/<slug:section_id>/", views.section, name="section"),
    path(
        "patients/<uuid:patient_id>/history/<slug:section_id>/earlier/",
        views.section_history,
        name="section_history",
    ),
]
