"""Who reads the page: binds the formatter to the signed-in user and keeps the language that was chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tukro.web import formats

_YEAR = 365 * 86_400
_THEMES = ("light", "dark")


class ReaderMiddleware:
    """Stands after the middleware for sessions, language and sign-in.

    A browser without a language cookie gets the language that its signed-in user chose elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with formats.read_by(lambda: request.user):
            chosen = _language_kept_with_user(request)
            if chosen:
                translation.activate(chosen)
                request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
            if chosen:
                _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
            return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """The switch at the foot of each page: light, dark, or as the device says."""
    response = HttpResponseRedirect(_safe_next(request))
    theme = request.POST.get("theme", "")
    if theme == "system":
        response.delete_cookie("theme", samesite="Lax")
    elif theme in _THEMES:
        _keep(response, "theme", theme)
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The switch at the top of each page: keep the language in a cookie, and with a signed-in user."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_next(request))
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated and request.user.language != language:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def _language_kept_with_user(request: HttpRequest) -> str:
    if (
        settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        or settings.SESSION_COOKIE_NAME not in request.COOKIES
    ):
        return ""
    language = getattr(request.user, "language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
