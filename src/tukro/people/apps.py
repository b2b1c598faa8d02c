from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tukro.people"
    label = "people"
