from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "tukro.records"
    label = "records"
