from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "vernal.audit"
    label = "audit"
