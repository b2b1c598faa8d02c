"""The bell: what a person was told, read and unread, by which ways they are told, on which devices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tukro.notices.actions.choosing import choices_of, choose_ways, stopped_by, switch_mail
from tukro.notices.actions.devices import add_device, remove_device, renew_device
from tukro.notices.actions.telling import keep_as_unread, read_all, read_notice
from tukro.notices.queries import devices_of, notices_of
from tukro.notices.rules.kinds import Way, choosable, ways_of
from tukro.people.models import User
from tukro.web.account.signing_in.device_names import device_name
from tukro.web.account.told.notice_words import KIND_WORDS, WAYS
from tukro.web.account.told.push_key import public_key
from tukro.web.alike.paging import one_page, page_ended_at, row_number
from tukro.web.entry.access import UserRequest, requester_of, user_required, worker_of

PAGE = 30


@require_GET
@user_required
def notices(request: UserRequest) -> HttpResponse:
    """What the person was told, newest first."""
    only_unread = request.GET.get("show") == "unread"
    found = notices_of(request.user, before=page_ended_at(request), unread=only_unread, limit=PAGE + 1)
    rows, next_cursor = one_page(found, PAGE, lambda row: row.pk)
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "rows": [(row, KIND_WORDS[row.kind][0], row.said_in(language)) for row in rows],
        "next_cursor": next_cursor,
        "only_unread": only_unread,
    }
    return render(request, "account/notices.html", context)


@require_GET
@user_required
def open_notice(request: UserRequest, notice_id: int) -> HttpResponseBase:
    """Where the notice leads; it counts as read from now on."""
    return redirect(read_notice(user=request.user, notice_id=notice_id, now=timezone.now()).link)


@require_POST
@user_required
def mark(request: UserRequest, notice_id: int) -> HttpResponseBase:
    """Read, or unread again, without going there."""
    if request.POST.get("as") == "unread":
        keep_as_unread(user=request.user, notice_id=notice_id)
    else:
        read_notice(user=request.user, notice_id=notice_id, now=timezone.now())
    return redirect("account:notices")


@require_POST
@user_required
def mark_all(request: UserRequest) -> HttpResponseBase:
    read_all(user=request.user, now=timezone.now())
    return redirect("account:notices")


# --- by which ways ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of the table of choices."""

    name: str
    way: str | Promise
    is_on: bool
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Row:
    kind: str | Promise
    about: str | Promise
    cells: list[Cell]


@require_http_methods(["GET", "POST"])
@user_required
def choices(request: UserRequest) -> HttpResponseBase:
    """Which kinds come by which ways, and the devices that get pushes."""
    user = request.user
    kinds = choosable(worker=worker_of(user) is not None, requester=requester_of(user) is not None)
    if request.method == "POST":
        chosen = {kind.code: [way for way in Way if f"{kind.code}.{way}" in request.POST] for kind in kinds}
        choose_ways(user=user, chosen=chosen, now=timezone.now())
        messages.success(request, _("Saved. From now on you are told like this."))
        return redirect("account:notice_choices")
    known = choices_of([user.pk]).get(user.pk, {})
    rows = []
    for kind in kinds:
        on, (words, about) = ways_of(kind.code, known), KIND_WORDS[kind.code]
        cells = [Cell(f"{kind.code}.{way}", WAYS[way], way in on, way in kind.fixed) for way in Way]
        rows.append(Row(words, about, cells))
    context = {
        "rows": rows,
        "ways": WAYS.values(),
        "devices": devices_of(user),
        "push_key": public_key(),
    }
    return render(request, "account/notice_choices.html", context)


@require_POST
@user_required
def add_push(request: UserRequest) -> HttpResponse:
    """The script of the page brings what the browser gave: an address and keys."""
    endpoint, public, secret = _subscription(_body(request))
    add_device(
        user=request.user,
        endpoint=endpoint,
        public_key=public,
        secret=secret,
        name=device_name(request.headers.get("User-Agent", "")),
        now=timezone.now(),
    )
    return HttpResponse(status=204)


@csrf_exempt  # the service worker has no form; knowing the old address is the proof
@require_POST
def renew_push(request: HttpRequest) -> HttpResponse:
    """The browser's push service moved this device to another address."""
    body = _body(request)
    old = body.get("old")
    if not isinstance(old, str):
        raise BadRequest("old: the address until now")
    endpoint, public, secret = _subscription(body.get("subscription"))
    known = renew_device(old=old, endpoint=endpoint, public_key=public, secret=secret, now=timezone.now())
    return HttpResponse(status=204 if known else 404)


@require_POST
@user_required
def remove_push(request: UserRequest) -> HttpResponseBase:
    """No more pushes to one device of the list."""
    device = row_number(request.POST.get("device", ""))
    if device is not None:
        remove_device(user=request.user, device_id=device)
        messages.success(request, _("This device gets no more notices."))
    return redirect("account:notice_choices")


@csrf_exempt  # a mail program posts here for its reader (RFC 8058); the signed address is the proof
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End a kind of mails, from the link in such a mail. Looking at the page ends nothing: programs that
    check mails look at every link."""
    user, kind = stopped_by(token)
    stopped = False
    if request.method == "POST":
        stopped = "again" not in request.POST
        switch_mail(token=token, on=not stopped, now=timezone.now())
    else:
        stopped = not _gets_mail(user, kind.code)
    page = {"kind": KIND_WORDS[kind.code][0], "email": _hint(user.email), "stopped": stopped}
    return render(request, "account/notices_stop.html", page)


def _gets_mail(user: User, kind: str) -> bool:
    return Way.MAIL in ways_of(kind, choices_of([user.pk]).get(user.pk, {}))


def _hint(email: str) -> str:
    """Enough of an address for its owner: a forwarded mail must not tell it to others."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise BadRequest("JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("JSON")
    return body


def _subscription(given: object) -> tuple[str, str, str]:
    """Address, public key and secret, as ``PushSubscription.toJSON()`` names them."""
    keys = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(keys, dict):
        raise BadRequest("a subscription")
    found = (given.get("endpoint"), keys.get("p256dh"), keys.get("auth"))
    if not all(isinstance(one, str) for one in found):
        raise BadRequest("a subscription")
    endpoint, public, secret = (str(one) for one in found)
    return endpoint, public, secret


urlpatterns = [
    path("notices", notices, name="notices"),
    path("notices/all-read", mark_all, name="notices_all_read"),
    path("notices/choices", choices, name="notice_choices"),
    path("notices/push", add_push, name="push_add"),
    path("notices/push/renew", renew_push, name="push_renew"),
    path("notices/push/remove", remove_push, name="push_remove"),
    path("notices/stop/<str:token>", stop, name="notices_stop"),
    path("notices/<int:notice_id>", open_notice, name="notice_open"),
    path("notices/<int:notice_id>/mark", mark, name="notice_mark"),
]
