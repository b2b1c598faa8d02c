"""Who reads the page: their language, clock and digits, and the switches that change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tukro.web import formats
from tukro.web.entry.sessions import person_of

_YEAR = 365 * 86_400
_THEMES = ("light", "dark")


class ReaderMiddleware:
    """Put ``request.user`` in place, and language, time zone and digits that the person reads.

    A signed-in person's choice wins; then the cookie that the switch sets; then what the browser asks for.
    They are put in place before the view, or, where a view looks its person up later (access.py), when
    someone first asks for ``request.user`` or has a word to say (answers.py). They stay in force when the
    answer is made, as with Django's own LocaleMiddleware: what comes next on this thread sets its own, and an
    error page of the outermost layer still speaks to the same person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        waiting: Any = request
        waiting.reader_waits, waiting.user = True, SimpleLazyObject(lambda: look_up_reader(request))
        with formats.read_by(lambda: request.user):
            response = self.get_response(request)
        if not waiting.reader_waits:
            response.headers.setdefault("Content-Language", waiting.LANGUAGE_CODE)
        if "Vary" in response.headers:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        else:
            response.headers["Vary"] = "Accept-Language, Cookie"
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: object,  # noqa: ARG002  # Django calls it so
        kwargs: object,  # noqa: ARG002  # Django calls it so
    ) -> None:
        if not getattr(view, "looks_up_later", False):
            look_up_reader(request)


def look_up_reader(request: HttpRequest) -> Any:
    """Put the reader in place, if that was not done before; returns the user. The task host has no reader."""
    if not getattr(request, "reader_waits", False):
        return getattr(request, "user", None)
    waiting: Any = request
    person: Any = person_of(request)  # fails when the database is away: then the reader still waits
    waiting.reader_waits = False
    waiting.user = person
    language = getattr(person, "language", "") or translation.get_language_from_request(request)
    zone = formats.known_zone(getattr(person, "time_zone", ""))
    if translation.get_language() != language:
        translation.activate(language)
    if timezone.get_current_timezone() is not zone:
        timezone.activate(zone)
    waiting.LANGUAGE_CODE = language
    return person


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
