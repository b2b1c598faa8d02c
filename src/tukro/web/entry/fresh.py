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

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_reauthentication_required(request, app="allauth.account"):
            return redirect(f"{reverse('account_reauthenticate')}?next={request.path}")
        return view(request, *args, **kwargs)

    return asked
