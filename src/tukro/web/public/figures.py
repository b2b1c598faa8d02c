"""The market in honest figures, counted from our own data: once a minute at most, and less often as counting
takes longer, so that it never takes more than a hundredth of a process's time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low
from time import perf_counter

from django.db.models import Count, Sum

from tukro.kernel.money import Money
from tukro.work.models import Assignment, AssignmentState, Bonus, Listing, TaskType
from tukro.work.queries.finding.group_rows import GroupRow
from tukro.work.queries.finding.open_list import open_groups
from tukro.work.rules import HOURLY_SAMPLE

FRESH_FOR = timedelta(minutes=1)
SHARE_OF_TIME = 100
ENOUGH_GROUPS = 5  # fewer measured groups than this say nothing about a market
NEWEST = 3
_latest: tuple[datetime, Figures] | None = None  # until when they are fresh, and they


@dataclass(frozen=True, slots=True)
class Figures:
    """``hourly`` is the median of the measured hourly pay of open groups, None while too few are measured."""

    open_places: int
    paid_tasks: int
    paid_out: Money
    hourly: Money | None
    newest: list[GroupRow]


def figures(now: datetime) -> Figures:
    """The figures of the landing page."""
    global _latest
    if _latest is None or now >= _latest[0]:
        started = perf_counter()
        counted = measure(now)
        took = timedelta(seconds=perf_counter() - started)
        _latest = (now + max(FRESH_FOR, took * SHARE_OF_TIME), counted)
    return _latest[1]


def measure(now: datetime) -> Figures:
    """Count now. Approved work is summed by its terms, so this reads an index and a few hundred types."""
    listed = Listing.objects.filter(is_open=True, expires_at__gt=now)
    measured = list(listed.filter(hourly_sample__gte=HOURLY_SAMPLE).values_list("hourly", flat=True))
    paid = dict(
        Assignment.objects.filter(state=AssignmentState.APPROVED)
        .values_list("task_type_id")
        .annotate(count=Count("id"))
    )
    rewards = dict(TaskType.objects.filter(id__in=paid).values_list("id", "reward"))
    bonuses = Bonus.objects.aggregate(all=Sum("amount"))["all"] or Money.zero()
    return Figures(
        open_places=listed.aggregate(all=Sum("open_places"))["all"] or 0,
        paid_tasks=sum(paid.values()),
        paid_out=sum((rewards[type_id] * count for type_id, count in paid.items()), bonuses),
        hourly=median_low(measured) if len(measured) >= ENOUGH_GROUPS else None,
        newest=open_groups(None, now=now, limit=NEWEST).rows,
    )
