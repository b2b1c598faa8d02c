"""Steps that every test of a way to pay in takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.make import NOW
from tukro.kernel.money import Money
from tukro.money.actions.deposits import create_deposit
from tukro.money.models import Deposit
from tukro.money.providers.deposits import PROVIDERS, desk
from tukro.money.providers.deposits.contract import Hook
from tukro.money.queries import requester_balance
from tukro.people.models import Requester

LATER = NOW + timedelta(minutes=5)
BACK = "http://localhost:8080/requester/deposits/x"


def begun(of: Requester, provider: str, amount: str = "100.00", *, now: datetime = NOW) -> Deposit:
    """A deposit whose payer is on the provider's page."""
    made = create_deposit(
        requester=of,
        amount=Money.parse(amount),
        provider=provider,
        currency=PROVIDERS[provider].currency,
        now=now,
    )
    return desk.begin(made, back=BACK, now=now)


def looked(deposit: Deposit, at: datetime = LATER) -> Deposit:
    """The deposit after its provider was asked."""
    Deposit.objects.filter(pk=deposit.pk).update(due_at=at)
    desk.look(deposit.public_id, at)
    return fresh(deposit)


def fresh(deposit: Deposit) -> Deposit:
    return Deposit.objects.select_related("requester").get(pk=deposit.pk)


def told(provider: str, hook: tuple[bytes, dict[str, str]], at: datetime = LATER) -> None:
    """A web hook comes in, and the jobs have their turn."""
    desk.receive(provider, Hook(headers=hook[1], body=hook[0]), now=at)
    desk.look_at_due_deposits(at)


def available(requester: Requester) -> str:
    return str(requester_balance(requester)[0])
