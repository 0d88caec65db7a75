from django.urls import path

from vernal.web.inquiry import views

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("ask/thank-you/", views.asked, name="asked"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/telephone/", views.telephone, name="telephone"),
    path("inbox/<uuid:inquiry_id>/", views.inquiry, name="inquiry"),
    path("inbox/<uuid:inquiry_id>/close/", views.close, name="close_inquiry"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
