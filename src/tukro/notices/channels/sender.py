"""Sending what waits: at least once, in order per task, and no destination delayed by another.

One sender at a time is busy with a destination: it takes a lease, in a short transaction, and gives it back
when nothing is due any more or its slice of time is over. No transaction is open while the network is waited
for. A sender that dies leaves what it was sending ``waiting``; when its lease is over another sends it again,
with the same EventDocId.

What a destination refuses (NotTaken) waits longer each time and holds back later events of its own task only.
A destination that cannot be reached (Unreachable) is left alone as a whole. Destinations that fail get a part
of the threads, one requester's get a part, and the rest is for the others.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tukro.notices.actions.delivering import (
    confirm_hook,
    next_due,
    note_delivered,
    note_failed,
    note_reached,
    note_unreachable,
    waiting_at,
)
from tukro.notices.channels.faults import NotDelivered, NotTaken, Unreachable
from tukro.notices.channels.machines import Parcel, ask_hook, deliver
from tukro.notices.models import Delivery, Destination
from tukro.notices.rules.destinations import Channel
from tukro.notices.rules.notifications import Happening

THREADS = 8
FAILING_THREADS = 4
THREADS_PER_REQUESTER = 4
RUN_SECONDS = 10.0  # a process that is told to stop waits for its run
SLICE_SECONDS = 5.0  # then it is the turn of those that wait longer
# Longer than a run and one call with its look-up: a lease that is over belongs to a sender that died.
LEASE = timedelta(seconds=60)
_GLANCE_SECONDS = 0.2  # how often we look for new work while some destination takes its time
_PAGE = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment that the run was given, going on."""

    started: datetime
    mark: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        return monotonic() - self.mark

    @property
    def now(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Turn:
    """One destination, ours until its lease is over."""

    destination: Destination
    lease: UUID
    was_failing: bool


def send_waiting(now: datetime) -> int:
    """Send all that is due, for about RUN_SECONDS; answers how many deliveries arrived."""
    clock, sent = Clock(now), 0
    busy: dict[Future[int], Turn] = {}
    while clock.seconds < RUN_SECONDS:
        for turn in _take_turns(list(busy.values()), clock.now):
            busy[_begin(turn, clock)] = turn
        if not busy:
            break
        done, _ = wait(busy, timeout=_GLANCE_SECONDS, return_when=FIRST_COMPLETED)
        sent += sum(_outcome(each, busy.pop(each)) for each in done)
    return sent


def _begin(turn: Turn, clock: Clock) -> Future[int]:
    """Serve one destination in a thread that nobody has to wait for: not the next run, and not a process that
    ends. A call that is out then is made again when its lease is over."""
    promise: Future[int] = Future()

    def serve() -> None:
        try:
            promise.set_result(_serve(turn, clock))
        except BaseException as fault:  # whatever it is, it belongs to the one who waits
            promise.set_exception(fault)

    threading.Thread(target=serve, name="sender", daemon=True).start()
    return promise


def _outcome(finished: Future[int], turn: Turn) -> int:
    """What a turn sent. One that broke keeps its lease, so that it is not tried again at once."""
    if fault := finished.exception():
        _log.error("sending to destination %s broke", turn.destination.pk, exc_info=fault)
        return 0
    return finished.result()


def _take_turns(busy: Collection[Turn], now: datetime) -> list[Turn]:
    """Lease destinations where something is due: healthy ones first, failing ones in their part."""
    free = THREADS - len(busy)
    failing = min(free, FAILING_THREADS - sum(turn.was_failing for turn in busy))
    if free <= 0 or not _due(now).exists():
        return []
    with transaction.atomic():
        leased = Destination.objects.filter(leased_until__gte=now).values_list("requester_id", flat=True)
        held = Counter(leased)
        chosen = _choose(_due(now).filter(faults=0), free, held)
        chosen += _choose(_due(now).filter(faults__gt=0), min(failing, free - len(chosen)), held)
        return [_lease(each, now) for each in chosen]


def _due(now: datetime) -> QuerySet[Destination]:
    return Destination.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now),
        Q(retry_at=None) | Q(retry_at__lte=now),
        next_at__lte=now,
    )


