from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tukro.privacy"
    label = "privacy"
