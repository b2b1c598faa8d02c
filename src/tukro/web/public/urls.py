"""Addresses that anyone may open."""

from __future__ import annotations

from django.urls import path

from tukro.web.public import app, records, views

app_name = "public"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("how-it-works", views.how, name="how"),
    path("hooks/confirm/<str:token>", views.confirm_hook, name="confirm_hook"),
    path("rules", views.rules, name="rules"),
    path("app-<str:language>.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.service_worker, name="service_worker"),
    path("offline/<str:language>", app.offline, name="offline"),
    *records.urlpatterns,
]
