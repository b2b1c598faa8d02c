"""Who may open a page: decorators that put ``request.worker`` or ``request.requester`` in place.

Strangers are sent to sign in (a machine that asks for JSON gets 401); people who may not be here see 404,
because forbidden looks like absent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tukro.people.models import Requester, User, Worker
from tukro.web.answers import wants_json
from tukro.web.pace import PACE
from tukro.web.tokens import by_token, too_fast

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of someone who signed in."""

    user: User


class WorkerRequest(UserRequest):
    """A request of a person who may be (or waits to be) a worker."""

    worker: Worker


class RequesterRequest(UserRequest):
    """A request of a person who posts tasks."""

    requester: Requester


class StaffRequest(UserRequest):
    """A request of a member of staff."""


def user_required(
    view: Callable[Concatenate[UserRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Signed in, whatever else the person is."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        return view(cast(UserRequest, request), *args, **kwargs)

    return guarded


def worker_required(
    view: Callable[Concatenate[WorkerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A worker of any state: the verbs refuse who may not act. Others are shown how to become one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer "):
            return by_token(request, cast("Callable[..., HttpResponseBase]", view), *args, **kwargs)
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        worker = worker_of(request.user)
        if worker is None:
            return _not_yet(request, "account:request_worker")
        if (
            request.method == "GET"
            and request.GET.get("format") == "json"
            and (wait := PACE.wait_for(worker.pk))
        ):
            return too_fast(request, wait)
        asked = cast(WorkerRequest, request)
        asked.worker = worker
        return view(asked, *args, **kwargs)

    return guarded


def requester_required(
    view: Callable[Concatenate[RequesterRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A requester. Others are shown how to become one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        requester = requester_of(request.user)
        if requester is None:
            return _not_yet(request, "account:become_requester")
        asked = cast(RequesterRequest, request)
        asked.requester = requester
        return view(asked, *args, **kwargs)

    return guarded


def staff_required(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Staff. To everyone else the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if not request.user.is_staff:
            raise Http404
        return view(cast(StaffRequest, request), *args, **kwargs)

    return guarded


def worker_of(user: Any) -> Worker | None:
    """The worker that this signed-in user is. No query: the session brought the row along."""
    return getattr(user, "worker", None)


def requester_of(user: Any) -> Requester | None:
    """The requester that this signed-in user is. No query: the session brought the row along."""
    return getattr(user, "requester", None)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_json(request):
        sentence = str(_("Please sign in first."))
        return JsonResponse({"error": "sign_in_required", "message": sentence}, status=401)
    # After a POST there is nothing to come back to but the page before.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _not_yet(request: HttpRequest, page: str) -> HttpResponseBase:
    if wants_json(request) or request.method != "GET":
        raise Http404
    return redirect(page)
