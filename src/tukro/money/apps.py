from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "tukro.money"
    label = "money"
