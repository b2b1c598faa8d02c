"""Send what is approved, and ask about what is under way: claim, speak to the provider, write down.

No step holds a lock or a transaction while the provider is spoken to. After each step the process may die:
the claim, or the question that is due, is in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from tukro.kernel.actors import HOUSE
from tukro.money.actions.paying_out.sending import ask_soon, claim_payout, claim_question, record_news
from tukro.money.models import Payout
from tukro.money.providers.payouts import Hint, Order, PayoutProvider
from tukro.money.providers.registry import payout_providers, senders
from tukro.money.rules.payouts import PayoutNews

log = logging.getLogger(__name__)
_AT_MOST = 60.0  # seconds that one run takes up new ones


def send_payouts(now: datetime) -> int:
    """Send approved payouts, one after another. Returns how many were tried."""
    providers, kinds = payout_providers(), senders()
    return _each(now, lambda at: claim_payout(providers=kinds, now=at), providers.get, _send)


def ask_payouts(now: datetime) -> int:
    """Ask about payouts that are unknown, under way or watched. Returns about how many."""
    providers = payout_providers()
    names = {name: name for name in providers}
    return _each(now, lambda at: claim_question(providers=names, now=at), providers.get, _ask)


def take_hints(hints: list[Hint], *, provider: str, now: datetime) -> int:
    """A web hook named these payouts: ask about them at once. Unknown names are nobody's."""
    found = 0
    for hint in hints:
        ours = Payout.objects.filter(provider=provider)
        payout = (hint.key and ours.filter(public_id=hint.key).first()) or (
            hint.handle and ours.filter(handle=hint.handle).first()
        )
        if payout:
            ask_soon(by=HOUSE, payout_id=payout.public_id, now=now)
            found += 1
    return found


def _each(
    now: datetime,
    claim: Callable[[datetime], Payout | None],
    provider_of: Callable[[str], PayoutProvider | None],
    speak: Callable[[PayoutProvider, Order], PayoutNews],
) -> int:
    start, done = monotonic(), 0
    while monotonic() - start < _AT_MOST:
        payout = claim(now + timedelta(seconds=monotonic() - start))
        if payout is None:
            break
        provider = provider_of(payout.provider)
        assert provider is not None, "claimed for a provider that is set up"
        news = _spoken(provider, payout, speak, now)
        record_news(
            payout_id=payout.public_id,
            attempt=payout.attempts,
            news=news,
            repeatable=provider.repeatable,
            now=now + timedelta(seconds=monotonic() - start),
        )
        done += 1
    return done


def _spoken(
    provider: PayoutProvider,
    payout: Payout,
    speak: Callable[[PayoutProvider, Order], PayoutNews],
    now: datetime,
) -> PayoutNews:
    """What the provider said. Whatever goes wrong here, the payout may have been paid."""
    try:
        return speak(provider, order_of(payout, now))
    except Exception as fault:
        log.exception("payout %s at %s", payout.public_id, provider.name)
        return PayoutNews("unclear", reason=type(fault).__name__)


def _send(provider: PayoutProvider, order: Order) -> PayoutNews:
    return provider.send(order)


def _ask(provider: PayoutProvider, order: Order) -> PayoutNews:
    return provider.ask(order)


def order_of(payout: Payout, now: datetime) -> Order:
    return Order(
        key=payout.public_id,
        kind=payout.kind,
        worker_id=payout.worker.public_id,
        amount=payout.receives,
        details=payout.details,
        handle=payout.handle,
        age=now - (payout.approved_at or payout.requested_at),
        arrived=payout.settled_at is not None and not payout.wants_code,
    )
