"""What every act at a button has in common: do one verb, say what happened, go back to the page.

When words were missing (a reason, a reference) the page is shown at once, with the form as it was left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import resolve
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.money.actions.proposals.acts import Act
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.web import formats
from tukro.web.alike.as_left import as_left
from tukro.web.entry.access import StaffRequest
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_message

WAITS = _("This needs a second person: it waits until a colleague confirms it.")


def act(request: HttpRequest, verb: Callable[[], object], *, done: str | Promise, back: str) -> HttpResponse:
    """Call ``verb``; tell that it is done or why not; ``back`` is an address of ours.

    What does not exist, or is somebody else's, is a page of its own (404); programs get every refusal so.
    """
    try:
        verb()
    except Refused as refusal:
        return _not_done(request, refusal, page=back)
    messages.success(request, str(done))
    return redirect(back)


def propose(
    request: StaffRequest, what: Act, *, done: str | Promise, back: str, page: str = ""
) -> HttpResponse:
    """The same for an act with money: it is done, or it waits for a colleague.

    ``page`` is where the form stands, when one goes on to another page after it.
    """
    try:
        waits = do_or_propose(act=what, by=request.user.actor, now=timezone.now())
    except Refused as refusal:
        return _not_done(request, refusal, page=page or back)
    say(request, waits is not None, done=done)
    return redirect(back)


def done_by_form(
    request: StaffRequest, form: forms.Form, what: Callable[[], Act], *, done: str | Promise
) -> bool:
    """The same for what a form says: whether it is done or waits; else the form says why not."""
    try:
        waits = do_or_propose(act=what(), by=request.user.actor, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return False
    say(request, waits is not None, done=done)
    return True


def _not_done(request: HttpRequest, refusal: Refused, *, page: str) -> HttpResponse:
    """What answers an act that was refused. ``page``: where its form stands."""
    if isinstance(refusal, WordsMissing) and not wants_json(request):
        return again(request, page, refusal_message(refusal), refusal.asked)
    tell_or_raise(request, refusal)
    return redirect(page)


def tell_or_raise(request: HttpRequest, refusal: Refused) -> None:
    """Keep the refusal for the page that people are led back to, or let its own answer speak."""
    if isinstance(refusal, NotFound) or wants_json(request):
        raise refusal
    messages.error(request, refusal_message(refusal))


def act_on_each(
    request: StaffRequest,
    verb: Callable[[str], bool],
    chosen: Iterable[str],
    *,
    done: Callable[[str], str],
    back: str,
    named: Callable[[str], str] = str,
) -> HttpResponse:
    """Call ``verb`` with every ticked id, each on its own: one that refuses stops none of the others.

    ``verb`` tells whether it has to wait for a second person; ``done`` says in words how many are done, and
    ``named`` which one refused, as the page names it.
    """
    finished = waiting = 0
    refused: list[tuple[str, Refused]] = []
    for one in chosen:
        try:
            waits = verb(one)
        except Refused as refusal:
            refused.append((one, refusal))
        else:
            waiting += waits
            finished += not waits
    if not (finished or waiting) and refused and isinstance(missing := refused[0][1], WordsMissing):
        said = refusal_message(missing)
        return again(request, back, said, missing.asked, above=f"{named(refused[0][0])}: {said}")
    for one, why in refused:
        messages.error(request, f"{named(one)}: {refusal_message(why)}")
    if finished:
        messages.success(request, done(formats.number(finished)))
    if waiting:
        messages.warning(
            request, gettext("Wait for a second person: %(count)s") % {"count": formats.number(waiting)}
        )
    return redirect(back)


def again(
    request: HttpRequest, back: str, message: str, fields: Sequence[str], *, above: str = ""
) -> HttpResponse:
    """The page at ``back`` at once, with the form that was sent as it was left, and ``message`` in it.

    Without such a form on it any more, what is wrong is said above the page, as ``above`` if that is given.
    """
    address, _mark, query = resolve_url(back).partition("#")[0].partition("?")
    posted, typed = request.path, request.POST
    view = resolve(address)
    request.method, request.path, request.path_info = "GET", address, address
    request.GET, request.POST = QueryDict(query), QueryDict()
    page: HttpResponse = view.func(request, *view.args, **view.kwargs)
    html = page.content.decode() if page.status_code == HTTPStatus.OK else ""
    filled = as_left(html, page=address, posted=posted, typed=typed, fields=fields, message=message)
    if filled is None:
        messages.error(request, above or message)
        return redirect(back)
    page.content, page.status_code = filled.encode(), HTTPStatus.UNPROCESSABLE_ENTITY
    return page


def say(request: HttpRequest, waits: bool, *, done: str | Promise) -> None:
    """Tell that an act is done, or that it waits."""
    if waits:
        messages.warning(request, str(WAITS))
    else:
        messages.success(request, str(done))
