"""Above a limit two members of staff approve a payout, each once."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.together import outcomes, together
from tukro.journal.queries import history
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.escrow import pay_bonus
from tukro.money.actions.holds import hold_payout, release_payout
from tukro.money.actions.payout_terms import change_terms
from tukro.money.actions.payouts import (
    SecondPersonNeeded,
    approve_payout,
    request_payout,
    send_payout,
)
from tukro.money.actions.policy import change_policy
from tukro.money.models import Payout, PayoutState

pytestmark = pytest.mark.django_db
TANVIR = Actor("staff", "8")
LIMIT, ABOVE = Money.parse("200.00"), Money.parse("200.01")


def asked(amount: Money = ABOVE) -> Payout:
    worker = cast.rahima()
    change_policy(by=SHIRIN, now=NOW, two_persons_above=LIMIT)
    pay_bonus(
        requester_id=make.requester().public_id,
        worker_id=worker.public_id,
        amount=Money.parse("500.00"),
        fee=Money.zero(),
        key="bonus:500",
        subject="work",
        at=NOW,
    )
    method = make.payout_method(of=worker)
    return request_payout(worker=worker, method_id=method.pk, amount=amount, now=NOW)


def test_two_different_persons_approve_what_is_above_the_limit() -> None:
    payout = asked()
    once = approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)
    assert (once.state, once.first_approved_by) == (PayoutState.REQUESTED, str(SHIRIN))
    with pytest.raises(SecondPersonNeeded):
        approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)
    twice = approve_payout(by=TANVIR, payout_id=payout.public_id, now=NOW)
    assert (twice.state, twice.approved_by) == (PayoutState.APPROVED, str(TANVIR))
    told = [(event.name, event.actor) for event in history(payout.public_id)][1:]
    assert told == [("PayoutApprovedOnce", "staff:7"), ("PayoutApproved", "staff:8")]


def test_what_is_not_approved_by_two_is_not_sent_by_hand() -> None:
    payout = asked()
    with pytest.raises(SecondPersonNeeded):
        send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX1", now=NOW)
    for by in (SHIRIN, TANVIR):
        approve_payout(by=by, payout_id=payout.public_id, now=NOW)
    assert send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX1", now=NOW).state == "sent"


def test_up_to_the_limit_one_is_enough() -> None:
    payout = asked(LIMIT)
    assert approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW).state == PayoutState.APPROVED


def test_nothing_above_the_limit_approves_itself() -> None:
    change_terms(
        by=SHIRIN,
        kind="bkash",
        offered=True,
        minimum=None,
        maximum=None,
        daily_maximum=None,
        fee=None,
        approved_up_to=Money.parse("1000.00"),
        now=NOW,
    )
    assert asked().state == PayoutState.REQUESTED


def test_a_hold_takes_the_first_approval_back() -> None:
    payout = asked()
    approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)
    hold_payout(by=TANVIR, payout_id=payout.public_id, reason="Odd", now=NOW)
    release_payout(by=TANVIR, payout_id=payout.public_id, reason="Explained", now=NOW)
    again = approve_payout(by=TANVIR, payout_id=payout.public_id, now=NOW)
    assert (again.state, again.first_approved_by) == (PayoutState.REQUESTED, str(TANVIR))


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_twice_at_once_is_still_one() -> None:
    payout = asked()
    acts = [lambda: approve_payout(by=SHIRIN, payout_id=payout.public_id, now=NOW)] * 4
    assert outcomes(together(*acts)) == {"done": 1, "SecondPersonNeeded": 3}
    payout.refresh_from_db()
    assert payout.state == PayoutState.REQUESTED
