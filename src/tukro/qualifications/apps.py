from django.apps import AppConfig


class QualificationsConfig(AppConfig):
    name = "tukro.qualifications"
    label = "qualifications"
