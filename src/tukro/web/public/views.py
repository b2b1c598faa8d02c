"""What anyone may read: what this is, how it works, which rules hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tukro.web.categories import kinds_by_policy
from tukro.web.public.figures import figures


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
