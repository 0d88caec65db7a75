from django.urls import path

from vernal.web.sessions import api, views

urlpatterns = [
    path("sessions/today/", views.sessions_today, name="sessions_today"),
    path("sessions/room/", views.room, name="session_room"),
    path("sessions/<uuid:session_id>/", views.session, name="session"),
    path("sessions/<uuid:session_id>/events/", api.events, name="session_events"),
    path("sessions/<uuid:session_id>/unlock/", views.unlock, name="session_unlock"),
    path("sessions/<uuid:session_id>/event/<slug:kind>/", views.event, name="session_event"),
    path(
        "sessions/<uuid:session_id>/entries/<uuid:event_id>/correct/",
        views.correct,
        name="session_correct",
    ),
    path(
        "sessions/<uuid:session_id>/entries/<uuid:event_id>/seal/", views.seal, name="session_seal"
    ),
    path("pin/", views.pin, name="pin"),
]
