"""Taking back a balance that was set apart, because its owner was not heard of for long."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tukro.kernel.errors import Refused
from tukro.money.actions.balances.unclaimed import claim_balance
from tukro.people.models import Requester, Worker
from tukro.web import formats
from tukro.web.refusals import refusal_message


def claim(request: HttpRequest, person: Worker | Requester, *, back: str) -> HttpResponse:
    """One button, however late; it says how much is there again."""
    try:
        amount = claim_balance(person=person, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal_message(refusal))
    else:
        messages.success(request, _("%(amount)s is yours again.") % {"amount": formats.money(amount)})
    return redirect(back)
