"""Paying in as people see it: every page about deposits, with something on it, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import cast, make
from tests.providers.played import stripe
from tests.providers.played.server import serving
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.actions.policy import change_policy
from tukro.money.models import Deposit
from tukro.money.providers.deposits import desk
from tukro.money.rules.bank_lines import BankLine
from tukro.people.models import Requester

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(settings: Settings) -> Iterator[stripe.StripeContract]:
    """Cards, taka and bank transfers are set up."""
    contract = stripe.StripeContract()
    settings.SSLCOMMERZ_STORE = settings.SSLCOMMERZ_PASSWORD = "x"
    settings.BANK_DETAILS = "Bank: City Bank, Gulshan|Account: 0012345678901|Name: Our House Ltd"
    with serving(contract) as url:
        settings.STRIPE_URL = url
        settings.STRIPE_SECRET, settings.STRIPE_HOOK_SECRET = stripe.SECRET, stripe.HOOK_SECRET
        yield contract


@pytest.fixture
def settled() -> Deposit:
    """Of a bank transfer: a part is on its way back, a part disputed. Beside it, money that fits nothing."""
    now, karim = timezone.now(), cast.karim()
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("121.57"), source="a bank", now=now)
    change_policy(by=HOUSE, deposit_fee_basis_points=250, now=now)
    made = _asked(karim, "80.00")
    make.settled(made, payment_ref="TRX 81", now=now)
    ask_refund(requester=karim, deposit_id=made.public_id, amount=Money.parse("20.00"), now=now)
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=made.public_id,
        reference="CB 7",
        amount=Money.parse("10.00"),
        reason="not theirs",
        won=False,
        now=now,
    )
    line = BankLine("TRX 82", Money.parse("24.00"), memo=_asked(karim, "25.00").reference, payer="K. Uddin")
    take_in_line(by=HOUSE, line=line, now=now)
    return made


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_paying_in_and_what_staff_see_of_it(
    visit: Visits, card: stripe.StripeContract, settled: Deposit, language: Literal["bn", "en"], width: int
) -> None:
    page = visit(user=settled.requester.user, width=width, language=language)
    found: list[list[object]] = []

    def look(address: str = "") -> None:
        if address:
            page.goto(address)
        found.extend([page.url, one] for one in [*faults(page), overflow(page)] if one)

    look("/requester/balance/add")
    page.fill("input[name=amount]", "৩০")
    page.check("input[name=way][value=stripe]")
    page.dblclick("main form button")
    page.wait_for_url("**/requester/deposits/*")
    look()
    [session] = card.sessions.values()
    assert page.get_attribute("main a.btn-primary", "href") == session["url"]
    address = page.url
    look(f"{address}?from=cancelled")
    card.pay(session["id"])
    look(f"{address}?from=paid")
    desk.look_at_due_deposits(timezone.now())
    page.wait_for_selector(".badge-ok")  # the page looked again by itself
    look()
    look(f"{address}/receipt")
    look("/requester/deposits")
    look(f"/requester/deposits/{settled.public_id}")
    look(f"/requester/deposits/{_asked(settled.requester, '40.00').public_id}")
    assert found == []

    page = visit(user=cast.shirin(), width=width, language=language)
    look("/staff/deposits?state=settled")
    look(f"/staff/deposits/{settled.public_id}")
    look("/staff/deposits/bank")
    look("/staff/deposits/refunds")
    look("/staff/deposits/unmatched")
    page.fill("input[name=reason]", "called him")
    page.click("main form button.btn-primary")
    page.wait_for_selector(".notice-ok")
    assert found == []


def _asked(of: Requester, amount: str) -> Deposit:
    now = timezone.now()
    made = create_deposit(requester=of, amount=Money.parse(amount), provider="bank", now=now)
    return desk.begin(made, back="/", now=now)
