"""Pages that a forgotten open browser must not show: who is there shows again who they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]


def password_first(view: View) -> View:
    """Ask who is there before the form is shown.

    allauth asks after the form was sent, and keeps the whole request, cookie too, in the session meanwhile.
    """

    return _asked_first(view, lambda request: request.path)


def password_first_at(page: str) -> Callable[[View], View]:
    """The same for a view that only a form on another page sends to: one comes back to that ``page``."""
    return lambda view: _asked_first(view, lambda _request: reverse(page))


def _asked_first(view: View, back: Callable[[HttpRequest], str]) -> View:
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_reauthentication_required(request, app="allauth.account"):
            return redirect(f"{reverse('account_reauthenticate')}?next={back(request)}")
        return view(request, *args, **kwargs)

    return asked
