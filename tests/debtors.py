"""Requesters whose payment was taken back after it had been spent."""

from __future__ import annotations

from datetime import datetime

from tests import make
from tests.make import NOW
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.disputes import record_dispute_by_hand
from tukro.money.models import Deposit
from tukro.people.models import Requester


def paid_in(karim: Requester, amount: str, *, now: datetime = NOW) -> Deposit:
    deposit = create_deposit(requester=karim, amount=Money.parse(amount), provider="bank", now=now)
    return make.settled(deposit, payment_ref=deposit.reference, now=now)


def taken_back(deposit: Deposit, *, now: datetime = NOW) -> None:
    disputed(deposit, won=False, now=now)


def disputed(deposit: Deposit, *, won: bool, now: datetime = NOW) -> None:
    """The whole of it; won: what was taken before comes back."""
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=deposit.public_id,
        reference="D1",
        amount=deposit.amount,
        reason="",
        won=won,
        now=now,
    )
