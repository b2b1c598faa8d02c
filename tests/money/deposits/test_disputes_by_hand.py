"""Disputes that no program tells of: staff write down that the bank took the money, and how it ended."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import make
from tests.make import NOW
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits import AmountTooLarge, create_deposit
from tukro.money.actions.deposits.disputes import (
    DisputeDecided,
    NoSuchDispute,
    record_dispute_by_hand,
)
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.money.models import Deposit, Dispute
from tukro.money.queries import requester_available
from tukro.money.queries.queues import open_disputes

pytestmark = pytest.mark.django_db


def came(amount: str, *, currency: str = "USD") -> Deposit:
    karim = make.requester(funds="0")
    deposit = create_deposit(
        requester=karim, amount=Money.parse(amount), provider="bank", currency=currency, now=NOW
    )
    return make.settled(deposit, payment_ref="FT1", now=NOW)


def written(
    about: Deposit,
    ref: str,
    amount: str = "0",
    *,
    won: bool = False,
    lost: bool = False,
    by: Actor = HOUSE,
    first: Actor | None = None,
) -> Dispute | None:
    return record_dispute_by_hand(
        by=by,
        deposit_id=about.public_id,
        reference=ref,
        amount=Money.parse(amount),
        reason="",
        won=won,
        lost=lost,
        first=first,
        now=NOW,
    )


def test_what_was_never_taken_is_not_won() -> None:
    deposit = came("50.00")
    with pytest.raises(NoSuchDispute):
        written(deposit, "CB1", "50.00", won=True)
    assert requester_available(deposit.requester) == Money.parse("50.00")


def test_the_dollars_that_staff_write_are_the_dollars_that_are_taken() -> None:
    enter_rate(by=HOUSE, currency="BDT", rate=Decimal("121.57"), source="Bangladesh Bank", now=NOW)
    deposit = came("700.00", currency="BDT")
    written(deposit, "CB1", "300.00")
    assert requester_available(deposit.requester) == Money.parse("400.00")


def test_all_disputes_of_a_deposit_take_no_more_than_was_paid() -> None:
    deposit = came("70.00")
    written(deposit, "CB1", "30.00")
    with pytest.raises(AmountTooLarge) as caught:
        written(deposit, "CB2", "40.01")
    assert caught.value.facts["limit"] == Money.parse("40.00")
    written(deposit, "CB1", won=True)
    written(deposit, "CB2", "70.00")
    assert requester_available(deposit.requester) == Money.zero()


def test_a_lost_one_is_over_and_no_longer_waits() -> None:
    deposit = came("50.00")
    written(deposit, "CB1", "20.00")
    assert open_disputes().count() == 1
    for _ in range(2):
        lost = written(deposit, "CB1", lost=True)
        assert lost is not None
        assert (lost.state, lost.amount) == ("lost", Money.parse("20.00"))
    assert open_disputes().count() == 0
    assert requester_available(deposit.requester) == Money.parse("30.00")
    with pytest.raises(DisputeDecided):
        written(deposit, "CB1", won=True)


def test_one_that_was_lost_at_once_takes_the_money() -> None:
    deposit = came("50.00")
    lost = written(deposit, "CB1", "20.00", lost=True)
    assert lost is not None
    assert lost.state == "lost"
    assert requester_available(deposit.requester) == Money.parse("30.00")


def test_what_was_won_is_not_taken_again() -> None:
    deposit = came("50.00")
    written(deposit, "CB1", "20.00")
    written(deposit, "CB1", won=True)
    with pytest.raises(DisputeDecided):
        written(deposit, "CB1", "20.00")
    assert requester_available(deposit.requester) == Money.parse("50.00")


def test_a_small_amount_on_the_form_gives_no_large_one_back_alone() -> None:
    shirin, tanvir = Actor("staff", "7"), Actor("staff", "8")
    deposit = came("700.00")
    written(deposit, "CB1", "700.00", by=tanvir, first=shirin)
    with pytest.raises(SecondPersonNeeded) as caught:
        written(deposit, "CB1", "1.00", won=True, by=shirin)
    assert caught.value.facts["amount"] == Money.parse("700.00")
    written(deposit, "CB1", lost=True, by=shirin)  # no money moves
