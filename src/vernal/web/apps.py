from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vernal.web"
    label = "web"
