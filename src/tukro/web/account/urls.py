"""Addresses of the account pages that are ours."""

from __future__ import annotations

from django.urls import path

from tukro.web.account import views
from tukro.web.account.oneself import country, known_to, own_data, profile
from tukro.web.account.signing_in import sessions, tokens
from tukro.web.account.told import notices

app_name = "account"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("start", views.start, name="start"),
    path("welcome", views.welcome, name="welcome"),
    path("contact", views.contact, name="contact"),
    path("choose", views.choose, name="choose"),
    path("worker", views.request_worker, name="request_worker"),
    path("requester", views.join_as_requester, name="become_requester"),
    path("confirm-email-again", views.verify_again, name="verify_again"),
    *notices.urlpatterns,
    *sessions.urlpatterns,
    *profile.urlpatterns,
    *country.urlpatterns,
    *own_data.urlpatterns,
    *known_to.urlpatterns,
    *tokens.urlpatterns,
]
