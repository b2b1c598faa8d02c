"""Scarce money wanted by many at the same moment: every verb that can run dry, or must happen once."""

from __future__ import annotations

import random
from functools import partial

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, Shop, add_bkash, call, summed
from tests.together import outcomes, together
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.models import Deposit, Payout
from tukro.money.queries import ledger_faults, requester_balance, worker_balance
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db(transaction=True)
TEN = Money.parse("10.00")


@pytest.fixture
def shop() -> Shop:
    made = Shop(cast.karim(), cast.rahima(), reward=TEN)
    made.publish(places=3)
    return made


def test_batches_published_at_once_never_overspend(shop: Shop) -> None:
    def publish(number: int) -> None:
        escrow.set_aside_batch(
            requester=shop.karim, batch_id=f"X{number}", amount=Money.parse("300.00"), at=NOW
        )

    results = together(*(partial(publish, number) for number in range(8)))
    assert outcomes(results) == {"done": 3, "InsufficientFunds": 5}


def test_work_approved_twice_at_once_is_paid_once(shop: Shop) -> None:
    results = together(*(partial(shop.pay, "work 1") for _ in range(8)))
    assert outcomes(results) == {"done": 8}
    assert worker_balance(shop.rahima)[0] == TEN


def test_work_approved_for_two_workers_at_once_is_paid_to_one(shop: Shop) -> None:
    workers = [make.worker() for _ in range(4)]
    results = together(*(partial(shop.pay, "work 1", worker=worker) for worker in workers))
    assert outcomes(results) == {"done": 1, "AlreadyPaid": 3}
    assert sum((worker_balance(worker)[0] for worker in workers), Money(0)) == TEN


def test_the_last_place_of_a_hold_is_paid_to_one(shop: Shop) -> None:
    results = together(*(partial(shop.pay, f"work {number}") for number in range(8)))
    assert outcomes(results) == {"done": 3, "HoldExhausted": 5}


def test_a_hold_is_not_both_paid_and_given_back(shop: Shop) -> None:
    results = together(
        *(partial(shop.pay, f"work {number}") for number in range(4)),
        *(partial(shop.give_back, places=1, key=f"expire:{number}") for number in range(4)),
    )
    assert outcomes(results) == {"done": 3, "HoldExhausted": 5}


def test_a_new_worker_paid_twice_at_once_has_one_account(shop: Shop) -> None:
    first, second = shop.hold, shop.publish(places=1, batch="B2")
    together(partial(shop.pay, "a", hold=first), partial(shop.pay, "b", hold=second))
    assert worker_balance(shop.rahima)[0] == TEN * 2


def test_a_deposit_asked_for_eight_times_at_once_is_one(shop: Shop) -> None:
    def ask() -> Deposit:
        return create_deposit(requester=shop.karim, amount=TEN, provider="bank", now=NOW, deposit_id="D" * 30)

    assert outcomes(together(*[ask] * 8)) == {"done": 8}
    assert Deposit.objects.filter(public_id="D" * 30).count() == 1


def test_bonuses_at_once_never_overspend(shop: Shop) -> None:
    available, _ = requester_balance(shop.karim)

    def pay(number: int) -> None:
        escrow.pay_bonus(
            requester_id=shop.karim.public_id,
            worker_id=shop.rahima.public_id,
            amount=Money(available.units // 3),
            fee=Money.zero(),
            key=f"bonus:{number}",
            subject="work",
            at=NOW,
        )

    results = together(*(partial(pay, number) for number in range(8)))
    assert outcomes(results) == {"done": 3, "InsufficientFunds": 5}


def ask(worker: Worker, method: int) -> Payout:
    return asking.request_payout(worker=worker, method_id=method, amount=TEN, now=NOW)


def test_withdrawals_at_once_never_overdraw(shop: Shop) -> None:
    for number in range(3):
        shop.pay(f"work {number}")
    method = add_bkash(shop.rahima)
    results = together(*(partial(ask, shop.rahima, method) for _ in range(8)))
    assert outcomes(results) == {"done": 3, "InsufficientFunds": 5}


def test_a_payout_is_either_sent_or_cancelled(shop: Shop) -> None:
    shop.pay("work 1")
    payout = ask(shop.rahima, add_bkash(shop.rahima)).public_id
    together(
        partial(payouts.send_payout, by=SHIRIN, payout_id=payout, reference="TX1", now=NOW),
        partial(payouts.cancel_payout, worker=shop.rahima, payout_id=payout, now=NOW),
    )
    sent = Payout.objects.get().state == "sent"
    assert worker_balance(shop.rahima) == (Money(0) if sent else TEN, Money(0), TEN if sent else Money(0))


def test_a_payout_that_comes_back_twice_at_once_is_restored_once(shop: Shop) -> None:
    shop.pay("work 1")
    payout = ask(shop.rahima, add_bkash(shop.rahima)).public_id
    payouts.send_payout(by=SHIRIN, payout_id=payout, reference="TX1", now=NOW)
    come_back = partial(payouts.return_payout, by=SHIRIN, payout_id=payout, reason="closed", now=NOW)
    assert outcomes(together(*[come_back] * 6)) == {"done": 6}
    assert worker_balance(shop.rahima)[0] == TEN


def test_singles_and_batches_of_payments_never_deadlock(shop: Shop) -> None:
    """Holds and workers in every order, one by one and many at once, with money going back between."""
    workers = [make.worker().public_id for _ in range(6)]
    holds = [shop.publish(places=20, batch=f"L{number}") for number in range(4)]
    many = "money_pay_rewards(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s)"

    def act(thread: int) -> int:
        chance = random.Random(thread)
        for step in range(4):
            picked = [chance.choice(holds) for _ in range(4)]
            paid = [chance.choice(workers) for _ in range(4)]
            names = [f"{thread}:{step}:{n}" for n in range(4)]
            call(many, picked, paid, [1_000_000] * 4, [200_000] * 4, names, NOW)
            call(
                "money_pay_reward(%s, %s, 1000000, 200000, %s, %s)",
                picked[0],
                paid[0],
                f"{thread}:{step}",
                NOW,
            )
            call("money_give_back(%s, 1000, %s, 'task', %s)", picked[1], f"back:{thread}:{step}", NOW)
        return 1

    assert outcomes(together(*(partial(act, thread) for thread in range(8)))) == {"done": 8}
    assert summed("fees", grows=-1) == Money(200_000 * 8 * 4 * 5)
    assert ledger_faults() == []
