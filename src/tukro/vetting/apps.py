from django.apps import AppConfig


class VettingConfig(AppConfig):
    name = "tukro.vetting"
    label = "vetting"
