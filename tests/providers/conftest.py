"""Providers played on the loopback, set up as an operator would, with proofs of money after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests import make
from tests.providers.played import paypal, sslcommerz, stripe
from tests.providers.played.paypal_signing import trusted
from tests.providers.played.server import serving
from tukro.money.providers.paypal import forget_tokens
from tukro.money.queries import ledger_faults
from tukro.people.models import Requester


@pytest.fixture(name="proofs")
def money_proofs() -> Callable[[], Sequence[object]]:
    return ledger_faults


@pytest.fixture
def karim() -> Requester:
    return make.requester(funds="0")


@pytest.fixture
def stripe_contract(settings: Settings) -> Iterator[stripe.StripeContract]:
    contract = stripe.StripeContract()
    with serving(contract) as url:
        settings.STRIPE_URL = url
        settings.STRIPE_SECRET, settings.STRIPE_HOOK_SECRET = stripe.SECRET, stripe.HOOK_SECRET
        yield contract


@pytest.fixture
def paypal_contract(settings: Settings, tmp_path: Path) -> Iterator[paypal.PayPalContract]:
    contract = paypal.PayPalContract()
    forget_tokens()
    with serving(contract) as url:
        settings.PAYPAL_URL = contract.url = url
        settings.PAYPAL_ROOTS = trusted(contract.signer, tmp_path)
        settings.PAYPAL_CLIENT, settings.PAYPAL_SECRET = paypal.CLIENT, paypal.SECRET
        settings.PAYPAL_HOOK = paypal.HOOK
        yield contract


@pytest.fixture
def ssl_contract(settings: Settings) -> Iterator[sslcommerz.SslCommerzContract]:
    contract = sslcommerz.SslCommerzContract()
    with serving(contract) as url:
        settings.SSLCOMMERZ_URL = url
        settings.SSLCOMMERZ_STORE, settings.SSLCOMMERZ_PASSWORD = sslcommerz.STORE, sslcommerz.PASSWORD
        yield contract
