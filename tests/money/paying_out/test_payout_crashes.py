"""The sender is killed between any two steps, or there are several: nothing is paid twice or lost."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from pytest_django import Settings

from tests.make import NOW
from tests.providers.paying import approved, balance, earner, go_on, send
from tests.providers.played.paypal_payouts import CLIENT, SECRET, PayPal
from tests.providers.played.proxy import Fault, between
from tests.providers.played.server import serving
from tests.together import outcomes, together
from tukro.kernel.money import Money
from tukro.money.actions.paying_out import sending as payout_sending
from tukro.money.actions.paying_out.payouts import cancel_payout
from tukro.money.models import Payout
from tukro.money.providers import sending
from tukro.money.providers.sending import ask_payouts, send_payouts
from tukro.money.queries import ledger_faults
from tukro.outside.http import Door

pytestmark = pytest.mark.django_db(transaction=True)
RAHIMA = {"email": "rahima@example.org"}


@pytest.fixture
def paypal(settings: Settings) -> Iterator[PayPal]:
    made = PayPal()
    made.say("SUCCESS")
    with serving(made) as url:
        settings.PAYPAL_URL, settings.PAYPAL_CLIENT, settings.PAYPAL_SECRET = url, CLIENT, SECRET
        yield made


def die(*_: object, **__: object) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead")


def dying_after(act: Callable[..., object], times: int = 1) -> Callable[..., object]:
    left = [times]

    def acted(*args: object, **kwargs: object) -> object:
        done = act(*args, **kwargs)
        left[0] -= 1
        return done if left[0] else die()

    return acted


# Where the sender dies, and whether PayPal has paid by then.
STEPS: dict[str, tuple[Callable[[], None], int]] = {
    "inside the claim": (lambda: setattr(payout_sending, "tell", die), 0),
    "after the claim": (lambda: setattr(sending, "_spoken", die), 0),
    "after the token": (lambda: setattr(Door, "ask", dying_after(Door.ask)), 0),
    "after PayPal paid": (lambda: setattr(Door, "ask", dying_after(Door.ask, 2)), 1),
    "before its word is written": (lambda: setattr(sending, "record_news", die), 1),
    "inside the writing": (lambda: setattr(payout_sending, "post_sent", die), 1),
    "after the writing": (
        lambda: setattr(sending, "record_news", dying_after(payout_sending.record_news)),
        1,
    ),
}


def killed(prepare: Callable[[], None], work: Callable[[], object]) -> None:
    """Do ``work`` in a process of its own that is killed where ``prepare`` says."""
    connection.close()  # the child must not end our conversation with the database
    child = os.fork()
    if child == 0:
        try:
            prepare()
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_a_sender_that_is_killed_leaves_nothing_paid_twice_or_lost(paypal: PayPal, step: str) -> None:
    payout = approved(earner(), "paypal", RAHIMA)
    prepare, paid = STEPS[step]
    killed(prepare, partial(send_payouts, NOW))
    assert sum(paypal.paid.values()) == paid
    assert go_on(payout) == "settled"
    assert paypal.paid == {payout.public_id: 1}
    assert balance(payout.worker) == ("15.00", "0.00", "0.00")
    assert ledger_faults() == []


def test_an_asker_that_is_killed_is_followed_by_another(paypal: PayPal) -> None:
    payout = approved(earner(), "paypal", RAHIMA)
    killed(lambda: setattr(sending, "record_news", die), partial(send_payouts, NOW))
    killed(
        lambda: setattr(payout_sending, "post_settled", die),
        lambda: [ask_payouts(NOW.replace(hour=hour)) for hour in (10, 11, 12)],
    )
    assert go_on(payout) == "settled"
    assert paypal.paid == {payout.public_id: 1}


def test_several_senders_at_once_send_each_payout_once(paypal: PayPal) -> None:
    worker = earner("100.00")
    payouts = [approved(worker, "paypal", RAHIMA) for _ in range(6)]
    results = together(*[partial(send_payouts, NOW)] * 4)
    assert outcomes(results) == {"done": 4}
    assert sum(count for count in results if isinstance(count, int)) == 6
    assert paypal.paid == {payout.public_id: 1 for payout in payouts}
    assert set(Payout.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_payout_is_cancelled_or_sent_never_both(paypal: PayPal) -> None:
    payout = approved(earner(), "paypal", RAHIMA)
    cancel = partial(cancel_payout, worker=payout.worker, payout_id=payout.public_id, now=NOW)
    together(partial(send_payouts, NOW), cancel)
    state = go_on(payout)
    assert (state, sum(paypal.paid.values())) in (("settled", 1), ("cancelled", 0))


def test_faults_at_random_never_pay_twice(paypal: PayPal, settings: Settings) -> None:
    """Twenty payouts through a line that breaks every other call: each arrives, once."""
    worker = earner("500.00")
    payouts = [approved(worker, "paypal", RAHIMA) for _ in range(20)]
    chance = random.Random(7)
    with between(settings.PAYPAL_URL) as proxy:
        settings.PAYPAL_URL = proxy.url
        kinds = [fault for fault in Fault if fault is not Fault.SLOW]
        for minutes in (0, 40, 80, 120, 200, 400, 600, 900):
            proxy.faults = [chance.choice(kinds) for _ in range(40)]
            send(payouts[0], minutes=minutes)
            ask_payouts(NOW + timedelta(minutes=minutes + 20))
        proxy.faults = []
        for minutes in (1300, 1400, 1800, 2200, 2600):
            send(payouts[0], minutes=minutes)
            ask_payouts(NOW + timedelta(minutes=minutes + 20))
    assert paypal.paid == {payout.public_id: 1 for payout in payouts}
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}
    assert balance(worker) == (str(Money.parse("300.00")), "0.00", "0.00")
    assert ledger_faults() == []
