"""Workers' programs with a token: they read the worker's pages as data, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tukro.people.actions.tokens import worker_with_token
from tukro.web.entry.answers import error
from tukro.web.entry.pace import PACE


def by_token(
    request: HttpRequest, view: Callable[..., HttpResponseBase], *args: object, **kwargs: object
) -> HttpResponseBase:
    """What the view answers to the worker behind ``Authorization: Bearer``: always JSON, and only to GET.

    The cookie of a session is not looked at, so a token never does what only a signed-in person may.
    """
    asked: Any = request
    asked.GET = query = request.GET.copy()
    query["format"] = "json"  # whatever else was asked for
    if request.method not in ("GET", "HEAD"):
        return _refusal(HTTPStatus.FORBIDDEN, "read_only_token", _("A token can read, and change nothing."))
    worker = worker_with_token(
        request.META["HTTP_AUTHORIZATION"].removeprefix("Bearer ").strip(), now=timezone.now()
    )
    if worker is None:
        no = _refusal(HTTPStatus.UNAUTHORIZED, "bad_token", _("This token does not work, or no longer."))
        no.headers["WWW-Authenticate"] = "Bearer"
        return no
    if wait := PACE.wait_for(worker.pk):
        return too_fast(request, wait)
    asked.worker, asked.user = worker, worker.user
    answer = view(asked, *args, **kwargs)
    if answer.status_code == HTTPStatus.OK and answer.headers.get("Content-Type") != "application/json":
        return error(request, HTTPStatus.NOT_FOUND)  # a page that has no data to give
    return answer


def too_fast(request: HttpRequest, wait: int) -> HttpResponseBase:
    """429 with the seconds to wait; nothing was read."""
    answer = error(request, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": code, "message": message}, status=status)
