from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tukro.notices"
    label = "notices"
