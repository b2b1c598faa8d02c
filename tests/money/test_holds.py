"""Holds: one withdrawal, or all of a person's, and what happens to money meanwhile: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, add_bkash
from tests.together import together
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.holds import (
    HoldHasItsOwnPage,
    PersonIsHeld,
    hold_payout,
    hold_person,
    release_hold,
    release_payout,
)
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import approve_payout, cancel_payout
from tukro.money.actions.paying_out.schedules import set_schedule, withdraw_on_schedule
from tukro.money.actions.paying_out.sending import claim_payout
from tukro.money.actions.refusals import ReasonMissing
from tukro.money.models import Payout, PayoutHold, PayoutTerms
from tukro.money.queries import worker_balance
from tukro.money.queries.holds import holds_of, open_holds
from tukro.people.models import Worker

pytestmark = pytest.mark.django_db
TEN = Money.parse("10.00")


@pytest.fixture
def rahima() -> Worker:
    """Rahima has earned 45 dollars."""
    return make.with_earnings(cast.rahima(), "45.00")


def ask(worker: Worker) -> Payout:
    return request_payout(worker=worker, method_id=add_bkash(worker), amount=TEN, now=NOW)


def held(worker: Worker, code: str = "owner") -> PayoutHold:
    return hold_person(by=SHIRIN, worker_id=worker.public_id, code=code, note="Two countries", now=NOW)


def state(payout: Payout) -> str:
    return Payout.objects.get(pk=payout.pk).state


def test_all_of_a_held_persons_withdrawals_wait_and_later_ones_too(rahima: Worker) -> None:
    first = approve_payout(by=SHIRIN, payout_id=ask(rahima).public_id, now=NOW)
    hold = held(rahima)
    second = ask(rahima)
    assert (state(first), state(second)) == ("held", "held")
    assert claim_payout(providers={"bkash": "bkash"}, now=NOW) is None
    assert [str(amount) for amount in worker_balance(rahima)] == ["25.00", "20.00", "0.00"]
    assert held(rahima) == hold  # twice is once
    release_hold(by=SHIRIN, hold_id=hold.public_id, reason="It was her", now=NOW)
    assert (state(first), state(second)) == ("requested", "requested")
    assert list(open_holds()) == []


def test_what_goes_by_rule_goes_by_rule_once_released(rahima: Worker) -> None:
    PayoutTerms.objects.create(kind="bkash", approved_up_to=TEN)
    hold = held(rahima)
    payout = ask(rahima)
    assert state(payout) == "held"
    release_hold(by=SHIRIN, hold_id=hold.public_id, reason="It was her", now=NOW)
    assert state(payout) == "approved"


def test_two_reasons_have_to_go_both(rahima: Worker) -> None:
    payout, first, second = ask(rahima), held(rahima), held(rahima, "papers")
    own = hold_payout(by=SHIRIN, payout_id=payout.public_id, reason="Large", now=NOW)
    assert [hold.payout_id for hold in holds_of(rahima)] == [None, None, own.pk]
    release_hold(by=SHIRIN, hold_id=first.public_id, reason="Her", now=NOW)
    with pytest.raises(PersonIsHeld):
        release_payout(by=SHIRIN, payout_id=payout.public_id, reason="Fine", now=NOW)
    release_hold(by=SHIRIN, hold_id=second.public_id, reason="Got it", now=NOW)
    assert state(payout) == "held"
    assert release_payout(by=SHIRIN, payout_id=payout.public_id, reason="Fine", now=NOW).state == "requested"


def test_neither_a_hold_nor_its_end_is_without_a_word(rahima: Worker) -> None:
    payout = ask(rahima)
    with pytest.raises(ReasonMissing):
        hold_person(by=SHIRIN, worker_id=rahima.public_id, code="staff", note=" ", now=NOW)
    with pytest.raises(NotFound):  # the house's own reasons are not staff's to give
        hold_person(by=SHIRIN, worker_id=rahima.public_id, code="sanctions", note="?", now=NOW)
    hold_payout(by=SHIRIN, payout_id=payout.public_id, reason="Large", now=NOW)
    with pytest.raises(ReasonMissing):
        release_payout(by=SHIRIN, payout_id=payout.public_id, reason="", now=NOW)
    with pytest.raises(ReasonMissing):
        release_hold(by=SHIRIN, hold_id=holds_of(rahima)[0].public_id, reason="", now=NOW)
    listed = hold_person(by=HOUSE, worker_id=rahima.public_id, code="sanctions", note="?", now=NOW)
    with pytest.raises(HoldHasItsOwnPage):
        release_hold(by=SHIRIN, hold_id=listed.public_id, reason="Looks fine", now=NOW)


def test_a_withdrawal_that_is_taken_back_is_held_no_more(rahima: Worker) -> None:
    payout = ask(rahima)
    hold_payout(by=SHIRIN, payout_id=payout.public_id, reason="Large", now=NOW)
    cancel_payout(worker=rahima, payout_id=payout.public_id, now=NOW)
    assert holds_of(rahima) == []
    assert worker_balance(rahima)[0] == Money.parse("45.00")


def test_a_schedules_turn_waits_as_well(rahima: Worker) -> None:
    set_schedule(worker=rahima, every_days=3, method_id=add_bkash(rahima), now=NOW)
    held(rahima)
    assert withdraw_on_schedule(now=NOW + timedelta(days=3))
    assert [one.state for one in Payout.objects.all()] == ["held"]


@pytest.mark.django_db(transaction=True)
def test_a_request_and_a_hold_at_once_leave_nothing_unheld() -> None:
    worker = make.worker(email="rahima@example.org")
    make.with_earnings(worker, "45.00")
    method = add_bkash(worker)
    together(
        lambda: request_payout(worker=worker, method_id=method, amount=TEN, now=NOW),
        lambda: held(worker),
    )
    assert [one.state for one in Payout.objects.all()] == ["held"]
