"""Whoever owes the house publishes nothing, and pays with whatever comes back to them."""

from __future__ import annotations

import pytest

from tests import make
from tests.make import NOW
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions import escrow
from tukro.money.actions.debts import RequesterInDebt, collect_debt
from tukro.money.actions.deposits import create_deposit, settle_deposit
from tukro.money.actions.disputes import record_dispute_by_hand
from tukro.money.actions.refunds import ask_refund
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.jobs import collect_debts
from tukro.money.queries import debt_of, requester_balance
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor() -> Requester:
    """Paid 50, set 30 aside, and then the 50 were taken back: 30 are owed."""
    made = make.requester(funds="0")
    deposit = create_deposit(requester=made, amount=Money.parse("50.00"), provider="bank", now=NOW)
    settle_deposit(by=HOUSE, deposit_id=deposit.public_id, payment_ref="T1", now=NOW)
    escrow.set_aside_batch(requester=made, batch_id="B1", amount=Money.parse("30.00"), at=NOW)
    record_dispute_by_hand(
        by=HOUSE,
        deposit_id=deposit.public_id,
        reference="D1",
        amount=Money.parse("50.00"),
        reason="",
        won=False,
        now=NOW,
    )
    return made


def test_nothing_is_published_on_a_debt(debtor: Requester) -> None:
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("30.00", "0.00")
    with pytest.raises(RequesterInDebt) as caught:
        escrow.set_aside_batch(requester=debtor, batch_id="B2", amount=Money.parse("1.00"), at=NOW)
    assert caught.value.facts["debt"] == Money.parse("30.00")


def test_what_comes_back_is_not_spendable_and_pays_the_debt(debtor: Requester) -> None:
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    assert str(requester_balance(debtor)[0]) == "0.00"  # it is there, and owed
    with pytest.raises(InsufficientFunds):
        make.wire_task(of=debtor)
    assert collect_debts(NOW) == 1
    assert collect_debts(NOW) == 0
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "0.00")


def test_what_comes_back_is_not_sent_home_while_something_is_owed(debtor: Requester) -> None:
    other = create_deposit(requester=debtor, amount=Money.parse("10.00"), provider="bank", now=NOW)
    settle_deposit(by=HOUSE, deposit_id=other.public_id, payment_ref="T9", now=NOW)
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    with pytest.raises(RequesterInDebt):
        ask_refund(requester=debtor, deposit_id=other.public_id, amount=Money.parse("5.00"), now=NOW)
    collect_debts(NOW)
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "10.00")
    ask_refund(requester=debtor, deposit_id=other.public_id, amount=Money.parse("5.00"), now=NOW)


def test_new_money_pays_the_debt_first(debtor: Requester) -> None:
    deposit = create_deposit(requester=debtor, amount=Money.parse("40.00"), provider="bank", now=NOW)
    settle_deposit(by=HOUSE, deposit_id=deposit.public_id, payment_ref="T2", now=NOW)
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "10.00")
    assert not collect_debt(requester=debtor, now=NOW)
