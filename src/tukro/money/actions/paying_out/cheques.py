"""Cheques from the number to the post: printed for a file of withdrawals, posted, or made void.

That one was cashed or came back is said of its withdrawal (payouts.py); it is the cheque's state too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.paying_out.batches import BatchOver
from tukro.money.actions.paying_out.payouts import ReasonMissing
from tukro.money.actions.payout_moves import locked, move, post_sent, tell
from tukro.money.actions.two_persons import check_amount
from tukro.money.models import Cheque, ChequeState, Payout, PayoutBatch, PayoutState
from tukro.money.rules.cheques import cheque_number, numbers_from

MOST_AT_ONCE = 200  # sheets that one person prints and looks through in one go


class NotAChequeNumber(Refused):
    """A cheque's number is up to twelve digits, and those after it have to fit too."""


class ChequeNumberTaken(Refused):
    """This number is on another cheque. Facts: ``number``."""


class NoChequeMissing(Refused):
    """Every withdrawal of this file has its cheque."""


class ChequeOver(Refused):
    """The cheque is void, cashed or came back. Facts: ``state``."""


@transaction.atomic
def number_cheques(*, by: Actor, batch_id: str, first: str, now: datetime) -> Sequence[Cheque]:
    """Give each withdrawal of a file that has no living cheque the next number, at most 200 at once.

    ``first`` is the number of the first sheet in the printer. Writes ChequePrinted.
    Refuses NotFound (no such file of cheques), NotAChequeNumber, BatchOver (dropped), NoChequeMissing,
    ChequeNumberTaken.
    """
    plain = cheque_number(first)
    if not plain:
        raise NotAChequeNumber
    batch = PayoutBatch.objects.select_for_update().filter(public_id=batch_id, layout="cheque").first()
    if batch is None:
        raise NotFound(batch=batch_id)
    if batch.dropped_at is not None:
        raise BatchOver
    payouts = list(_without_a_cheque(batch)[:MOST_AT_ONCE])
    if not payouts:
        raise NoChequeMissing
    numbers = numbers_from(plain, len(payouts))
    if numbers is None:
        raise NotAChequeNumber
    if taken := Cheque.objects.filter(number__in=numbers).order_by("number").first():
        raise ChequeNumberTaken(number=taken.number)
    made = Cheque.objects.bulk_create(
        Cheque(number=number, payout=payout, printed_at=now, printed_by=str(by))
        for number, payout in zip(numbers, payouts, strict=True)
    )
    for cheque in made:
        tell(cheque.payout, "ChequePrinted", by=by, at=now, cheque=cheque.number)
    return made


@transaction.atomic
def post_cheque(*, by: Actor, number: str, now: datetime) -> Cheque:
    """It is in the post: its withdrawal is under way, with the cheque's number as its reference.

    Twice is once. Refuses NotFound, ChequeOver, SecondPersonNeeded (above the limit: by its file).
    """
    cheque = _locked(number)
    if cheque.posted_at is not None and cheque.voided_at is None:
        return cheque
    if cheque.state is not ChequeState.PRINTED:
        raise ChequeOver(state=cheque.state)
    payout = cheque.payout
    if payout.state == PayoutState.SENDING:
        check_amount(payout.amount, by=by, first=None)
    cheque.posted_at = now
    cheque.save(update_fields=["posted_at"])
    payout.reference = cheque.number
    if payout.state == PayoutState.SENDING:
        move(payout, "accept")
        payout.sent_at = now
        post_sent(payout, at=now)
        payout.save(update_fields=["state", "reference", "sent_at"])
        tell(payout, "PayoutSent", by=by, at=now)
    else:  # one in place of another that was posted and stopped
        payout.save(update_fields=["reference"])
    tell(payout, "ChequePosted", by=by, at=now, cheque=cheque.number)
    return cheque


@transaction.atomic
def void_cheque(*, by: Actor, number: str, reason: str, now: datetime) -> Cheque:
    """The sheet was spoilt, or lost in the post and stopped at the bank: another can be printed in its place.

    Twice is once. Refuses NotFound, ReasonMissing, ChequeOver (cashed, or came back).
    """
    if not reason.strip():
        raise ReasonMissing()
    cheque = _locked(number)
    if cheque.voided_at is not None:
        return cheque
    if cheque.state not in (ChequeState.PRINTED, ChequeState.POSTED):
        raise ChequeOver(state=cheque.state)
    cheque.voided_at, cheque.void_reason = now, reason.strip()
    cheque.save(update_fields=["voided_at", "void_reason"])
    tell(cheque.payout, "ChequeVoided", by=by, at=now, cheque=cheque.number, reason=cheque.void_reason)
    return cheque


def _locked(number: str) -> Cheque:
    """The cheque and its payout, locked; the payout as everywhere first."""
    found = Cheque.objects.filter(number=number).values_list("payout__public_id", flat=True).first()
    if found is None:
        raise NotFound(cheque=number)
    payout = locked(found)
    cheque = Cheque.objects.select_for_update().get(number=number)
    cheque.payout = payout
    return cheque


def _without_a_cheque(batch: PayoutBatch) -> QuerySet[Payout]:
    rows = Payout.objects.select_for_update(of=("self",)).select_related("worker")
    waiting = rows.filter(batch=batch, state__in=(PayoutState.SENDING, PayoutState.SENT))
    living = Cheque.objects.filter(voided_at=None, payout__batch=batch)
    return waiting.exclude(pk__in=living.values("payout")).order_by("id")
