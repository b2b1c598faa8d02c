"""Unused money goes back to where it came from, never elsewhere, and never more than came from there.

The money leaves the balance when the refund is asked for (``refund_asked``), and is gone when the provider
says so (``refund_done``) or back (``refund_failed``). A refund is sent under one key for its whole life.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger.actions import Line
from tukro.money.actions import accounts
from tukro.money.actions.balances.returning import keep_for_inquiries, lock_inquiries
from tukro.money.actions.balances.spending import spend
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.deposits.moves import locked_deposit
from tukro.money.actions.deposits.paying_in import AmountNotPositive, AmountTooLarge, outside_lines
from tukro.money.actions.law.screening_requesters import refuse_held, screen_requester
from tukro.money.actions.paying_out.payouts import ReferenceMissing
from tukro.money.actions.posting import post_fact
from tukro.money.actions.refusals import ReasonMissing
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Deposit, DepositState, Refund, RefundState
from tukro.money.rules import is_whole_cents
from tukro.money.rules.deposits import REFUND_MOVES, RefundVerb, SeenRefund
from tukro.money.rules.places import PAY_IN_PLACES
from tukro.people.models import Requester
from tukro.vetting.queries.sanctions import stands_against

REFUNDABLE = PAY_IN_PLACES  # play money goes nowhere
_HELD_PAUSE = timedelta(minutes=10)
BY_HAND = ("bank",)  # staff send these and write down the reference


class NotRefundable(Refused):
    """This deposit cannot be paid back: it is not settled, or was play money. Facts: ``state``."""


class RefundNotMovable(Refused):
    """The refund is in a state from which this cannot happen. Facts: ``state``, ``verb``."""


def ask_refund(
    *, requester: Requester, deposit_id: str, amount: Money, now: datetime, refund_id: str = ""
) -> Refund:
    """Take unused money out of the balance and put it on its way back.

    ``refund_id`` is a new id that the page made: pressing twice asks once. Refuses NotFound, NotRefundable,
    AmountNotPositive, AmountTooLarge (more than is left of this deposit), InsufficientFunds, RequesterInDebt,
    PaymentsHeld (a list of sanctioned people stands against them).
    """
    screen_requester(requester=requester, now=now)
    return _ask(requester, deposit_id, amount, refund_id=refund_id, now=now)


@transaction.atomic
def _ask(requester: Requester, deposit_id: str, amount: Money, *, refund_id: str, now: datetime) -> Refund:
    deposit = locked_deposit(deposit_id, requester=requester)
    if refund_id and (earlier := Refund.objects.filter(public_id=refund_id).first()):
        if earlier.deposit_id != deposit.pk:
            raise NotFound(refund=refund_id)
        return earlier
    refuse_held(requester)
    if deposit.state != DepositState.SETTLED or deposit.provider not in REFUNDABLE:
        raise NotRefundable(state=deposit.state)
    if amount.units <= 0 or not is_whole_cents(amount):
        raise AmountNotPositive(amount=amount)
    left = left_of(deposit)
    if amount > left:
        raise AmountTooLarge(amount=amount, limit=left)
    asked = refund_id or new_id()
    spend(
        requester_id=requester.public_id,
        kind="refund_asked",
        key=f"refund_asked:{asked}",
        lines=[
            Line(accounts.requester_available(requester.public_id, at=now), amount.units),
            Line(accounts.requester_refunding(requester.public_id, asked, at=now), -amount.units),
        ],
        subject=asked,
        needed=amount,
        at=now,
    )
    refund = Refund.objects.create(
        public_id=asked,
        deposit=deposit,
        amount=amount,
        pays_units=deposit.asked_units * amount.units // deposit.price.units,
        state=RefundState.ASKED,
        asked_at=now,
        due_at=None if deposit.provider in BY_HAND else now,
    )
    deposit.refunded += amount
    deposit.save(update_fields=["refunded"])
    _record("RefundAsked", refund, by=requester.actor, at=now)
    return refund


def left_of(deposit: Deposit) -> Money:
    """What could still go back of a deposit, if it is unused."""
    return max(deposit.amount - deposit.refunded - deposit.disputed, Money.zero()).whole_cents()


@transaction.atomic
def take_refund_to_send(*, refund_id: str, now: datetime) -> Refund | None:
    """Mark a refund as being sent, before it is: whoever finds it so later knows that it may have been."""
    refund = locked_refund(refund_id)
    if refund.state != RefundState.ASKED:
        return None
    if stands_against(refund.deposit.requester):  # since it was asked for: it waits for staff
        refund.due_at = now + _HELD_PAUSE
        refund.save(update_fields=["due_at"])
        return None
    _move(refund, "send")
    refund.sent_at = refund.sent_at or now
    refund.due_at = now + timedelta(minutes=2)  # longer than any call takes: then it counts as lost
    refund.save(update_fields=["state", "sent_at", "due_at"])
    return refund


@transaction.atomic
def put_off_refund(*, refund_id: str, now: datetime) -> Refund | None:
    """A refund under way, for whoever asks about it now; None when it is not its time.

    One that is found being sent after so long was interrupted: nobody knows whether it was sent.
    """
    refund = locked_refund(refund_id)
    if refund.due_at is None or refund.due_at > now:
        return None
    if refund.state == RefundState.SENDING:
        _move(refund, "lose")
    refund.due_at = now + timedelta(minutes=3)
    refund.save(update_fields=["state", "due_at"])
    return refund


@transaction.atomic
def note_refund_not_sent(*, refund_id: str, now: datetime) -> Refund:
    """Nothing reached the provider, or it knows of no such refund: it is sent again, with the same key."""
    refund = locked_refund(refund_id)
    _move(refund, "retry")
    refund.due_at = now + timedelta(minutes=1)
    refund.save(update_fields=["state", "due_at"])
    return refund


@transaction.atomic
def note_refund_lost(*, refund_id: str, why: str, now: datetime) -> Refund:
    """The answer was lost: it is asked about, with growing pauses, and staff see it."""
    refund = locked_refund(refund_id)
    if refund.state == RefundState.SENDING:
        _move(refund, "lose")
    since = now - (refund.sent_at or now)
    refund.due_at = now + max(timedelta(seconds=30), since / 2)
    refund.why = why[:200]
    refund.save(update_fields=["state", "due_at", "why"])
    return refund


@transaction.atomic
def note_refund(*, refund_id: str, seen: SeenRefund, now: datetime, by: Actor = HOUSE) -> Refund:
    """Bring a refund to where its provider says that it is. The same said again changes nothing.

    Refuses RefundNotMovable.
    """
    refund = locked_refund(refund_id)
    moves: dict[str, tuple[RefundState, Callable[[], None]]] = {
        "waiting": (RefundState.SENT, lambda: _wait(refund, at=now)),
        "done": (RefundState.DONE, lambda: _finish(refund, by=by, at=now)),
        "failed": (RefundState.FAILED, lambda: _fail(refund, by=by, at=now)),
    }
    target, go = moves[seen.state]
    if refund.state == target or (seen.state == "waiting" and refund.state == RefundState.DONE):
        return refund
    if seen.ref:
        refund.provider_ref = seen.ref[:120]
    go()
    refund.save()
    return refund


@transaction.atomic
def finish_refund_by_hand(
    *, by: Actor, refund_id: str, reference: str, now: datetime, first: Actor | None = None
) -> Refund:
    """Staff sent it, or found that the provider did.

    Refuses NotFound, ReferenceMissing, RefundNotMovable, SecondPersonNeeded, PaymentsHeld (not sent yet).
    """
    if not reference.strip():
        raise ReferenceMissing()
    refund = locked_refund(refund_id)
    if refund.state == RefundState.DONE:
        return refund
    by_hand = refund.state == RefundState.ASKED and refund.deposit.provider in BY_HAND
    if not by_hand and (refund.state, "finish") not in REFUND_MOVES:
        raise RefundNotMovable(state=refund.state, verb="finish")
    if by_hand:
        refuse_held(refund.deposit.requester)
    check_amount(refund.amount, by=by, first=first)
    if by_hand:
        _move(refund, "send")
        refund.sent_at = now
        refund.save(update_fields=["state", "sent_at"])
    seen = SeenRefund(key=refund_id, ref=reference.strip(), state="done")
    return note_refund(refund_id=refund_id, seen=seen, now=now, by=by)


@transaction.atomic
def fail_refund_by_hand(
    *, by: Actor, refund_id: str, reason: str, now: datetime, first: Actor | None = None
) -> Refund:
    """Staff know that it was not done and will not be: the money is back in the balance.

    Refuses ReasonMissing, NotFound, RefundNotMovable (one that is just being sent, too), SecondPersonNeeded.
    """
    if not reason.strip():
        raise ReasonMissing()
    refund = locked_refund(refund_id)
    by_hand = refund.state == RefundState.ASKED and refund.deposit.provider in BY_HAND
    if not by_hand and refund.state in (RefundState.ASKED, RefundState.SENDING):
        raise RefundNotMovable(state=refund.state, verb="fail")
    if refund.state != RefundState.FAILED:
        check_amount(refund.amount, by=by, first=first)
    if by_hand:
        _move(refund, "send")
        refund.sent_at = now
    refund.why = reason.strip()[:200]
    refund.save()
    seen = SeenRefund(key=refund_id, ref="", state="failed")
    return note_refund(refund_id=refund_id, seen=seen, now=now, by=by)


def locked_refund(refund_id: str) -> Refund:
    """Locked after its deposit, as everywhere. Refuses NotFound."""
    found = Refund.objects.filter(public_id=refund_id).select_related("deposit__requester").first()
    if found is None:
        raise NotFound(refund=refund_id)
    lock_inquiries(found.deposit.requester.public_id)  # it may fail, and its money come back
    deposit = locked_deposit(found.deposit.public_id)
    refund = Refund.objects.select_for_update().get(pk=found.pk)
    refund.deposit = deposit
    return refund


def _wait(refund: Refund, *, at: datetime) -> None:
    _move(refund, "wait")
    refund.due_at = at + timedelta(hours=1)


def _finish(refund: Refund, *, by: Actor, at: datetime) -> None:
    _move(refund, "finish")
    refund.done_at, refund.due_at, refund.why = at, None, ""
    outside = outside_lines(refund.deposit, refund.amount, at=at)
    lines = {account: -units for account, units in outside.items()}
    lines[_on_its_way(refund, at=at)] = refund.amount.units
    post_fact("refund_done", refund.public_id, lines, at=at)
    _record("RefundDone", refund, by=by, at=at)


def _fail(refund: Refund, *, by: Actor, at: datetime) -> None:
    was_done = refund.state == RefundState.DONE
    _move(refund, "fail")
    refund.failed_at, refund.due_at = at, None
    deposit, owner = refund.deposit, refund.deposit.requester.public_id
    source = (
        outside_lines(deposit, refund.amount, at=at)
        if was_done
        else {_on_its_way(refund, at=at): refund.amount.units}
    )
    lines = {**source, accounts.requester_available(owner, at=at): -refund.amount.units}
    came_back = post_fact("refund_failed", refund.public_id, lines, at=at)
    keep_for_inquiries(owner, refund.amount, transfer=came_back, at=at)
    deposit.refunded -= refund.amount
    deposit.save(update_fields=["refunded"])
    _record("RefundFailed", refund, by=by, at=at)
    collect_debt(requester=deposit.requester, now=at)


def _on_its_way(refund: Refund, *, at: datetime) -> int:
    return accounts.requester_refunding(refund.deposit.requester.public_id, refund.public_id, at=at)


def _move(refund: Refund, verb: RefundVerb) -> None:
    state = REFUND_MOVES.get((refund.state, verb))
    if state is None:
        raise RefundNotMovable(state=refund.state, verb=verb)
    refund.state = state


def _record(name: str, refund: Refund, *, by: Actor, at: datetime) -> None:
    record(
        name=name,
        actor=by,
        subject=refund.deposit.public_id,
        at=at,
        facts={
            "requester": refund.deposit.requester.public_id,
            "refund": refund.public_id,
            "amount": refund.amount.units,
        },
    )
