"""A worker's standing wish: every so many days, all that is above the minimum."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.money.actions.paying_out.asking import MethodNotReady, payout_quote, request_payout
from tukro.money.models import PayoutMethod, PayoutSchedule
from tukro.money.queries import asked_within_a_day, is_usable, terms_of, worker_balance
from tukro.money.rules.payouts import SCHEDULES
from tukro.people.models import Worker

_AFTER_A_FAULT = timedelta(hours=1)
_log = logging.getLogger(__name__)


class BadSchedule(Refused):
    """Not one of the offered lengths. Facts: ``days``."""


@transaction.atomic
def set_schedule(*, worker: Worker, every_days: int, method_id: int, now: datetime) -> None:
    """Withdraw by itself every 3, 7, 14 or 30 days from now on; 0: no more.

    Refuses BadSchedule, NotFound (the method), MethodNotReady.
    """
    if every_days == 0:
        if PayoutSchedule.objects.filter(worker=worker).delete()[0]:
            _tell(worker, 0, now)
        return
    if every_days not in SCHEDULES:
        raise BadSchedule(days=every_days)
    method = PayoutMethod.objects.filter(worker=worker, pk=method_id, removed_at=None).first()
    if method is None:
        raise NotFound(method=method_id)
    if not is_usable(method, now):
        raise MethodNotReady(confirmed=method.confirmed_at is not None, usable_from=method.usable_from)
    PayoutSchedule.objects.update_or_create(
        worker=worker,
        defaults={
            "method": method,
            "every_days": every_days,
            "next_at": now + timedelta(days=every_days),
            "left_out_for": "",
        },
    )
    _tell(worker, every_days, now)


@transaction.atomic
def withdraw_on_schedule(*, now: datetime) -> bool:
    """Do the next due schedule's turn; False: none is due. Too little in the balance: nothing this time.

    What a rule of the house refuses is left out this time; the turn has passed all the same, and the
    person hears why (PayoutScheduleSkipped). One that fails is logged and comes again in an hour: it holds
    up no other.
    """
    due = PayoutSchedule.objects.select_for_update(skip_locked=True, of=("self",))
    turn = due.select_related("worker", "method").filter(next_at__lte=now).order_by("next_at").first()
    if turn is None:
        return False
    turn.next_at = now + timedelta(days=turn.every_days)
    try:
        with transaction.atomic():
            _withdraw(turn, now)
    except Refused as refusal:
        _leave_out(turn, type(refusal).__name__, now)
    except Exception:
        _log.exception("the scheduled withdrawal of worker %s failed", turn.worker.public_id)
        turn.next_at = now + _AFTER_A_FAULT
    turn.save(update_fields=["next_at", "left_out_for"])
    return True


def _withdraw(turn: PayoutSchedule, now: datetime) -> None:
    terms = terms_of(turn.method.kind)
    amount = worker_balance(turn.worker)[0]
    if terms.maximum is not None:
        amount = min(amount, terms.maximum)
    if terms.daily_maximum is not None:
        amount = min(amount, terms.daily_maximum - asked_within_a_day(turn.worker, terms.kind, now))
    amount = amount.whole_cents()
    if amount < terms.minimum:
        return
    quote = payout_quote(worker=turn.worker, kind=terms.kind, amount=amount, now=now)
    request_payout(
        worker=turn.worker,
        method_id=turn.method_id,
        amount=amount,
        currency=quote.receives.currency,
        payout_id=new_id(),
        now=now,
    )
    turn.left_out_for = ""


def _leave_out(turn: PayoutSchedule, why: str, now: datetime) -> None:
    """Keep why; ``again``: for the same reason as before, so that the person hears of a new one only."""
    facts = {"why": why, "again": why == turn.left_out_for}
    turn.left_out_for = why
    record(
        name="PayoutScheduleSkipped",
        actor=turn.worker.actor,
        subject=turn.worker.public_id,
        at=now,
        facts=facts,
    )


def _tell(worker: Worker, days: int, now: datetime) -> None:
    record(
        name="PayoutScheduleSet",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"every_days": days},
    )
