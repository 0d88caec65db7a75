from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vernal.accounts"
    label = "accounts"
