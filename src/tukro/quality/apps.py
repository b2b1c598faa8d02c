from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "tukro.quality"
    label = "quality"
