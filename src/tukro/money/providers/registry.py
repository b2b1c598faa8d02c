"""Which providers pay by which kind: those whose settings are there. All else is paid by hand."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tukro.money.providers.payouts import PayoutProvider
from tukro.money.providers.paypal_payouts import PayPalPayouts


def payout_providers() -> Mapping[str, PayoutProvider]:
    """The providers that are set up, by name."""
    ready: list[PayoutProvider] = []
    if settings.PAYPAL_CLIENT and settings.PAYPAL_SECRET:
        ready.append(PayPalPayouts())
    return {provider.name: provider for provider in ready}


def senders() -> Mapping[str, str]:
    """For each kind that is not paid by hand, who sends it. Of two doors to one kind the first is taken."""
    found: dict[str, str] = {}
    for name, provider in payout_providers().items():
        for kind in provider.kinds:
            found.setdefault(kind, name)
    return found
