"""Scarce groups are drawn by lot: wishes are collected for some seconds, then the places are given out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import ByLot, NothingLeft, accept_next
from tukro.work.models import LotteryPolicy, TaskType, Wish, WishState

LIMITS = {"smaller_than": (0, 1000), "seconds": (5, 300)}
_ONE_DRAW_AT_A_TIME = 20_821  # an advisory lock: two draws could wait for each other's workers
_KEPT = timedelta(days=1)
_by_chance = random.SystemRandom()


class BadLotteryPolicy(Refused):
    """A value outside its limits. ``field``, ``limit``."""


@transaction.atomic
def wish_for(*, worker: Worker, group_id: str, now: datetime) -> Wish:
    """Take part in the draw of a group; once is enough.

    Refuses NotFound, also of a group that is not drawn: what can be accepted is accepted.
    """
    task_type = TaskType.objects.filter(group_id=group_id, draw_at__isnull=False).first()
    if task_type is None:
        raise NotFound()
    wish, is_new = Wish.objects.select_for_update().get_or_create(
        worker=worker, task_type=task_type, defaults={"made_at": now}
    )
    if not is_new and wish.state != WishState.WAITING:  # of an earlier draw
        wish.state, wish.made_at, wish.drawn_at, wish.assignment_id = WishState.WAITING, now, None, ""
        wish.save(update_fields=["state", "made_at", "drawn_at", "assignment_id"])
    return wish


def forget_wish(*, worker: Worker, group_id: str) -> None:
    """Leave the draw, while it was not held. Once is enough."""
    worker.wishes.filter(task_type__group_id=group_id, state=WishState.WAITING).delete()


@transaction.atomic
def hold_draw(*, now: datetime) -> int:
    """Hold the draw of one group whose time has come. Returns the number of its wishes, at least 1; else 0.

    Each winner accepts by the usual verb, in the order of the lot, until nothing is left: nobody gets what
    they could not have taken, and never are more places given than there are. Records LotDrawn, and LotWon
    for each winner.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_ONE_DRAW_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
    due = _due(now)
    if due is None:
        return 0
    TaskType.objects.filter(pk=due.pk).update(draw_at=None)  # from here on it is taken as usual
    wishes = list(due.wishes.filter(state=WishState.WAITING).select_related("worker"))
    _by_chance.shuffle(wishes)
    won = _give_out(due, wishes, now)
    facts = {"wishes": len(wishes), "won": won}
    record(name="LotDrawn", actor=HOUSE, subject=due.public_id, at=now, facts=facts)
    return max(1, len(wishes))


@transaction.atomic
def change_lottery_policy(*, by: Actor, smaller_than: int, seconds: int, now: datetime) -> None:
    """Which groups are drawn, and how long wishes are collected. Nothing changed, nothing written.

    Refuses BadLotteryPolicy.
    """
    for field, value in (("smaller_than", smaller_than), ("seconds", seconds)):
        least, most = LIMITS[field]
        if not least <= value <= most:
            raise BadLotteryPolicy(field=field, limit=most if value > most else least)
    policy = LotteryPolicy.objects.select_for_update().get()
    if (policy.smaller_than, policy.seconds) == (smaller_than, seconds):
        return
    facts = {
        "from": {"smaller_than": policy.smaller_than, "seconds": policy.seconds},
        "to": {"smaller_than": smaller_than, "seconds": seconds},
    }
    policy.smaller_than, policy.seconds = smaller_than, seconds
    policy.save()
    record(name="LotteryPolicyChanged", actor=by, subject="lottery_policy", at=now, facts=facts)


def forget_old_wishes(*, now: datetime) -> int:
    """What was drawn long ago helps nobody. Returns how many."""
    return Wish.objects.filter(drawn_at__lt=now - _KEPT).delete()[0]


def _due(now: datetime) -> TaskType | None:
    """A group whose time has come, or for which somebody wished in the very moment of its draw."""
    locked = TaskType.objects.select_for_update(of=("self",), no_key=True)
    due = locked.filter(draw_at__lte=now).order_by("draw_at", "pk").first()
    if due is None:
        late = Wish.objects.filter(state=WishState.WAITING, task_type__draw_at=None).order_by("pk").first()
        due = locked.get(pk=late.task_type_id) if late else None
    return due


def _give_out(task_type: TaskType, wishes: Sequence[Wish], now: datetime) -> int:
    """Returns how many won; each wish is decided."""
    won, is_empty = 0, False
    for wish in wishes:
        wish.drawn_at, wish.state = now, WishState.LOST
        if not is_empty:
            try:
                taken = accept_next(worker=wish.worker, group_id=task_type.group_id, now=now)
            except NothingLeft:
                # Of the group, or only for this worker, who has had the rest of it.
                is_empty = not task_type.tasks.filter(lanes__is_open=True).exists()
            except ByLot:
                raise AssertionError("the draw was not over before its winners accepted") from None
            except Refused:
                pass  # suspended, blocked or busy since the wish was made
            else:
                won += 1
                wish.state, wish.assignment_id = WishState.WON, taken.assignment_id
                _record_win(wish, task_type, taken.task_id, now)
        wish.save(update_fields=["state", "drawn_at", "assignment_id"])
    return won


def _record_win(wish: Wish, task_type: TaskType, task_id: str, now: datetime) -> None:
    facts = {
        "worker": wish.worker.public_id,
        "group": task_type.group_id,
        "task": task_id,
        "title": task_type.title,
        "reward": task_type.reward.units,
        "deadline": (now + timedelta(seconds=task_type.duration_seconds)).isoformat(),
    }
    record(name="LotWon", actor=HOUSE, subject=wish.assignment_id, at=now, facts=facts)
