"""What anyone may read: what this is, how it works, which rules hold."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from tukro.notices.actions import delivering
from tukro.notices.channels.machines import CONFIRMING
from tukro.web.public.figures import figures
from tukro.web.words.categories import kinds_by_policy


@require_safe
def landing(request: HttpRequest) -> HttpResponseBase:
    """What it is, how it works, and the two choices (S0-2, S0-29, S0-30, S1-32)."""
    return render(request, "public/landing.html", {"figures": figures(timezone.now())})


@require_safe
def how(request: HttpRequest) -> HttpResponseBase:
    """The whole way of a task, for both sides (S0-2)."""
    return render(request, "public/how.html")


@require_safe
def rules(request: HttpRequest) -> HttpResponseBase:
    """The rules, and which kinds of work may be posted."""
    return render(request, "public/rules.html", {"categories": kinds_by_policy()})


@require_GET
def confirm_hook(request: HttpRequest, token: str) -> HttpResponseBase:
    """The SubscribeURL of a web hook: whoever has the token was posted it, and says that it listens.

    A program opens it, so the answer is plain text and not for the catalogues.
    """
    del request
    try:
        destination_id = signing.loads(token, salt=CONFIRMING)
    except signing.BadSignature:
        raise Http404 from None
    delivering.confirm_hook(destination_id=destination_id, now=timezone.now())
    return HttpResponse("Confirmed.", content_type="text/plain; charset=utf-8")