def _choose(due: QuerySet[Destination], limit: int, held: Counter[int]) -> list[Destination]:
    full = [requester for requester, count in held.items() if count >= THREADS_PER_REQUESTER]
    candidates = (
        due.exclude(requester_id__in=full)
        .select_related("requester__user")
        .order_by("next_at")
        .select_for_update(skip_locked=True, of=("self",))
    )
    chosen = []
    for each in candidates[: max(limit, 0)]:
        if held[each.requester_id] < THREADS_PER_REQUESTER:
            held[each.requester_id] += 1
            chosen.append(each)
    return chosen


def _lease(destination: Destination, now: datetime) -> Turn:
    destination.lease, destination.leased_until = uuid4(), now + LEASE
    destination.save(update_fields=["lease", "leased_until"])
    return Turn(destination, destination.lease, destination.faults > 0)


def _serve(turn: Turn, clock: Clock) -> int:
    try:
        sent = _send_slice(turn.destination, clock)
        _give_back(turn, clock.now)
        return sent
    finally:
        connection.close()  # this thread's own


def _send_slice(destination: Destination, clock: Clock) -> int:
    """Send what is due there, oldest first, until nothing is left, nobody answers or the time is over."""
    if destination.channel == Channel.HOOK and not _listens(destination, clock):
        return 0
    end, sent = min(clock.seconds + SLICE_SECONDS, RUN_SECONDS), 0
    held: set[str] = set()  # tasks whose first delivery waits
    for delivery in _in_order(destination, held):
        if clock.seconds > end:
            break
        if delivery.due_at > clock.now:
            held.add(delivery.task)
            continue
        try:
            deliver(_parcel(delivery), to=destination, now=clock.now)
        except NotTaken as refusal:
            if note_failed(delivery, error=str(refusal), now=clock.now):
                held.add(delivery.task)
        except Unreachable as fault:
            note_failed(delivery, error=str(fault), now=clock.now)
            note_unreachable(destination, now=clock.now)
            break
        else:
            note_delivered(delivery, now=clock.now)
            sent += 1
        note_reached(destination, now=clock.now)
    return sent


def _listens(hook: Destination, clock: Clock) -> bool:
    """Whether a hook has said so once: we post to nobody who never answered."""
    if hook.confirmed_at is not None:
        return True
    try:
        ask_hook(hook, now=clock.now)
    except NotDelivered as fault:
        first = waiting_at(hook).select_related("task_type").order_by("id").first()
        if first is not None:
            note_failed(first, error=str(fault), now=clock.now)
        note_unreachable(hook, now=clock.now)
        return False
    confirm_hook(destination_id=hook.pk, now=clock.now)
    return True


def _in_order(destination: Destination, held: set[str]) -> Iterator[Delivery]:
    """What waits, by id, page by page, without the tasks that are ``held`` by the time."""
    last = 0
    while True:
        waiting = waiting_at(destination).filter(id__gt=last).exclude(task__in=held)
        page = list(waiting.select_related("task_type").order_by("id")[:_PAGE])
        if not page:
            return
        for delivery in page:
            if delivery.task not in held:
                yield delivery
        last = page[-1].pk


def _parcel(delivery: Delivery) -> Parcel:
    happening = Happening(
        event_type=delivery.event_type,
        at=delivery.happened_at,
        task_type_id=delivery.task_type.public_id,
        task_id=delivery.task,
        assignment_id=delivery.assignment,
    )
    return Parcel(happening, delivery.document_id, delivery.version)


def _give_back(turn: Turn, now: datetime) -> None:
    """End the lease and say when the next delivery is due.

    The row is locked first and what waits is read by a statement of its own: what the reader of the journal
    has queued by then is seen, and what it queues later it announces after us.
    """
    with transaction.atomic():
        mine = (
            Destination.objects.select_for_update().filter(pk=turn.destination.pk, lease=turn.lease).first()
        )
        if mine is None:
            return  # the lease was over and another sender has taken it
        due = next_due(mine)
        mine.next_at = due and max(due, now)  # behind those that are due since before
        mine.lease = mine.leased_until = None
        mine.save(update_fields=["next_at", "lease", "leased_until"])
