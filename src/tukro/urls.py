"""Addresses to views."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

from tukro.health import healthz
from tukro.web.doors import hooks, resumable
from tukro.web.doors.files import linked_file, proof_file
from tukro.web.entry.reader import choose_language, choose_theme
from tukro.web.public.views import landing
from tukro.web.worker import model_site


def front(request: HttpRequest) -> HttpResponseBase:
    """The front page; scripts of the model's worker site ask here for the open list."""
    return model_site.front_page(request) if model_site.is_asked(request) else landing(request)


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("", front),
    path("requester/", include("tukro.web.requester.urls")),
    path("staff/", include("tukro.web.staff.urls")),
    path("account/", include("tukro.web.account.urls")),
    path("account/", include("tukro.web.account.signing_in.addresses")),
    path("", include("tukro.web.worker.urls")),
    path("", include("tukro.web.public.urls")),
    path("files/linked/<str:link>", linked_file, name="linked_file"),
    path("files/<str:file_id>", proof_file, name="proof_file"),
    path("hooks/sslcommerz/back/<str:deposit_id>/<str:came>", hooks.back_from_sslcommerz, name="hook_back"),
    path("hooks/identity/<str:provider>", hooks.identity_hook, name="identity_hook"),
    path("hooks/payouts/<str:provider>", hooks.payout_hook, name="payout_hook"),
    path("hooks/letters/<str:provider>", hooks.letter_hook, name="letter_hook"),
    path("hooks/<str:provider>", hooks.hook, name="hook"),
    path("uploads", resumable.uploads, name="uploads"),
    path("uploads/<str:file_id>", resumable.upload, name="upload"),
    path("language", choose_language, name="choose_language"),
    path("theme", choose_theme, name="choose_theme"),
]

handler400 = "tukro.web.entry.answers.bad_request"
handler403 = "tukro.web.entry.answers.forbidden"
handler404 = "tukro.web.entry.answers.not_found"
handler500 = "tukro.web.entry.answers.server_error"
