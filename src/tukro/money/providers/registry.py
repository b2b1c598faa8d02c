"""Which providers pay by which kind: those whose settings are there. All else is paid by hand."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tukro.money.providers.agcod import AmazonGiftCards
from tukro.money.providers.bkash_payouts import BkashPayouts
from tukro.money.providers.payoneer import Payoneer
from tukro.money.providers.payouts import PayoutProvider
from tukro.money.providers.paypal_payouts import PayPalPayouts
from tukro.money.providers.skrill import Skrill
from tukro.money.providers.tremendous import Tremendous
from tukro.money.providers.wise import Wise


def payout_providers() -> Mapping[str, PayoutProvider]:
    """The providers that are set up, by name. Of two doors to one kind the first one sends."""
    ready: list[PayoutProvider] = []
    if settings.PAYPAL_CLIENT and settings.PAYPAL_SECRET and settings.PAYPAL_PAYS:
        ready.append(PayPalPayouts())
    if settings.AGCOD_PARTNER and settings.AGCOD_KEY and settings.AGCOD_SECRET:
        ready.append(AmazonGiftCards())
    if settings.TREMENDOUS_KEY and settings.TREMENDOUS_FUNDING:
        ready.append(Tremendous())
    if settings.SKRILL_EMAIL and settings.SKRILL_PASSWORD:
        ready.append(Skrill())
    if settings.WISE_TOKEN and settings.WISE_PROFILE:
        ready.append(Wise())
    if settings.PAYONEER_PROGRAM and settings.PAYONEER_CLIENT and settings.PAYONEER_SECRET:
        ready.append(Payoneer())
    if settings.BKASH_APP_KEY and settings.BKASH_APP_SECRET and settings.BKASH_USER:
        ready.append(BkashPayouts())
    return {provider.name: provider for provider in ready}


def senders() -> Mapping[str, str]:
    """For each kind that is not paid by hand, who sends it."""
    found: dict[str, str] = {}
    for name, provider in payout_providers().items():
        for kind in provider.kinds:
            found.setdefault(kind, name)
    return found
