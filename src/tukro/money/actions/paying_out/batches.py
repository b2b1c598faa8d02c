"""Payouts that go out together in a file for a bank's or wallet's bulk page, or in a stack of cheques.

Making the file claims its payouts: no provider and no second file sends them. Then staff say that it was
handed over, under which number, or that it was dropped.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.payouts import ReasonMissing, ReferenceMissing
from tukro.money.actions.payout_moves import move, post_sent, tell
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Cheque, Payout, PayoutBatch, PayoutState
from tukro.money.rules.layouts import LAYOUTS

FILE = "file"  # as the provider of a payout
MOST_IN_A_FILE = 1000


class NothingToFile(Refused):
    """No approved payout of this kind waits. Facts: ``kind``."""


class BatchOver(Refused):
    """The file was handed over or dropped before."""


@transaction.atomic
def make_batch(*, by: Actor, kind: str, layout: str, now: datetime) -> PayoutBatch:
    """Claim the approved payouts of one kind for one file, the oldest first, at most 1,000.

    Refuses NotFound (the layout is not for this kind), NothingToFile.
    """
    if kind not in LAYOUTS.get(layout, ()):
        raise NotFound(layout=layout)
    waiting = Payout.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker")
    payouts = list(waiting.filter(state=PayoutState.APPROVED, kind=kind).order_by("id")[:MOST_IN_A_FILE])
    if not payouts:
        raise NothingToFile(kind=kind)
    batch = PayoutBatch.objects.create(
        public_id=new_id(), kind=kind, layout=layout, made_at=now, made_by=str(by)
    )
    for payout in payouts:
        move(payout, "claim")
        payout.provider, payout.batch, payout.claimed_at, payout.ask_after = FILE, batch, now, None
        payout.attempts += 1
        payout.save(update_fields=["state", "provider", "batch", "claimed_at", "ask_after", "attempts"])
        tell(payout, "PayoutSending", by=by, at=now, provider=FILE, batch=batch.public_id)
    facts = {"kind": kind, "layout": layout, "count": len(payouts)}
    record(name="PayoutBatchMade", actor=by, subject=batch.public_id, at=now, facts=facts)
    return batch


@transaction.atomic
def hand_over_batch(
    *, by: Actor, batch_id: str, reference: str, now: datetime, first: Actor | None = None
) -> PayoutBatch:
    """The bank or wallet took the file under this number: all its payouts are under way. Twice is once.

    Cheques are posted by it, each under its own number.
    Refuses NotFound, ReferenceMissing, BatchOver (dropped), SecondPersonNeeded (for its largest payout).
    """
    if not reference.strip():
        raise ReferenceMissing()
    batch = _locked(batch_id)
    if batch.handed_over_at is not None:
        return batch
    if batch.dropped_at is not None:
        raise BatchOver
    payouts = _sending(batch)
    check_amount(_largest(payouts), by=by, first=first)
    batch.handed_over_at, batch.reference = now, reference.strip()
    batch.save(update_fields=["handed_over_at", "reference"])
    numbers = _post_cheques(batch, now)
    for payout in payouts:
        move(payout, "accept")
        payout.reference, payout.sent_at = numbers.get(payout.pk, batch.reference), now
        payout.save(update_fields=["state", "reference", "sent_at"])
        post_sent(payout, at=now)
        tell(payout, "PayoutSent", by=by, at=now)
    record(
        name="PayoutBatchHandedOver",
        actor=by,
        subject=batch.public_id,
        at=now,
        facts={"reference": batch.reference},
    )
    return batch


@transaction.atomic
def drop_batch(
    *, by: Actor, batch_id: str, reason: str, now: datetime, first: Actor | None = None
) -> PayoutBatch:
    """The file was not handed over and will not be: its payouts wait again. Twice is once.

    Refuses NotFound, ReasonMissing, BatchOver (handed over), SecondPersonNeeded (for its largest payout: one
    that was handed over after all would be paid twice).
    """
    if not reason.strip():
        raise ReasonMissing()
    batch = _locked(batch_id)
    if batch.dropped_at is not None:
        return batch
    if batch.handed_over_at is not None:
        raise BatchOver
    payouts = _sending(batch)
    check_amount(_largest(payouts), by=by, first=first)
    batch.dropped_at = now
    batch.save(update_fields=["dropped_at"])
    # Not of those that were posted one by one.
    _living_cheques(batch).filter(payout__in=payouts).update(voided_at=now, void_reason=reason.strip())
    for payout in payouts:
        move(payout, "requeue")
        payout.batch, payout.provider = None, ""
        payout.save(update_fields=["state", "batch", "provider"])
        tell(payout, "PayoutNotTaken", by=by, at=now, reason=reason.strip())
    record(
        name="PayoutBatchDropped", actor=by, subject=batch.public_id, at=now, facts={"reason": reason.strip()}
    )
    return batch


def _post_cheques(batch: PayoutBatch, now: datetime) -> dict[int, str]:
    """The number of each payout's living cheque, which is in the post now."""
    cheques = _living_cheques(batch)
    cheques.filter(posted_at=None).update(posted_at=now)
    return dict(cheques.values_list("payout", "number"))


def _living_cheques(batch: PayoutBatch) -> QuerySet[Cheque]:
    return Cheque.objects.filter(payout__batch=batch, voided_at=None)


def _locked(batch_id: str) -> PayoutBatch:
    batch = PayoutBatch.objects.select_for_update().filter(public_id=batch_id).first()
    if batch is None:
        raise NotFound(batch=batch_id)
    return batch


def _largest(payouts: list[Payout]) -> Money:
    return max((payout.amount for payout in payouts), default=Money.zero())


def _sending(batch: PayoutBatch) -> list[Payout]:
    rows = Payout.objects.select_for_update(of=("self",)).select_related("worker", "rate")
    return list(rows.filter(batch=batch, state=PayoutState.SENDING).order_by("id"))
