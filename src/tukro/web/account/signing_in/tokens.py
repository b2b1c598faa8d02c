"""Worker tokens: made and revoked here, seen once."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.errors import Refused
from tukro.people.actions.tokens import (
    MAX_NAME,
    TOKENS_AT_ONCE,
    make_worker_token,
    revoke_worker_token,
)
from tukro.people.queries import tokens_of
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.refusals import refusal_message, refusal_status


@never_cache
@require_http_methods(["GET", "POST"])
@worker_required
def page(request: WorkerRequest) -> HttpResponse:
    """The tokens that work. A POST makes one and shows it, this once."""
    made, refused, status = "", "", 200
    if request.method == "POST":
        try:
            made = make_worker_token(
                worker=request.worker, name=request.POST.get("name", ""), now=timezone.now()
            )
        except Refused as refusal:
            refused, status = refusal_message(refusal), refusal_status(refusal)
    tokens = list(tokens_of(request.worker))
    context = {
        "tokens": tokens,
        "limit": TOKENS_AT_ONCE,
        "has_room": len(tokens) < TOKENS_AT_ONCE,
        "made": made,
        "refused": refused,
        "longest": MAX_NAME,
        "lines": "\n".join(_lines(made or "…")),
    }
    return render(request, "account/tokens.html", context, status=status)


def _lines(token: str) -> list[str]:
    """How a program asks for the open list, and listens to the news."""
    asked = f'curl -H "Authorization: Bearer {token}"'
    news = [f"{asked} -N {settings.NEWS_URL}/news"] if settings.NEWS_URL else []
    return [f"{asked} {settings.SITE_URL}{reverse('worker:projects')}", *news]


@require_POST
@worker_required
def revoke(request: WorkerRequest, token_pk: int) -> HttpResponse:
    """Make the token useless."""
    revoke_worker_token(worker=request.worker, token_pk=token_pk, now=timezone.now())
    messages.success(request, _("The token no longer works."))
    return redirect("account:tokens")


urlpatterns = [
    path("tokens", page, name="tokens"),
    path("tokens/<int:token_pk>/revoke", revoke, name="token_revoke"),
]
