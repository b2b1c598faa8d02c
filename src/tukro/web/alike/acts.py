"""What every act at a button has in common: do one verb, say what happened, go back to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.acts import Act
from tukro.money.actions.proposals import do_or_propose
from tukro.web import formats
from tukro.web.entry.access import StaffRequest
from tukro.web.entry.answers import wants_json
from tukro.web.refusals import refusal_message

WAITS = _("This needs a second person: it waits until a colleague confirms it.")


def act(
    request: HttpRequest, verb: Callable[[], object], *, done: str | Promise, back: str
) -> HttpResponseRedirect:
    """Call ``verb``; tell that it is done or why not; ``back`` is an address of ours.

    What does not exist, or is somebody else's, is a page of its own (404); programs get every refusal so.
    """
    try:
        verb()
    except Refused as refusal:
        tell_or_raise(request, refusal)
    else:
        messages.success(request, str(done))
    return redirect(back)


def propose(request: StaffRequest, what: Act, *, done: str | Promise, back: str) -> HttpResponseRedirect:
    """The same for an act with money: it is done, or it waits for a colleague."""
    try:
        waits = do_or_propose(act=what, by=request.user.actor, now=timezone.now())
    except Refused as refusal:
        tell_or_raise(request, refusal)
    else:
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
) -> HttpResponseRedirect:
    """Call ``verb`` with every ticked id, each on its own: one that refuses stops none of the others.

    ``verb`` tells whether it has to wait for a second person; ``done`` says in words how many are done, and
    ``named`` which one refused, as the page names it.
    """
    finished = waiting = 0
    for one in chosen:
        try:
            waits = verb(one)
        except Refused as refusal:
            messages.error(request, f"{named(one)}: {refusal_message(refusal)}")
        else:
            waiting += waits
            finished += not waits
    if finished:
        messages.success(request, done(formats.number(finished)))
    if waiting:
        messages.warning(
            request, gettext("Wait for a second person: %(count)s") % {"count": formats.number(waiting)}
        )
    return redirect(back)


def say(request: HttpRequest, waits: bool, *, done: str | Promise) -> None:
    """Tell that an act is done, or that it waits."""
    if waits:
        messages.warning(request, str(WAITS))
    else:
        messages.success(request, str(done))
