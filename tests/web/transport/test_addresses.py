"""An address leads where Django's own resolver leads."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import (
    Resolver404,
    ResolverMatch,
    URLPattern,
    URLResolver,
    get_resolver,
    include,
    path,
    re_path,
)

from tukro.web.transport import addresses
from tukro.web.transport.requests import Handler


def view(request: HttpRequest, **kwargs: str) -> HttpResponse:  # the addresses below name them
    return HttpResponse()


def other(request: HttpRequest, **kwargs: str) -> HttpResponse:  # as above
    return HttpResponse()


urlpatterns: list[URLPattern | URLResolver] = [
    path("a/<str:x>", view),
    path("a/b", other),  # never reached
    path("a/<int:x>/c", view, {"more": "1"}),
    path("a/<slug:x>/c", other),
    path("a/", include(([path("<str:x>/d/<str:y>", view, name="deep")], "inner"), namespace="outer")),
    path("p/<path:x>", view),
    path("p/q", other),  # never reached
    re_path("^e/(?P<x>.+)$", view),
    path("e/f", other),  # never reached
    path("f-<str:x>/g", view),
    path("f-h/g", other),  # never reached
    path("f/g", view),
    path("k/", include([path("<str:x>", view)]), {"x": "more"}),
]
_PATHS = [
    *("/a/b", "/a/", "/a", "/a/7/c", "/a/x-y/c", "/a/x.y/c", "/a/b/d/e", "/a/b/d/", "/a/b\nc", "/a/b/"),
    *("/p/q", "/p/q/r", "/e/f", "/e/f/g", "/", "", "a/b", "*", "//", "//a/b", "/a//d/e", "/nowhere", "/ছ"),
    *("/f-h/g", "/f/g", "/f-/g", "/k/1"),
]


def described(match: ResolverMatch | None) -> dict[str, object] | None:
    if match is None:
        return None
    return {name: value for name, value in vars(match).items() if name != "tried"}


def by_django(path: str, urlconf: str) -> ResolverMatch | None:
    try:
        return get_resolver(urlconf).resolve(path)
    except Resolver404:
        return None


def ours(path: str, urlconf: str) -> ResolverMatch | None:
    """As requests are resolved."""
    request = RequestFactory().get("/")
    request.path_info = path
    with override_settings(ROOT_URLCONF=urlconf):
        try:
            return Handler().resolve_request(request)
        except Resolver404:
            return None


@pytest.mark.parametrize("path", _PATHS)
def test_hard_paths(path: str) -> None:
    assert described(ours(path, __name__)) == described(by_django(path, __name__))


def test_every_address_of_the_site() -> None:
    quick = 0
    for levels, end in addresses._walk(get_resolver(settings.ROOT_URLCONF)):
        route = "".join([*(str(level.pattern) for level in levels), str(end.pattern)])
        for value in ("7", "abc-def"):
            path = "/" + re.sub(r"<[^>]*>", value, route)
            found = addresses.find(path, settings.ROOT_URLCONF)
            quick += found is not None
            assert described(ours(path, settings.ROOT_URLCONF)) == described(
                by_django(path, settings.ROOT_URLCONF)
            ), path
    assert quick > 600, "nearly all are found by their parts"


def test_what_nobody_knows_is_left_to_django() -> None:
    assert addresses.find("/nowhere/at/all", settings.ROOT_URLCONF) is None
    with pytest.raises(Resolver404) as told:
        Handler().resolve_request(RequestFactory().get("/nowhere/at/all"))
    assert told.value.args[0]["tried"]
