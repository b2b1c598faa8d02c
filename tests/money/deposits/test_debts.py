"""Whoever owes the house publishes nothing, and pays with whatever comes back to them."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from tests import make
from tests.debtors import paid_in, taken_back
from tests.make import NOW
from tests.money.bank import call, spread_batch
from tests.together import PATIENCE, outcomes, together, until_one_waits_for_a_lock
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.balances.spending import RequesterInDebt
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.actions.refusals import HoldExhausted, InsufficientFunds, money_refusals
from tukro.money.jobs import collect_debts
from tukro.money.queries import debt_of, faults, requester_available, requester_balance, requester_can_spend
from tukro.people.models import Requester
from tukro.work.actions.publishing import cancel_batch, extend_batch
from tukro.work.actions.publishing.task_changes import change_expiry
from tukro.work.actions.reviewing import reject_assignments, send_bonus

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def debtor() -> Requester:
    """Paid 50, set 30 aside, and then the 50 were taken back: 30 are owed."""
    made = make.requester(funds="0")
    deposit = paid_in(made, "50.00")
    escrow.set_aside_batch(requester=made, batch_id="B1", amount=Money.parse("30.00"), at=NOW)
    taken_back(deposit)
    return made


def test_nothing_is_published_on_a_debt(debtor: Requester) -> None:
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("30.00", "0.00")
    with pytest.raises(RequesterInDebt) as caught:
        escrow.set_aside_batch(requester=debtor, batch_id="B2", amount=Money.parse("1.00"), at=NOW)
    assert caught.value.facts["debt"] == Money.parse("30.00")


def test_what_was_paid_before_the_debt_is_not_refused_when_it_is_said_again(debtor: Requester) -> None:
    """The answer was lost, and a debt came meanwhile: the same key has the same answer."""
    escrow.set_aside_batch(requester=debtor, batch_id="B1", amount=Money.parse("30.00"), at=NOW)
    assert str(requester_balance(debtor)[1]) == "30.00"


def test_what_comes_back_is_not_spendable_and_pays_the_debt(debtor: Requester) -> None:
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    assert str(requester_balance(debtor)[0]) == "0.00"  # it is there, and owed
    with pytest.raises(InsufficientFunds):
        make.wire_task(of=debtor)
    assert collect_debts(NOW) == 1
    assert collect_debts(NOW) == 0
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "0.00")


def test_what_comes_back_is_spent_on_nothing_while_it_is_owed() -> None:
    """Not on a bonus, more places, offering rejected work again, or tasks of programs; and it says why."""
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "50.00")
    batch = make.batch(of=karim, rows=2)
    other = make.batch(of=karim, rows=100, of_terms=make.terms(title="Another"))
    work = [make.submitted(of=batch) for _ in range(2)]
    ended = make.wire_task(of=karim)
    taken_back(deposit)
    change_expiry(requester=karim, task_id=ended.public_id, expires_at=NOW, now=NOW)
    cancel_batch(requester=karim, batch_id=other.public_id, now=NOW)
    assert requester_available(karim) == Money.parse("6.06")
    assert requester_can_spend(karim) == Money.zero()
    bonus = partial(
        send_bonus,
        requester=karim,
        assignment_id=work[0].public_id,
        amount=Money.parse("1.00"),
        reason="Thanks",
        token="t",
        now=NOW,
    )
    more = partial(extend_batch, requester=karim, batch_id=batch.public_id, add_places=1, now=NOW)
    reject = partial(
        reject_assignments,
        requester=karim,
        assignment_ids=[work[1].public_id],
        reason_code="wrong",
        feedback="It is a 4.",
        reopen=True,
        now=NOW,
    )
    again = partial(change_expiry, requester=karim, task_id=ended.public_id, expires_at=NOW + A_DAY, now=NOW)
    made = partial(make.wire_task, of=karim, places=2)
    for spend, needed in ((bonus, "1.20"), (more, "0.12"), (reject, "0.06"), (again, "0.06"), (made, "0.12")):
        with pytest.raises(RequesterInDebt) as caught:
            spend()
        told = {name: str(fact) for name, fact in caught.value.facts.items()}
        assert told == {"debt": "6.18", "needed": needed, "available": "0.00"}


def test_a_rejection_that_was_wrong_is_made_good_by_debtors_too(debtor: Requester) -> None:
    """The worker did the work: what is there pays them, however much of it is owed."""
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    pay = "money_pay_from_balance(%s, %s, %s, %s, %s, %s)"
    rahima = make.worker().public_id
    assert call(pay, debtor.public_id, rahima, 25_000_000, 5_000_001, "A1", NOW) == 30_000_000
    assert call(pay, debtor.public_id, rahima, 25_000_000, 5_000_000, "A1", NOW) is None
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("30.00", "0.00")


def test_no_hold_is_filled_by_debtors_whatever_was_looked_at_before(debtor: Requester) -> None:
    """One of the two functions that fill holds answers what can be spent, the other one raises."""
    (hold,) = spread_batch(batch_id="B1", shares=[("T1", Money.parse("1.00"))], key="s", at=NOW)
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    asked = (debtor.public_id, [hold], [1], "key", "T1", NOW)
    assert call("money_add_to_holds(%s, %s, %s, %s, %s, %s)", *asked) == 0
    with pytest.raises(HoldExhausted), money_refusals(), transaction.atomic():
        call("money_fill_holds(%s, %s, %s, %s, %s, %s)", *asked)
    assert str(requester_balance(debtor)[1]) == "1.00"


@pytest.mark.django_db(transaction=True)
def test_a_debt_that_comes_while_somebody_spends_is_seen() -> None:
    """A look before the posting would miss it: the balance is taken, owed and filled again in between."""
    karim = make.requester(funds="0")
    deposit = paid_in(karim, "50.00")
    escrow.set_aside_batch(requester=karim, batch_id="B1", amount=Money.parse("30.00"), at=NOW)
    outcome: dict[str, int] = {}
    spend = partial(
        escrow.set_aside_batch, requester=karim, batch_id="B2", amount=Money.parse("1.00"), at=NOW
    )
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        taken_back(deposit)
        escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
        spending = pool.submit(together, spend)
        until_one_waits_for_a_lock()
        transaction.on_commit(lambda: outcome.update(outcomes(spending.result(PATIENCE))))
    assert outcome == {"RequesterInDebt": 1}


def test_all_that_leaves_a_requesters_balance_is_known_to_the_rule() -> None:
    """A new kind of movement is spending, and goes through the door, or stands here with the others."""
    leaves = set(re.findall(r"\('(\w+)', 'requester_available', 'D'\)", faults._SHAPES))
    by_the_house = {"correction", "correction_reversed", "unclaimed"}
    of_disputes_and_debts = {"dispute_frozen", "dispute_taken", "debt_paid"}
    spending = {"set_aside", "bonus", "refund_asked", "reward_after_release"}
    assert leaves == by_the_house | of_disputes_and_debts | spending


def test_a_bonus_that_was_paid_before_the_debt_is_paid(debtor: Requester) -> None:
    collect_debt(requester=debtor, now=NOW)
    rahima = make.worker()
    other = paid_in(debtor, "40.00")
    for _ in range(2):
        escrow.pay_bonus(
            requester_id=debtor.public_id,
            worker_id=rahima.public_id,
            amount=Money.parse("1.00"),
            fee=Money.parse("0.20"),
            key="bonus:1",
            subject="W1",
            at=NOW,
        )
        if debt_of(debtor) == Money.zero():
            taken_back(other)
    assert str(debt_of(debtor)) == "31.20"


def test_what_comes_back_is_not_sent_home_while_something_is_owed(debtor: Requester) -> None:
    other = paid_in(debtor, "10.00")
    escrow.give_back_rest_of_batch(batch_id="B1", at=NOW)
    with pytest.raises(RequesterInDebt):
        ask_refund(requester=debtor, deposit_id=other.public_id, amount=Money.parse("5.00"), now=NOW)
    collect_debts(NOW)
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "10.00")
    ask_refund(requester=debtor, deposit_id=other.public_id, amount=Money.parse("5.00"), now=NOW)


def test_new_money_pays_the_debt_first(debtor: Requester) -> None:
    paid_in(debtor, "40.00")
    assert (str(debt_of(debtor)), str(requester_balance(debtor)[0])) == ("0.00", "10.00")
    assert not collect_debt(requester=debtor, now=NOW)
