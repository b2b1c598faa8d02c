"""Where providers tell us something: by web hook, and by the payer's browser on its way back.

A web hook's body is untrusted until its provider's file has verified it, and even then only makes us ask.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tukro.kernel.ids import looks_like_id
from tukro.money.providers.deposits import PROVIDERS, desk
from tukro.money.providers.deposits.contract import CannotVerify, Forged, Hook
from tukro.money.providers.identity import PROVIDERS as CHECKERS
from tukro.money.providers.identity.contract import HookForged as IdentityHookForged
from tukro.money.providers.identity.desk import take_hook
from tukro.money.providers.payouts import HookForged, HookUnchecked
from tukro.money.providers.registry import payout_providers
from tukro.money.providers.sending import take_hints
from tukro.people.actions.letter_service import ask_letter_soon
from tukro.people.providers.letters import LetterHookForged
from tukro.people.providers.registry import letter_provider
from tukro.web.entry.pace import HOOKS_OF_ALL, HOOKS_OF_ONE

Headers = dict[str, str]

_MOST_BYTES = 512 * 1024
_WAYS_BACK = {"paid": "paid", "failed": "cancelled", "cancelled": "cancelled"}


@csrf_exempt
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """204 when it is remembered (again, too)."""
    if provider not in PROVIDERS or not PROVIDERS[provider].is_set_up():
        raise Http404

    def take(headers: Headers, body: bytes) -> None:
        desk.receive(provider, Hook(headers=headers, body=body), now=timezone.now())

    return _answer(request, provider, take)


@csrf_exempt
@require_POST
def payout_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """204 when it made us ask, or named nothing of ours."""
    known = payout_providers().get(provider)
    if known is None:
        raise Http404

    def take(headers: Headers, body: bytes) -> None:
        take_hints(list(known.hook(headers, body)), provider=provider, now=timezone.now())

    return _answer(request, provider, take)


@csrf_exempt
@require_POST
def letter_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """204 when it made us ask, or named nothing of ours."""
    known = letter_provider()
    if known is None or known.name != provider:
        raise Http404

    def take(headers: Headers, body: bytes) -> None:
        ask_letter_soon(provider=provider, handle=known.hook(headers, body), now=timezone.now())

    return _answer(request, provider, take)


@csrf_exempt
@require_POST
def identity_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """204 when it made us ask about a check, or named nothing of ours."""
    known = CHECKERS.get(provider)
    if known is None or not known.is_set_up():
        raise Http404

    def take(headers: Headers, body: bytes) -> None:
        if reference := known.about(headers, body):
            take_hook(reference, now=timezone.now())

    return _answer(request, provider, take)


def _answer(request: HttpRequest, provider: str, take: Callable[[Headers, bytes], None]) -> HttpResponse:
    """204 when it is taken; 400 when it is not the provider's; 503 when nobody can tell.

    413 when it is too long, 429 when they come too often.
    """
    if turned_away := _turned_away(request, provider):
        return turned_away
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take(headers, request.body)
    except (Forged, HookForged, LetterHookForged, IdentityHookForged):
        return HttpResponse(status=400)
    except (CannotVerify, HookUnchecked):
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    return HttpResponse(status=204)


def _turned_away(request: HttpRequest, provider: str) -> HttpResponse | None:
    """Too long or too often is not looked at: a flood makes us neither verify nor ask."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(status=413)
    address = get_adapter().get_client_ip(request)
    # Who is held back alone takes nothing from what all have together.
    wait = HOOKS_OF_ONE.wait_for((provider, address)) or HOOKS_OF_ALL.wait_for(provider)
    return HttpResponse(status=429, headers={"Retry-After": str(wait)}) if wait else None


@csrf_exempt
@require_http_methods(["GET", "POST"])
def back_from_sslcommerz(request: HttpRequest, deposit_id: str, came: str) -> HttpResponse:
    """SSLCommerz sends payers back by a form of its own site, which brings no session: on to our page.

    What the form says is not read.
    """
    del request
    if came not in _WAYS_BACK or not looks_like_id(deposit_id):
        raise Http404
    answer = HttpResponseRedirect(
        f"{reverse('requester:deposit', args=[deposit_id])}?from={_WAYS_BACK[came]}"
    )
    answer.status_code = 303
    return answer
