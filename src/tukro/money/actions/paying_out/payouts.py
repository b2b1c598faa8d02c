"""Withdrawals as people move them: taken back, approved, sent by hand, refused, and what happened then.

Asking stands in asking.py, holding in holds.py, what providers do in sending.py.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.kernel.actors import Actor
from tukro.kernel.errors import NumberMissing, Refused
from tukro.money.actions import accounts
from tukro.money.actions.holds import end_holds
from tukro.money.actions.payout_moves import PayoutNotMovable as PayoutNotMovable
from tukro.money.actions.payout_moves import (
    approve,
    locked,
    move,
    post_back,
    post_released,
    post_sent,
    post_settled,
    tell,
    transit,
)
from tukro.money.actions.proposal_moves import overtake
from tukro.money.actions.refusals import ReasonMissing as ReasonMissing
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Payout, PayoutSignal, PayoutState
from tukro.money.rules import PAYOUT_MOVES
from tukro.people.models import Worker, WorkerState


class ReferenceMissing(NumberMissing):
    """A payout is not sent without the bank's or wallet's own number."""


class SentUnderAnother(Refused):
    """It was sent before, under another number: perhaps two people paid it. ``reference``, the first one."""


@transaction.atomic
def cancel_payout(*, worker: Worker, payout_id: str, now: datetime) -> Payout:
    """The worker takes a request back before it is sent.

    Twice is once. Refuses NotFound, PayoutNotMovable.
    """
    payout = locked(payout_id, worker=worker)
    if not move(payout, "cancel"):
        return payout
    payout.cancelled_at = now
    payout.save(update_fields=["state", "cancelled_at"])
    overtake(payout.public_id, by=worker.actor, now=now)
    post_released(payout, "payout_cancelled", at=now)
    end_holds(payout, by=worker.actor, reason="cancelled", now=now)
    tell(payout, "PayoutCancelled", by=worker.actor, at=now)
    return payout


@transaction.atomic
def approve_payout(*, by: Actor, payout_id: str, now: datetime, first: Actor | None = None) -> Payout:
    """Staff say that it may go out: a provider or a file may take it.

    Twice is once. Refuses NotFound, PayoutNotMovable, SecondPersonNeeded.
    """
    payout = locked(payout_id)
    if payout.state == PayoutState.APPROVED:
        return payout
    if (payout.state, "approve") in PAYOUT_MOVES:
        check_amount(payout.amount, by=by, first=first)
    approve(payout, by=by, now=now)
    return payout


@transaction.atomic
def send_payout(
    *, by: Actor, payout_id: str, reference: str, now: datetime, first: Actor | None = None
) -> Payout:
    """Staff handed the money to the bank or wallet, under ``reference``. The house takes its fee now.

    Twice under one reference is once. Refuses NotFound, ReferenceMissing, PayoutNotMovable, SentUnderAnother,
    SecondPersonNeeded.
    """
    reference = reference.strip()
    if not reference:
        raise ReferenceMissing()
    payout = locked(payout_id)
    if not move(payout, "send"):
        if payout.reference != reference:
            raise SentUnderAnother(reference=payout.reference)
        return payout
    check_amount(payout.amount, by=by, first=first)
    payout.reference, payout.sent_at = reference, now
    payout.save(update_fields=["state", "reference", "sent_at"])
    post_sent(payout, at=now)
    tell(payout, "PayoutSent", by=by, at=now)
    return payout


@transaction.atomic
def settle_payout(*, by: Actor, payout_id: str, now: datetime) -> Payout:
    """The bank or wallet says that the money arrived. Twice is once. Refuses NotFound, PayoutNotMovable."""
    payout = locked(payout_id)
    if payout.state in (PayoutState.SENDING, PayoutState.UNKNOWN):
        raise PayoutNotMovable(state=payout.state, verb="settle")  # decide_unknown says more
    if not move(payout, "settle"):
        return payout
    payout.settled_at, payout.ask_after = now, None
    payout.save(update_fields=["state", "settled_at", "ask_after"])
    post_settled(payout, at=now)
    tell(payout, "PayoutSettled", by=by, at=now)
    return payout


@transaction.atomic
def return_payout(
    *,
    by: Actor,
    payout_id: str,
    reason: str,
    reference: str = "",
    now: datetime,
    first: Actor | None = None,
) -> Payout:
    """The money came back, before it arrived or long after: the worker's whole balance is restored, once.

    The house gives its fee back too. Twice is once. Refuses NotFound, ReasonMissing, PayoutNotMovable,
    SecondPersonNeeded.
    """
    if not reason.strip():
        raise ReasonMissing()
    payout = locked(payout_id)
    before = payout.state
    if move(payout, "return"):
        check_amount(payout.amount, by=by, first=first)
        back(payout, before, by=by, reason=reason, reference=reference, now=now)
    return payout


def back(payout: Payout, before: str, *, by: Actor, reason: str, reference: str = "", now: datetime) -> None:
    """What a return writes, for a payout that was locked and moved from ``before``."""
    payout.reason, payout.returned_at, payout.ask_after = reason.strip(), now, None
    payout.reference = reference.strip() or payout.reference
    payout.save(update_fields=["state", "reason", "reference", "returned_at", "ask_after"])
    outside = accounts.outside(payout.kind, at=now, currency=payout.currency)
    source = outside if before == PayoutState.SETTLED else transit(payout, at=now)
    post_back(payout, "payout_returned", source, at=now)
    tell(payout, "PayoutReturned", by=by, at=now, reason=payout.reason)
    if payout.worker.state == WorkerState.CLOSED:  # nobody signs in to take it: people must look
        nobody = PayoutSignal.Kind.NOBODY
        PayoutSignal.objects.create(kind=nobody, worker=payout.worker, payout=payout, at=now)


@transaction.atomic
def refuse_payout(*, by: Actor, payout_id: str, reason: str, now: datetime) -> Payout:
    """Staff do not send it: the worker has the money again and reads why.

    Twice is once. Refuses NotFound, ReasonMissing, PayoutNotMovable (it was handed over already).
    """
    if not reason.strip():
        raise ReasonMissing()
    payout = locked(payout_id)
    if payout.state in (PayoutState.SENDING, PayoutState.UNKNOWN, PayoutState.SENT):
        raise PayoutNotMovable(state=payout.state, verb="fail")
    before = payout.state
    if move(payout, "fail"):
        overtake(payout.public_id, by=by, now=now)
        fail(payout, before, by=by, reason=reason, now=now)
    return payout


def fail(payout: Payout, before: str, *, by: Actor, reason: str, now: datetime) -> None:
    """What a failure writes, for a payout that was locked and moved from ``before``."""
    payout.reason, payout.failed_at, payout.ask_after = reason.strip(), now, None
    payout.save(update_fields=["state", "reason", "failed_at", "ask_after"])
    if before == PayoutState.SENT:
        post_back(payout, "payout_failed", transit(payout, at=now), at=now)
    else:
        post_released(payout, "payout_failed", at=now)
        end_holds(payout, by=by, reason=payout.reason or "refused", now=now)
    tell(payout, "PayoutFailed", by=by, at=now, reason=payout.reason)
