from django.urls import path

from vernal.web.welcome import views

urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("home/", views.home, name="home"),
    path("help-now/", views.help_now, name="help_now"),
    path("healthz", views.healthz, name="healthz"),
]
