"""While a payer asks for a deposit back, what comes back in any way is frozen with what was unspent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests import make
from tests.make import NOW
from tests.money.bank import spread_batch, summed
from tests.together import outcomes, together
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.ledger.models import Transfer
from tukro.money.actions.balances import escrow
from tukro.money.actions.balances.unclaimed import claim_balance
from tukro.money.actions.books.corrections import correct_balance, reverse_correction
from tukro.money.actions.deposits import AmountTooLarge, create_deposit
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import ask_refund, note_refund, take_refund_to_send
from tukro.money.actions.policy import change_policy
from tukro.money.jobs import look_for_unclaimed
from tukro.money.models import Deposit, Dispute, Refund
from tukro.money.queries import requester_available, requester_balance
from tukro.money.rules.deposits import SeenDispute, SeenRefund
from tukro.people.models import Requester, User
from tukro.work.actions.publishing import cancel_batch


def paid_in(karim: Requester, amount: str) -> Deposit:
    deposit = create_deposit(requester=karim, amount=Money.parse(amount), provider="stripe", now=NOW)
    ref = f"pi_{deposit.public_id}"
    return make.settled(deposit, payment_ref=ref, now=NOW)


def dispute_of(
    deposit: Deposit, ref: str, amount: str = "", *, taken: bool = False, closed: bool = False
) -> SeenDispute:
    about = Money.parse(amount) if amount else deposit.amount
    return SeenDispute(ref=ref, amount=about, taken=taken, closed=closed)


def asked_about(deposit: Deposit, *, taken: bool = False) -> None:
    note_dispute(deposit_id=deposit.public_id, seen=dispute_of(deposit, "dp_1", taken=taken), now=NOW)


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
    (hold,) = spread_batch(batch_id="B1", shares=[("T1", Money.parse("16.00"))], key="spread:1", at=NOW)
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


def refund_failed(karim: Requester, deposit: Deposit) -> Callable[[], object]:
    asked = ask_refund(requester=karim, deposit_id=deposit.public_id, amount=Money.parse("9.00"), now=NOW)
    take_refund_to_send(refund_id=asked.public_id, now=NOW)
    seen = SeenRefund(key=asked.public_id, ref="", state="failed")
    return partial(note_refund, refund_id=asked.public_id, seen=seen, now=NOW)


def refund_came_back(karim: Requester, deposit: Deposit) -> Callable[[], object]:
    """The provider said that it went, and later that it did not arrive."""
    failed = refund_failed(karim, deposit)
    asked = Refund.objects.get()
    done = SeenRefund(key=asked.public_id, ref="re_1", state="done")
    note_refund(refund_id=asked.public_id, seen=done, now=NOW)
    return failed


def claimed(karim: Requester, _: Deposit) -> Callable[[], object]:
    correct_balance(by=HOUSE, person=karim, amount=Money.parse("-1.00"), reason="test", now=NOW)
    User.objects.update(joined_at=NOW, last_login=None)
    change_policy(by=HOUSE, unclaimed_after_months=12, now=NOW)
    for days in (361, 450):
        look_for_unclaimed(NOW + timedelta(days=days))
    return partial(claim_balance, person=karim, now=NOW + timedelta(days=451))


def correction_reversed(karim: Requester, _: Deposit) -> Callable[[], object]:
    took = correct_balance(by=HOUSE, person=karim, amount=Money.parse("-9.00"), reason="test", now=NOW)
    return partial(reverse_correction, by=HOUSE, correction_id=took, reason="wrong", now=NOW)


def other_dispute_won(karim: Requester, _: Deposit) -> Callable[[], object]:
    other = paid_in(karim, "10.00")
    taken = dispute_of(other, "dp_2", "9.00", taken=True)
    note_dispute(deposit_id=other.public_id, seen=taken, now=NOW)
    won = dispute_of(other, "dp_2", closed=True)
    return partial(note_dispute, deposit_id=other.public_id, seen=won, now=NOW)


def other_inquiry_ended(karim: Requester, _: Deposit) -> Callable[[], object]:
    other = paid_in(karim, "10.00")
    note_dispute(deposit_id=other.public_id, seen=dispute_of(other, "dp_2", "9.00"), now=NOW)
    won = dispute_of(other, "dp_2", closed=True)
    return partial(note_dispute, deposit_id=other.public_id, seen=won, now=NOW)


def less_was_taken_than_asked(karim: Requester, _: Deposit) -> Callable[[], object]:
    other = paid_in(karim, "10.00")
    note_dispute(deposit_id=other.public_id, seen=dispute_of(other, "dp_2"), now=NOW)
    part = dispute_of(other, "dp_2", "1.00", taken=True)
    return partial(note_dispute, deposit_id=other.public_id, seen=part, now=NOW)


WAYS = [
    refund_failed,
    refund_came_back,
    claimed,
    correction_reversed,
    other_dispute_won,
    other_inquiry_ended,
    less_was_taken_than_asked,
]


@pytest.mark.django_db
@pytest.mark.parametrize("prepare", WAYS, ids=lambda way: way.__name__)
def test_nine_dollars_are_frozen_by_whatever_way_they_come_back(
    prepare: Callable[[Requester, Deposit], Callable[[], object]],
) -> None:
    """Whoever paid 10 asks for it while nothing is in the balance."""
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "10.00")
    come_back = prepare(karim, deposit)
    if left := requester_available(karim):
        correct_balance(by=HOUSE, person=karim, amount=-left, reason="nothing is left", now=NOW)
    asked_about(deposit)
    before = Dispute.objects.get(provider_ref="dp_1").frozen
    come_back()
    if prepare is not claimed:  # which refuses to be done twice
        come_back()
    after = Dispute.objects.get(provider_ref="dp_1")
    assert (str(before), str(after.frozen), str(requester_available(karim))) == ("0.00", "9.00", "0.00")
    deposit.refresh_from_db()
    assert deposit.frozen == after.frozen
    note_dispute(deposit_id=deposit.public_id, seen=dispute_of(deposit, "dp_1", closed=True), now=NOW)
    assert str(requester_available(karim)) == "9.00"


@pytest.mark.django_db
def test_what_is_paid_in_anew_is_not_frozen() -> None:
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "10.00")
    correct_balance(by=HOUSE, person=karim, amount=-deposit.amount, reason="spent", now=NOW)
    asked_about(deposit)
    paid_in(karim, "10.00")
    correct_balance(by=HOUSE, person=karim, amount=Money.parse("1.00"), reason="a present", now=NOW)
    assert (frozen(), str(requester_available(karim))) == ("0.00", "11.00")


@pytest.mark.django_db(transaction=True)
def test_an_inquiry_that_begins_while_money_comes_back_misses_none_of_it() -> None:
    """Whoever comes first: what is asked about is frozen in the end, as far as anything is there."""
    karim = make.requester(funds="0")
    deposits = [paid_in(karim, "10.00") for _ in range(3)]
    comes = [refund_failed(karim, deposits[0]), correction_reversed(karim, deposits[0])]
    asks = [partial(asked_about, deposit) for deposit in deposits]
    assert outcomes(together(*comes, *asks)) == {"done": 5}
    assert (frozen(), str(requester_available(karim))) == ("30.00", "0.00")
    ends = [
        partial(note_dispute, deposit_id=one.public_id, seen=dispute_of(one, "dp_1", closed=True), now=NOW)
        for one in deposits
    ]
    assert outcomes(together(*ends)) == {"done": 3}
    assert (frozen(), str(requester_available(karim))) == ("0.00", "30.00")


@pytest.mark.django_db(transaction=True)
def test_money_that_comes_back_at_the_moment_when_a_payer_asks_or_gets_it_is_nowhere_twice() -> None:
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "20.00")
    escrow.set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("18.00"), at=NOW)
    shares = [(f"T{number}", Money.parse("3.00")) for number in range(6)]
    holds = spread_batch(batch_id="B1", shares=shares, key="spread:1", at=NOW)
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
