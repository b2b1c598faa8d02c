"""A market at random against a model that is a few numbers: balances agree and every proof holds, always."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.make import NOW
from tests.money.bank import SHIRIN, Shop, add_bkash, summed, worker_and_requester
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.holds import hold_payout, release_payout
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.queries import ledger_faults, requester_balance, worker_balance
from tukro.money.rules import PAYOUT_MOVES, PayoutVerb
from tukro.money.rules.payouts import PAYOUT_ENDS, RESERVED_STATES

CENTS = some.integers(1, 3_000).map(lambda cents: Money(cents * 10_000))
REWARD, FEE = Money(500_000), Money(100_000)
PRICE = REWARD + FEE
PROVED = 5  # so many steps between two looks at all proofs; balances are compared after each
VERBS: list[PayoutVerb] = ["approve", "hold", "release", "send", "settle", "return", "cancel", "fail"]


class Market(RuleBasedStateMachine):
    """One requester, one worker; ``self.<name>`` in lower case are the model's numbers."""

    works = Bundle("works")
    asked = Bundle("asked")

    @initialize()
    def open(self) -> None:
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        rahima, karim = worker_and_requester()
        self.shop = Shop(karim, rahima, REWARD, FEE)
        self.method = add_bkash(rahima)
        self.available = self.set_aside = self.worker = self.fees = Money(0)
        self.reserved = self.transit = Money(0)
        self.holds: dict[int, Money] = {}
        self.paid: set[int] = set()
        self.states: dict[str, tuple[str, Money]] = {}
        self.made = self.looks = 0

    def teardown(self) -> None:
        try:
            assert not hasattr(self, "shop") or ledger_faults() == []
        finally:
            transaction.set_rollback(True)
            self.rolled_back.__exit__(None, None, None)

    @contextmanager
    def expecting(self, allowed: bool) -> Iterator[None]:
        """The act is done when the model allows it, and refused when it does not."""
        refused = False
        try:
            with transaction.atomic():
                yield
        except Refused:
            refused = True
        assert refused is not allowed

    @rule(amount=CENTS)
    def deposit(self, amount: Money) -> None:
        deposit_play_money(requester=self.shop.karim, amount=amount, now=NOW)
        self.available += amount

    @rule(target=works, places=some.integers(1, 20))
    def publish(self, places: int) -> int:
        self.made += 1
        cost = PRICE * places
        allowed = cost <= self.available
        with self.expecting(allowed):
            hold = self.shop.publish(places=places, batch=f"B{self.made}")
        if not allowed:
            return 0
        self.available -= cost
        self.set_aside += cost
        self.holds[hold] = cost
        return hold

    @rule(hold=works, number=some.integers(1, 12))
    def pay(self, hold: int, number: int) -> None:
        """The same number again on the same hold is the same work: paid already."""
        work = hold * 100 + number
        if hold == 0:
            return
        again = work in self.paid
        with self.expecting(again or self.holds[hold] >= PRICE):
            self.shop.pay(f"work {work}", hold=hold)
        if not again and self.holds[hold] >= PRICE:
            self.paid.add(work)
            self._leave_hold(hold, PRICE)
            self.worker += REWARD
            self.fees += FEE

    @rule(hold=works, places=some.integers(1, 8))
    def give_back(self, hold: int, places: int) -> None:
        if hold == 0:
            return
        self.made += 1
        allowed = self.holds[hold] >= PRICE * places
        self.shop.hold = hold
        with self.expecting(allowed):
            self.shop.give_back(places=places, key=f"back:{self.made}")
        if allowed:
            self._leave_hold(hold, PRICE * places)
            self.available += PRICE * places

    @rule(amount=CENTS)
    def bonus(self, amount: Money) -> None:
        self.made += 1
        allowed = amount + FEE <= self.available
        with self.expecting(allowed):
            escrow.pay_bonus(
                requester_id=self.shop.karim.public_id,
                worker_id=self.shop.rahima.public_id,
                amount=amount,
                fee=FEE,
                key=f"bonus:{self.made}",
                subject="work",
                at=NOW,
            )
        if allowed:
            self.available -= amount + FEE
            self.worker += amount
            self.fees += FEE

    @rule(target=asked, amount=CENTS)
    def ask(self, amount: Money) -> str:
        allowed = Money.parse("10.00") <= amount <= self.worker
        payout = ""
        with self.expecting(allowed):
            payout = asking.request_payout(
                worker=self.shop.rahima, method_id=self.method, amount=amount, now=NOW
            ).public_id
        if allowed:
            self.worker -= amount
            self.reserved += amount
            self.states[payout] = ("requested", amount)
        return payout

    @rule(
        payout=asked,
        verb=some.sampled_from(["approve", "hold", "release", "send", "settle", "return", "cancel", "fail"]),
    )
    def move(self, payout: str, verb: PayoutVerb) -> None:
        if not payout:
            return
        state, amount = self.states[payout]
        after = PAYOUT_MOVES.get((state, verb))
        if (state, verb) == ("sent", "fail"):
            after = None  # by a provider's word alone
        already = state == PAYOUT_ENDS[verb]
        with self.expecting(after is not None or already):
            self._do(verb, payout)
        if after is not None:
            self._count(state, amount, -1)
            self._count(after, amount, 1)
            self.states[payout] = (after, amount)

    @rule(payout=consumes(asked))
    def forget(self, payout: str) -> None:
        """A payout that nobody asks about any more."""

    @invariant()
    def balances_agree(self) -> None:
        if not hasattr(self, "shop"):
            return
        assert requester_balance(self.shop.karim) == (self.available, self.set_aside)
        assert worker_balance(self.shop.rahima) == (self.worker, self.reserved, self.transit)
        assert summed("fees", grows=-1) == self.fees
        self.looks += 1
        if self.looks % PROVED == 0:
            assert ledger_faults() == []

    def _leave_hold(self, hold: int, amount: Money) -> None:
        self.holds[hold] -= amount
        self.set_aside -= amount

    def _count(self, state: str, amount: Money, times: int) -> None:
        match state:
            case _ if state in RESERVED_STATES:
                self.reserved += amount * times
            case "sent":
                self.transit += amount * times
            case "cancelled" | "returned" | "failed":
                self.worker += amount * times

    def _do(self, verb: PayoutVerb, payout: str) -> None:
        match verb:
            case "send":
                payouts.send_payout(by=SHIRIN, payout_id=payout, reference="TX", now=NOW)
            case "settle":
                payouts.settle_payout(by=SHIRIN, payout_id=payout, now=NOW)
            case "return":
                payouts.return_payout(by=SHIRIN, payout_id=payout, reason="closed", now=NOW)
            case "approve":
                payouts.approve_payout(by=SHIRIN, payout_id=payout, now=NOW)
            case "hold":
                hold_payout(by=SHIRIN, payout_id=payout, reason="odd", now=NOW)
            case "release":
                release_payout(by=SHIRIN, payout_id=payout, reason="fine", now=NOW)
            case "fail":
                payouts.refuse_payout(by=SHIRIN, payout_id=payout, reason="no", now=NOW)
            case "cancel":
                payouts.cancel_payout(worker=self.shop.rahima, payout_id=payout, now=NOW)


@pytest.mark.long
@pytest.mark.django_db
def test_a_market_at_random_agrees_with_its_model() -> None:
    few = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Market, settings=few)
