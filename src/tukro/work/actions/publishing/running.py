"""What can be done to a batch later: paused, resumed, extended, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tukro.journal.actions import record
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.balances.spending import lack_of_funds
from tukro.money.queries import requester_can_spend
from tukro.people.models import Requester
from tukro.work.actions.calls import call
from tukro.work.actions.closing import close_tasks_of
from tukro.work.actions.doing.assigning import WrongState
from tukro.work.actions.finding.listing import list_group
from tukro.work.actions.funds import refuse_lack_of_funds
from tukro.work.actions.once import keep_token, refuse_repeat
from tukro.work.actions.publishing.holding import refuse_held
from tukro.work.actions.publishing.standing import go_on, locked_batch, stand_still
from tukro.work.actions.publishing.terms import BadTerms, as_time, check_limits
from tukro.work.actions.publishing.wall import refuse_beyond, surcharge_wall
from tukro.work.models import Batch, BatchState


class NotAgreed(Refused):
    """It would set aside more than was agreed to.

    ``price``: how much in all; ``places`` that it offers anew; ``ended``: tasks that their requester ended
    and that stay so.
    """


class NoTaskGoesOn(Refused):
    """Every task of the batch was ended or disposed of by its requester."""


@transaction.atomic
def pause_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Nobody can accept tasks of the batch until it is resumed; twice does it once.

    Refuses NotFound, WrongState.
    """
    batch = _own_batch(requester, batch_id, {BatchState.RUNNING, BatchState.PAUSED})
    if batch.state == BatchState.PAUSED:
        return
    stand_still(batch)
    batch.state = BatchState.PAUSED
    batch.save(update_fields=["state"])
    record(name="BatchPaused", actor=requester.actor, subject=batch_id, at=now)


@transaction.atomic
def resume_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Free places can be taken again; twice does it once. Refuses NotFound, WrongState, BatchHeld."""
    batch = _own_batch(requester, batch_id, {BatchState.PAUSED, BatchState.RUNNING})
    refuse_held(batch)
    if batch.state == BatchState.RUNNING:
        return
    go_on(batch)
    batch.state = BatchState.RUNNING
    batch.save(update_fields=["state"])
    list_group(task_type_id=batch.task_type_id, expires_at=batch.expires_at, now=now)
    record(name="BatchResumed", actor=requester.actor, subject=batch_id, at=now)


@transaction.atomic
def extend_batch(
    *,
    requester: Requester,
    batch_id: str,
    add_places: int = 0,
    add_seconds: int = 0,
    token: str = "",
    agreed: Money | None = None,
    now: datetime,
) -> Money:
    """Offer more places per task, more time, or both. Tasks that had expired with the batch open again; what
    the requester ended sooner or disposed of stays so.

    Money for every place that is offered anew is set aside, at most ``agreed`` where that is said; returns
    how much. ``token`` makes a repeat within a day harmless: it is refused. Refuses AlreadyProcessed,
    NotFound, WrongState, BatchHeld, BadTerms, BelowWall, NoTaskGoesOn, InsufficientFunds, NotAgreed.
    """
    refuse_repeat(requester, "ExtendBatch", token, now)
    batch = _own_batch(requester, batch_id, {BatchState.RUNNING, BatchState.PAUSED})
    refuse_held(batch)
    expires_at = max(batch.expires_at, now) + as_time(add_seconds)
    _check_growth(batch, add_places, add_seconds, expires_at, now)
    if add_places:
        _refuse_surcharged(batch, add_places, now)
    price = batch.task_type.price * (batch.row_count * (batch.places + add_places))
    escrow.refuse_beyond_money(requester=requester, amount=price)
    key = f"extend:{new_id()}"
    most = None if agreed is None else agreed.units
    row = call("work_extend", batch.pk, requester.public_id, batch_id, add_places, expires_at, key, now, most)
    refuse_lack_of_funds(row, requester)
    _refuse_growth(row, requester)
    keep_token(requester, "ExtendBatch", token, batch_id, now)
    batch.places += add_places
    batch.expires_at = expires_at
    batch.save(update_fields=["places", "expires_at"])
    if batch.state == BatchState.RUNNING:
        list_group(task_type_id=batch.task_type_id, expires_at=expires_at, now=now)
    record(
        name="BatchExtended",
        actor=requester.actor,
        subject=batch_id,
        at=now,
        facts={"places": add_places, "seconds": add_seconds},
    )
    return Money(int(row["needed"] or 0))


def cancel_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Withdraw what nobody has taken; its money goes back. Accepted work can still be handed in and is paid.

    Refuses NotFound; cancelling twice is cancelling once. After the first transaction the batch is
    withdrawn; the money follows in steps, and close_expired goes on with them if this process dies.
    """
    with transaction.atomic():
        batch = _own_batch(requester, batch_id, set(BatchState))
        if batch.state != BatchState.CANCELLED:
            _withdraw(requester, batch, now)
    close_tasks_of(batch=batch, now=now)


def _withdraw(requester: Requester, batch: Batch, now: datetime) -> None:
    unfinished = batch.published_count < batch.row_count
    batch.state, batch.cancelled_at = BatchState.CANCELLED, now
    batch.expires_at = min(batch.expires_at, now)
    batch.save(update_fields=["state", "cancelled_at", "expires_at"])
    # An expired task cannot be accepted any more, whether or not it has been closed yet.
    batch.tasks.filter(expires_at__gt=now).update(expires_at=now)
    if unfinished and batch.task_type.price:
        escrow.give_back_rest_of_batch(batch_id=batch.public_id, at=now)
    record(name="BatchCancelled", actor=requester.actor, subject=batch.public_id, at=now)


def _own_batch(requester: Requester, batch_id: str, states: set[BatchState]) -> Batch:
    batch = locked_batch(batch_id, requester)
    if batch.state not in states:
        raise WrongState(state=batch.state)
    return batch


def _refuse_growth(row: dict[str, Any], requester: Requester) -> None:
    """Refuses NoTaskGoesOn; and what was not agreed to: InsufficientFunds, else NotAgreed."""
    if row["code"] == "none_goes_on":
        raise NoTaskGoesOn()
    if row["code"] == "not_agreed":
        needed, available = Money(int(row["needed"])), requester_can_spend(requester)
        if needed > available:
            raise lack_of_funds(requester.public_id, needed=needed, available=available)
        raise NotAgreed(price=needed, places=row["places"], ended=row["ended"])


def _check_growth(
    batch: Batch, add_places: int, add_seconds: int, expires_at: datetime, now: datetime
) -> None:
    if add_places < 0 or add_seconds < 0 or not (add_places or add_seconds):
        raise BadTerms(field="add_places" if add_places < 0 else "add_seconds", code="too_small", limit=0)
    lifetime = int((expires_at - now).total_seconds())
    check_limits({"places": batch.places + add_places, "lifetime_seconds": max(lifetime, 1)})


def _refuse_surcharged(batch: Batch, add_places: int, now: datetime) -> None:
    """Each task may have other places than its batch: the highest of those below the wall decides."""
    wall = surcharge_wall()
    if wall is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HIGHEST_BELOW, [batch.pk, wall, batch.expires_at, now])
        (highest,) = cursor.fetchone() or (None,)
    if highest is not None:
        refuse_beyond(wall, places=highest, wanted=highest + add_places)


# Locked, so that none of them gets places of its own meanwhile.
_HIGHEST_BELOW = """
select max(s.places)
  from (select t.places from work_task t
         where t.batch_id = %s and t.places < %s and work_goes_on(t.disposed_at, t.expires_at, %s, %s)
         order by t.id for no key update) s
"""
