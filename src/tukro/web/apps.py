from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tukro.web"
    label = "web"
