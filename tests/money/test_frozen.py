"""While a payer asks for a deposit back, what comes back from tasks is frozen with what was unspent."""

from __future__ import annotations

from functools import partial

import pytest

from tests import make
from tests.make import NOW
from tests.money.bank import summed
from tests.together import outcomes, together
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions import escrow
from tukro.money.actions.deposits import AmountTooLarge, create_deposit, settle_deposit
from tukro.money.actions.disputes import note_dispute
from tukro.money.actions.refunds import ask_refund
from tukro.money.models import Deposit, Dispute
from tukro.money.queries import requester_available, requester_balance
from tukro.money.rules.deposits import SeenDispute
from tukro.people.models import Requester
from tukro.work.actions.publishing import cancel_batch


def paid_in(karim: Requester, amount: str) -> Deposit:
    deposit = create_deposit(requester=karim, amount=Money.parse(amount), provider="stripe", now=NOW)
    ref = f"pi_{deposit.public_id}"
    return settle_deposit(by=HOUSE, deposit_id=deposit.public_id, payment_ref=ref, now=NOW)


def asked_about(deposit: Deposit, *, taken: bool = False) -> None:
    seen = SeenDispute(ref="dp_1", amount=deposit.amount, taken=taken, closed=False)
    note_dispute(deposit_id=deposit.public_id, seen=seen, now=NOW)


def frozen() -> str:
    return str(summed("requester_disputed", grows=-1))


@pytest.mark.django_db
def test_a_cancelled_batch_gives_nothing_to_withdraw() -> None:
    """Two deposits, one asked about: without freezing, what comes back would go home with the other one."""
    karim = make.requester(funds="0")
    first, second = paid_in(karim, "10.00"), paid_in(karim, "10.00")
    batch = make.batch(of=karim, rows=100, of_terms=make.terms(reward="0.15"))
    asked_about(first)
    assert (frozen(), str(requester_available(karim))) == ("2.00", "0.00")
    cancel_batch(requester=karim, batch_id=batch.public_id, now=NOW)
    assert (frozen(), str(requester_available(karim))) == ("10.00", "10.00")
    ask_refund(requester=karim, deposit_id=second.public_id, amount=second.amount, now=NOW)
    with pytest.raises(AmountTooLarge):
        ask_refund(requester=karim, deposit_id=first.public_id, amount=Money.parse("0.01"), now=NOW)
    asked_about(first, taken=True)
    dispute = Dispute.objects.get()
    assert (dispute.from_balance, dispute.as_debt, dispute.frozen) == (first.amount, *[Money.zero()] * 2)


@pytest.mark.django_db
def test_of_two_that_are_asked_about_the_first_is_filled_first_and_a_repeat_freezes_nothing() -> None:
    karim = make.requester(funds="0")
    deposits = [paid_in(karim, "10.00") for _ in range(2)]
    escrow.set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("20.00"), at=NOW)
    (hold,) = escrow.spread_batch(
        batch_id="B1", shares=[("T1", Money.parse("16.00"))], key="spread:1", at=NOW
    )
    for deposit in deposits:
        asked_about(deposit)
    for _ in range(2):
        escrow.give_back(hold=hold, amount=Money.parse("14.00"), key="back:1", subject="T1", at=NOW)
    assert [str(one.frozen) for one in Dispute.objects.order_by("id")] == ["10.00", "4.00"]
    for deposit in deposits:
        deposit.refresh_from_db()
    assert [str(one.frozen) for one in deposits] == ["10.00", "4.00"]
    assert str(requester_available(karim)) == "0.00"
    escrow.give_back(hold=hold, amount=Money.parse("2.00"), key="back:2", subject="T1", at=NOW)
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    assert (frozen(), str(requester_available(karim))) == ("20.00", "0.00")
    assert Transfer.objects.filter(kind="dispute_frozen").count() == 4


@pytest.mark.django_db(transaction=True)
def test_money_that_comes_back_at_the_moment_when_a_payer_asks_or_gets_it_is_nowhere_twice() -> None:
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "20.00")
    escrow.set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("18.00"), at=NOW)
    shares = [(f"T{number}", Money.parse("3.00")) for number in range(6)]
    holds = escrow.spread_batch(batch_id="B1", shares=shares, key="spread:1", at=NOW)
    gives = [
        partial(escrow.give_back, hold=hold, amount=Money.parse("3.00"), key=f"b:{hold}", subject="T", at=NOW)
        for hold in holds
    ]
    assert outcomes(together(*gives[:3], partial(asked_about, deposit), *gives[:2])) == {"done": 6}
    available, _ = requester_balance(karim)
    dispute = Dispute.objects.get()
    assert available + dispute.frozen == Money.parse("11.00")
    assert outcomes(together(*gives[3:], partial(asked_about, deposit, taken=True))) == {"done": 4}
    dispute.refresh_from_db()
    assert (dispute.state, frozen(), dispute.amount) == ("taken", "0.00", Money.parse("20.00"))
    left = requester_available(karim) - summed("requester_debt", grows=1)
    assert left == Money.zero()
