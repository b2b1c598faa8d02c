from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "tukro.work"
    label = "work"
