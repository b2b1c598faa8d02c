"""What every act at a button has in common: do one verb, say what happened, go back to the page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.functional import Promise

from tukro.kernel.errors import Refused
from tukro.web.refusals import refusal_message


def act(
    request: HttpRequest, verb: Callable[[], object], *, done: str | Promise, back: str
) -> HttpResponseRedirect:
    """Call ``verb``; tell that it is done or why not; ``back`` is an address of ours."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, str(done))
    return redirect(back)
