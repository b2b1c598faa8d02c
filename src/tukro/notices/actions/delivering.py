"""What became of a delivery, noted in one short transaction each."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.db.models.functions import Coalesce, Least

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound, Refused
from tukro.notices.models import Delivery, DeliveryState, Destination, NotificationSetting
from tukro.notices.rules.notifications import OLDEST, silence_after, wait_after
from tukro.people.models import Requester

_ERROR_LENGTH = 500
_TOO_OLD_PER_STEP = 500
_chance = random.SystemRandom()


class AlreadyDelivered(Refused):
    """What arrived is not sent again. ``delivery``"""


def note_delivered(delivery: Delivery, *, now: datetime) -> None:
    """The destination has it."""
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=DeliveryState.DELIVERED, attempts=F("attempts") + 1, settled_at=now, error=""
    )


def note_failed(delivery: Delivery, *, error: str, now: datetime) -> bool:
    """It did not arrive: it waits longer than last time, or is given up. Answers whether it still waits.

    Records NotificationGivenUp.
    """
    attempts = delivery.attempts + 1
    pause = wait_after(attempts, _chance)
    waits = pause is not None and now - delivery.queued_at < OLDEST
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
        if pause is not None and waits:
            mine.update(attempts=attempts, due_at=now + pause, error=error[:_ERROR_LENGTH])
        else:
            _give_up(mine.update(attempts=attempts, error=error[:_ERROR_LENGTH]), [delivery], now)
    return waits


def note_unreachable(destination: Destination, *, now: datetime) -> None:
    """Nobody answered: it is left alone, longer each time in a row."""
    destination.faults += 1
    destination.retry_at = now + silence_after(destination.faults, _chance)
    destination.save(update_fields=["faults", "retry_at"])


def note_reached(destination: Destination, *, now: datetime) -> None:
    """Somebody answers again: whatever waited for that is due now."""
    if not destination.faults:
        return
    destination.faults, destination.retry_at = 0, None
    destination.save(update_fields=["faults", "retry_at"])
    waiting_at(destination).filter(due_at__gt=now).update(due_at=now)


def confirm_hook(*, destination_id: int, now: datetime) -> None:
    """The hook's owner says that it listens; saying it again changes nothing."""
    Destination.objects.filter(pk=destination_id, confirmed_at=None).update(confirmed_at=now)


def waiting_at(destination: Destination) -> QuerySet[Delivery]:
    """What waits for a destination."""
    return Delivery.objects.filter(destination=destination, state=DeliveryState.WAITING)


def next_due(destination: Destination) -> datetime | None:
    """When something is next to be sent there: the first of each task counts, the others wait for it."""
    first_of_each = waiting_at(destination).order_by("task", "id").distinct("task").values("pk")
    moment: datetime | None = (
        waiting_at(destination).filter(pk__in=first_of_each).aggregate(at=Min("due_at"))["at"]
    )
    return moment


def give_up_old(*, now: datetime) -> int:
    """Give up some of what has waited for days, tried or not. Records NotificationGivenUp for each."""
    with transaction.atomic():
        old = list(
            Delivery.objects.filter(state=DeliveryState.WAITING, queued_at__lt=now - OLDEST)
            .select_related("task_type")
            .order_by("queued_at")
            .select_for_update(skip_locked=True, of=("self",))[:_TOO_OLD_PER_STEP]
        )
        _give_up(len(old), old, now)
    return len(old)


def send_again(*, requester: Requester, delivery_id: int, now: datetime) -> Delivery:
    """Try what waits or was given up at once, where the task type's notifications go now.

    Refuses NotFound and AlreadyDelivered. Records NotificationQueuedAgain.
    """
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_related("task_type", "destination")
            .select_for_update(of=("self",))
            .filter(pk=delivery_id, destination__requester=requester)
            .first()
        )
        if delivery is None:
            raise NotFound(delivery=delivery_id)
        if delivery.state == DeliveryState.DELIVERED:
            raise AlreadyDelivered(delivery=delivery_id)
        setting = NotificationSetting.objects.filter(task_type=delivery.task_type).first()
        if setting is not None:
            delivery.destination = setting.destination
        delivery.state, delivery.settled_at, delivery.attempts = DeliveryState.WAITING, None, 0
        delivery.due_at = delivery.queued_at = now
        delivery.save()
        wake([delivery.destination_id], now=now)
        Destination.objects.filter(pk=delivery.destination_id).update(retry_at=None)
        _record("NotificationQueuedAgain", delivery, now, by=requester)
    return delivery


def wake(destination_ids: list[int], *, now: datetime) -> None:
    """Something new is due at these destinations.

    Called after it was written: a sender that gives one of them back locks the row and looks again, so either
    sees the other.
    """
    locked = Destination.objects.filter(pk__in=destination_ids).order_by("pk").select_for_update()
    Destination.objects.filter(pk__in=[each.pk for each in locked]).update(
        next_at=Least(Coalesce(F("next_at"), now), now)
    )


def _give_up(count: int, deliveries: list[Delivery], now: datetime) -> None:
    if not count:
        return  # somebody else delivered it meanwhile
    Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(
        state=DeliveryState.GIVEN_UP, settled_at=now
    )
    for each in deliveries:
        _record("NotificationGivenUp", each, now)


def _record(name: str, delivery: Delivery, now: datetime, by: Requester | None = None) -> None:
    record(
        name=name,
        actor=by.actor if by else HOUSE,
        subject=delivery.task_type.public_id,
        at=now,
        facts={"document": delivery.document_id, "event": delivery.event_type, "task": delivery.task},
    )
