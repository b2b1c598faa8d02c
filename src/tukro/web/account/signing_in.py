"""allauth's addresses, with honest status codes: it answers 200 to a faulty form and to a dead link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.urls import urlpatterns as allauth_patterns
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern

View = Callable[..., HttpResponseBase]

# Everyone here has a password, so there is none to set for the first time; codes by mail are not offered.
_LEFT_OUT = {"account_set_password", "account_confirm_login_code"}


def _honest(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.status_code == HTTPStatus.OK:
            response.status_code = _status(response.context_data or {})
        return response

    return answered


def _status(shown: dict[str, Any]) -> HTTPStatus:
    """What the page that is about to be shown says, as a status."""
    if shown.get("token_fail") or shown.get("confirmation", "none asked for") is None:
        return HTTPStatus.GONE  # a link that is forged, used or too old
    form = shown.get("form")
    if form is not None and form.is_bound and form.errors:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK


urlpatterns = [
    URLPattern(each.pattern, _honest(each.callback), each.default_args, each.name)
    for each in allauth_patterns
    if each.name not in _LEFT_OUT
]
