"""The market in four honest figures, from our own data, looked up at most once a minute per process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from django.db.models import Count, Sum

from tukro.kernel.money import Money
from tukro.work.models import Assignment, AssignmentState, Listing, TaskType

FRESH_FOR = timedelta(minutes=1)
ENOUGH_GROUPS = 5  # fewer measured groups than this say nothing about a market
_latest: tuple[datetime, Figures] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """``hourly`` is the median of the measured hourly pay of open groups, None while too few are measured."""

    open_places: int
    paid_tasks: int
    paid_out: Money
    hourly: Money | None


def figures(now: datetime) -> Figures:
    """The figures of the landing page."""
    global _latest
    if _latest is None or now - _latest[0] >= FRESH_FOR or now < _latest[0]:
        _latest = (now, measure(now))
    return _latest[1]


def measure(now: datetime) -> Figures:
    """Count now. Approved work is summed by its terms, so this reads an index and a few hundred types."""
    listed = Listing.objects.filter(is_open=True, expires_at__gt=now)
    measured = [pay for pay in listed.values_list("hourly", flat=True) if pay is not None]
    paid = dict(
        Assignment.objects.filter(state=AssignmentState.APPROVED)
        .values_list("task_type_id")
        .annotate(count=Count("id"))
    )
    rewards = dict(TaskType.objects.filter(id__in=paid).values_list("id", "reward"))
    return Figures(
        open_places=listed.aggregate(all=Sum("open_places"))["all"] or 0,
        paid_tasks=sum(paid.values()),
        paid_out=sum((rewards[type_id] * count for type_id, count in paid.items()), Money.zero()),
        hourly=median_low(measured) if len(measured) >= ENOUGH_GROUPS else None,
    )
