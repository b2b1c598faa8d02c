from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "tukro.campaigns"
    label = "campaigns"
