"""allauth's addresses, with honest status codes (it answers 200 to a faulty form and to a dead link).

The password is asked for before the e-mail address can be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.urls import urlpatterns as allauth_patterns
from allauth.mfa.urls import urlpatterns as two_step_patterns
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path

from tukro.web.entry.fresh import password_first

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


def _ours(pattern: URLPattern) -> URLPattern:
    view = password_first(pattern.callback) if pattern.name == "account_email" else pattern.callback
    return URLPattern(pattern.pattern, _honest(view), pattern.default_args, pattern.name)


def _all_ours(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        return _ours(pattern)
    within = [_all_ours(each) for each in pattern.url_patterns]
    return URLResolver(pattern.pattern, within, pattern.default_kwargs)


urlpatterns: list[URLPattern | URLResolver] = [
    *(_ours(each) for each in allauth_patterns if each.name not in _LEFT_OUT),
    path("2fa/", include([_all_ours(each) for each in two_step_patterns])),
]
