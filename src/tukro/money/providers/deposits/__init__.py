"""Ways to pay in. One is offered when its settings are there; a sandbox knows play money alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tukro.money.providers.deposits.bank import Bank
from tukro.money.providers.deposits.contract import DepositProvider
from tukro.money.providers.deposits.paypal import PayPal
from tukro.money.providers.deposits.sslcommerz import SslCommerz
from tukro.money.providers.deposits.stripe import Stripe

PROVIDERS: Mapping[str, DepositProvider] = {
    each.name: each for each in (Stripe(), PayPal(), SslCommerz(), Bank())
}


def offered() -> list[DepositProvider]:
    """The ways to pay real money, in the order in which they are shown."""
    if settings.MODE == "sandbox":
        return []
    return [each for each in PROVIDERS.values() if each.is_set_up()]


def play_money_is_offered() -> bool:
    return bool(settings.MODE == "sandbox" or settings.PLAY_MONEY)
