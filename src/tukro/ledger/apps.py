from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tukro.ledger"
    label = "ledger"
