from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tukro.journal"
    label = "journal"
