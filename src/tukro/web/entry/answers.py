"""How a door answers when something is refused or wrong: a page in the reader's language, or JSON.

JSON goes to those who ask for it (``?format=json`` or an Accept header that prefers it), always as
``{"error": code, "message": sentence}`` with the same status that the page would have.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import Refused
from tukro.kernel.sealing import SealBroken
from tukro.web.entry.reader import look_up_reader
from tukro.web.refusals import refusal_code, refusal_mend, refusal_message, refusal_status

log = logging.getLogger(__name__)

_TOO_LONG = "22001"  # PostgreSQL's string_data_right_truncation
_NUL_SIGNS = ("NUL", "\\u0000")  # in a text; in facts of the journal, which are JSON

_ERRORS: dict[int, tuple[str, str | Promise, str | Promise]] = {
    400: ("bad_request", _("That request makes no sense"), _("Go back, reload the page and try once more.")),
    403: (
        "forbidden",
        _("The page was open for too long"),
        _("For your safety nothing was done. Go back, reload the page and try once more."),
    ),
    404: ("not_found", _("There is nothing here"), _("This does not exist, or it is not yours.")),
    411: (
        "length_required",
        _("Its length is missing"),
        _("What you sent came without its length (Content-Length). Say it, and try once more."),
    ),
    413: ("too_large", _("That is too large"), _("Choose a smaller file and try once more.")),
    429: (
        "too_many_requests",
        _("One moment"),
        _("You were faster than we can be. Wait a minute and try once more."),
    ),
    503: (
        "sealed",
        _("This is locked at the moment"),
        _("What is kept here under seal cannot be opened. Nothing is lost; the operator has to mend it."),
    ),
}

_TOO_MUCH: dict[str, str | Promise] = {  # by the name of Django's exception
    "RequestDataTooBig": _("What you sent is longer than a page takes. Shorten it, and try once more."),
    "TooManyFilesSent": _("These are too many files for one time. Send them in several steps."),
    "TooManyFieldsSent": _(
        "These are too many entries for one time. Choose fewer, and do the rest afterwards."
    ),
}


class RefusalMiddleware:
    """Turns a ``Refused`` that left a view into the answer for it. The view wrote nothing.

    So with what was sealed under another secret: only the operator can mend that, and is told in the log. And
    with the one character that PostgreSQL keeps in no text (NUL), and with words that are longer than their
    column: no browser lets anybody type them in a field of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SealBroken):
            log.error("sealed with another TUKRO_SECRET_KEY: %s", request.path)
            return error(request, 503)
        if isinstance(exception, DataError) and any(sign in str(exception) for sign in _NUL_SIGNS):
            return error(request, 400)
        if isinstance(exception, DataError) and getattr(exception.__cause__, "sqlstate", "") == _TOO_LONG:
            log.warning("a text is longer than its column: %s", request.path)
            return too_large(request)
        return refused(request, exception) if isinstance(exception, Refused) else None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A page that says what was refused and leads back, or JSON."""
    look_up_reader(request)
    message, status = refusal_message(refusal), refusal_status(refusal)
    if wants_json(request):
        return JsonResponse({"error": refusal_code(refusal), "message": message}, status=status)
    if status == 404:
        return error(request, 404)
    match = request.resolver_match
    context = {
        "heading": _("That did not work"),
        "message": message,
        "mend": refusal_mend(refusal, on=match.namespace if match else ""),
        "back": _way_back(request),
    }
    return render(request, "refused.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    if "format" in request.GET:
        return request.GET["format"] == "json"
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def error(request: HttpRequest, status: int, *, mend: str | Promise | None = None) -> HttpResponse:
    """The page or the JSON for an HTTP status that no verb has a word for; ``mend``: what helps here."""
    look_up_reader(request)
    code, heading, usual = _ERRORS[status]
    message = mend or usual
    if wants_json(request):
        return JsonResponse({"error": code, "message": str(message)}, status=status)
    return render(request, "error.html", {"heading": heading, "message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    wrong = type(exception).__name__
    return error(request, 413 if wrong in _TOO_MUCH else 400, mend=_TOO_MUCH.get(wrong))


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django calls it so
    """Django's handler403 and CSRF_FAILURE_VIEW: an expired or forged token."""
    return error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django calls it so
    """Django's handler404."""
    return error(request, 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """A body that was not received, where no files are taken."""
    return error(request, 413, mend=_TOO_MUCH["RequestDataTooBig"])


def no_length(request: HttpRequest) -> HttpResponse:
    return error(request, 411)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django calls it so
    return error(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500. Reads no session, no user and no database: one of them may be the fault.

    A database that cannot be reached, or that broke an act off, is no fault of a page: 503, try again.
    """
    if getattr(request, "reader_waits", False):
        translation.activate(translation.get_language_from_request(request))
    away = isinstance(sys.exception(), (OperationalError, InterfaceError))
    status = 503 if away else 500
    code, heading, message = _AWAY if away else _BROKEN
    answer: HttpResponse
    if wants_json(request):
        answer = JsonResponse({"error": code, "message": str(message)}, status=status)
    else:
        page = render_to_string("500.html", {"heading": heading, "message": message})
        answer = HttpResponse(page, status=status)
    if away:
        answer["Retry-After"] = "30"
    return answer


_BROKEN = (
    "server_error",
    _("Something broke"),
    _("Something broke on our side. What you did may not have been saved; try once more in a minute."),
)
_AWAY = (
    "unavailable",
    _("Back in a moment"),
    _("Our database does not answer. What you did may not have been saved; try once more in a minute."),
)


def _way_back(request: HttpRequest) -> str:
    """The page that the person came from, when it is one of ours and not this very address."""
    parts = urlsplit(str(request.META.get("HTTP_REFERER", "")))
    if parts.netloc != request.get_host() or parts.path == request.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
