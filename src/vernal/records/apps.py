from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "vernal.records"
    label = "records"
