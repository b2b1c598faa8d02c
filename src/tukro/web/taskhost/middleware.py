"""The fork at the front door: what arrives for the task host never meets sessions, cookies or site pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation

from tukro.web.taskhost import names, pages


class TaskHostMiddleware:
    """Stands first in MIDDLEWARE. Answers requests for the task host by itself, passes on all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        place = names.place_of(host=request.META.get("HTTP_HOST", ""), path=request.path_info)
        if place is None and names.is_submit_address(request.path_info):
            return pages.guarded(_hand_in_by_id(request))
        if place is None:
            return self.get_response(request)
        request.COOKIES.clear()  # where site and task pages share a name, the site's cookies arrive here
        language = translation.get_language_from_request(request)
        with translation.override(language):
            return pages.guarded(_answer(request, place))


def _hand_in_by_id(request: HttpRequest) -> HttpResponse:
    """MTurk's submit address on any other name of ours, for pages and programs that know but one host.

    No session is opened and no cookie set; one that comes along is only asked whose it is.
    """
    with translation.override(translation.get_language_from_request(request)):
        return pages.external_submit(request, None)


def _answer(request: HttpRequest, place: names.Place) -> HttpResponse:
    if place.label is None:
        return pages.not_found(place.label)
    try:
        match = resolve(place.path, urlconf="tukro.web.taskhost.urls")
    except Resolver404:
        return pages.not_found(place.label)
    answer = match.func(request, place.label, *match.args, **match.kwargs)
    assert isinstance(answer, HttpResponse)
    return answer
