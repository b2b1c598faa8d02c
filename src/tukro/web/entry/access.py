"""Who may open a page: decorators that put ``request.worker`` or ``request.requester`` in place.

Strangers are sent to sign in (a machine that asks for JSON gets 401); people who may not be here see 404,
because forbidden looks like absent.

The doors that do nothing but one verb (accept, submit, approve) save the look-up of the session:
``worker_acts`` and ``requester_acts`` hand the verb whoever the session is of, and its own statement finds
them. Where it finds nobody, or where more must be known, the view runs again behind the usual guard.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from tukro.kernel.errors import Refused
from tukro.people.models import Requester, User, Worker
from tukro.people.queries.visiting import BySession, CallerUnknown, RequesterBySession, WorkerBySession
from tukro.web.entry.answers import wants_json
from tukro.web.entry.pace import PACE
from tukro.web.entry.reader import look_up_reader
from tukro.web.entry.sessions import by_session
from tukro.web.entry.tokens import by_token, too_fast

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
When = Callable[[HttpRequest], bool]


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


class WorkerActing(HttpRequest):
    """A request of a worker whom the statement of a verb may be about to look up."""

    worker: Worker | WorkerBySession


class RequesterActing(HttpRequest):
    requester: Requester | RequesterBySession


def user_required(
    view: Callable[Concatenate[UserRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Signed in, whatever else the person is."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(cast(UserRequest, request), *args, **kwargs)

    return guarded


def worker_required(
    view: Callable[Concatenate[WorkerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A worker of any state: the verbs refuse who may not act. Others are shown how to become one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        look_up_reader(request)
        if request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer "):
            return by_token(request, cast("Callable[..., HttpResponseBase]", view), *args, **kwargs)
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
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


def worker_acts(
    when: When,
) -> Callable[
    [Callable[Concatenate[WorkerActing, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """``worker_required`` for a view that, ``when`` the request is such, runs one verb and says no word."""

    def guard(
        view: Callable[Concatenate[WorkerActing, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        return _acts(view, worker_required(cast(Any, view)), "worker", WorkerBySession, when)

    return guard


def requester_acts(
    when: When,
) -> Callable[
    [Callable[Concatenate[RequesterActing, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """``requester_required`` for such a view."""

    def guard(
        view: Callable[Concatenate[RequesterActing, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        return _acts(view, requester_required(cast(Any, view)), "requester", RequesterBySession, when)

    return guard


def _acts(
    view: Callable[..., HttpResponseBase],
    usual: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    role: str,
    kind: type[BySession],
    when: When,
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        caller = by_session(request, kind) if when(request) else None
        if caller is None:
            return usual(request, *args, **kwargs)
        setattr(request, role, caller)
        try:
            return view(request, *args, **kwargs)
        except CallerUnknown:
            return usual(request, *args, **kwargs)
        except (Refused, Http404, BadRequest):
            if caller.found:
                raise
            return usual(request, *args, **kwargs)  # which first asks who it is

    return looks_up_later(guarded)


def looked_up(request: WorkerActing) -> WorkerRequest:
    """The request once its worker is looked up, in the usual way; nothing but the session is asked again."""
    if isinstance(request.worker, WorkerBySession):
        worker = worker_of(look_up_reader(request))
        if worker is None:  # the session ended this moment
            raise CallerUnknown
        request.worker = worker
    return cast(WorkerRequest, request)


def looks_up_later(view: View) -> View:
    """Mark a view before which the reader is not looked up (reader.py)."""
    vars(view)["looks_up_later"] = True
    return view


def requester_required(
    view: Callable[Concatenate[RequesterRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A requester. Others are shown how to become one."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
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
            return ask_to_sign_in(request)
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


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The way to the page where one signs in; for a machine that asks for JSON, 401."""
    if wants_json(request):
        sentence = str(_("Please sign in first."))
        return JsonResponse({"error": "sign_in_required", "message": sentence}, status=401)
    # After a POST there is nothing to come back to but the page before.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _not_yet(request: HttpRequest, page: str) -> HttpResponseBase:
    if wants_json(request) or request.method != "GET":
        raise Http404
    return redirect_to_login(request.get_full_path(), page)
