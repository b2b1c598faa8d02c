"""Deposits, disputes, refunds and stray money in any order: a model in whole dollars, and every proof."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import make
from tests.make import NOW
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.ledger.models import Entry
from tukro.money.actions.balances.escrow import give_back_rest_of_batch, set_aside_batch
from tukro.money.actions.deposits import create_deposit, note_sighting
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.deposits.refunds import ask_refund, note_refund, take_refund_to_send
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.models import Deposit, Refund, UnmatchedMoney
from tukro.money.queries import debt_of, ledger_faults, requester_balance
from tukro.money.rules.deposits import SeenDispute, SeenRefund, Sighting
from tukro.people.models import Requester

STEPS = (
    "ask",
    "pay",
    "pay_wrong",
    "pay_twice",
    "ask_back",
    "take",
    "win",
    "lose",
    "refund",
    "gone",
    "back",
    "spend",
    "unspend",
)
STEP = st.tuples(st.sampled_from((*STEPS, "assign", "return")), st.integers(0, 3), st.integers(1, 60))


def dollars(count: int) -> Money:
    return Money(count * 1_000_000)


@dataclass
class World:
    """Everything that happens is tried; what is refused must have changed nothing."""

    karim: Requester
    deposits: list[Deposit] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)

    def do(self, step: str, which: int, count: int) -> None:
        before = Entry.objects.count()
        try:
            with transaction.atomic():
                getattr(self, f"_{step}")(which, count)
        except Refused:
            assert Entry.objects.count() == before

    def _deposit(self, which: int) -> Deposit:
        if not self.deposits:
            self._ask(0, 30)
        return self.deposits[which % len(self.deposits)]

    def _ask(self, _which: int, count: int) -> None:
        amount = dollars(max(count, 10))
        self.deposits.append(create_deposit(requester=self.karim, amount=amount, provider="stripe", now=NOW))

    def _see(self, deposit: Deposit, paid: Money, payment: str) -> None:
        seen = Sighting("paid", paid=paid, payment=payment)
        note_sighting(deposit_id=deposit.public_id, seen=seen, now=NOW)

    def _pay(self, which: int, _count: int) -> None:
        deposit = self._deposit(which)
        self._see(deposit, deposit.asked, f"pi_{deposit.pk}")

    def _pay_wrong(self, which: int, count: int) -> None:
        deposit = self._deposit(which)
        self._see(deposit, deposit.asked + dollars(count), f"pi_{deposit.pk}")

    def _pay_twice(self, which: int, _count: int) -> None:
        deposit = self._deposit(which)
        self._see(deposit, deposit.asked, f"pi_{deposit.pk}_again")

    def _ask_back(self, which: int, count: int) -> None:
        self._dispute(which, count, taken=False, closed=False)

    def _take(self, which: int, count: int) -> None:
        self._dispute(which, count, taken=True, closed=False)

    def _win(self, which: int, count: int) -> None:
        self._dispute(which, count, taken=False, closed=True)

    def _lose(self, which: int, count: int) -> None:
        self._dispute(which, count, taken=True, closed=True)

    def _dispute(self, which: int, count: int, *, taken: bool, closed: bool) -> None:
        deposit = self._deposit(which)
        seen = SeenDispute(ref="dp", amount=dollars(count), taken=taken, closed=closed)
        note_dispute(deposit_id=deposit.public_id, seen=seen, now=NOW)

    def _refund(self, which: int, count: int) -> None:
        deposit = self._deposit(which)
        ask_refund(requester=self.karim, deposit_id=deposit.public_id, amount=dollars(count), now=NOW)

    def _gone(self, which: int, _count: int) -> None:
        self._end_refund(which, "done")

    def _back(self, which: int, _count: int) -> None:
        self._end_refund(which, "failed")

    def _end_refund(self, which: int, state: str) -> None:
        refunds = list(Refund.objects.order_by("id"))
        if refunds:
            refund = refunds[which % len(refunds)]
            take_refund_to_send(refund_id=refund.public_id, now=NOW)
            seen = SeenRefund(key=refund.public_id, ref="re", state=state)  # type: ignore[arg-type]  # one of two
            note_refund(refund_id=refund.public_id, seen=seen, now=NOW)

    def _spend(self, _which: int, count: int) -> None:
        batch = f"B{len(self.batches)}"
        set_aside_batch(requester=self.karim, batch_id=batch, amount=dollars(count), at=NOW)
        self.batches.append(batch)

    def _unspend(self, _which: int, _count: int) -> None:
        if self.batches:
            give_back_rest_of_batch(batch_id=self.batches.pop(), at=NOW)

    def _assign(self, which: int, _count: int) -> None:
        for kept in UnmatchedMoney.objects.order_by("id")[which : which + 1]:
            assign_unmatched(
                by=HOUSE, unmatched_id=kept.public_id, requester=self.karim, reason="his", now=NOW
            )

    def _return(self, which: int, _count: int) -> None:
        for kept in UnmatchedMoney.objects.order_by("id")[which : which + 1]:
            return_unmatched(by=HOUSE, unmatched_id=kept.public_id, reason="a stranger's", now=NOW)


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_in_whatever_order_the_books_prove(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        world = World(make.requester(funds="0"))
        for step in steps:
            world.do(*step)
        assert ledger_faults() == []
        available, _set_aside = requester_balance(world.karim)
        assert not (debt_of(world.karim) and available)
        came = sum(d.amount.units for d in Deposit.objects.filter(state="settled"))
        assert sum(d.refunded.units for d in Deposit.objects.all()) <= came
        transaction.set_rollback(True)
