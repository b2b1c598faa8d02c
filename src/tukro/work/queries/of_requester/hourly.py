"""What a reward means for an hour of work, told to the requester who names it."""

from __future__ import annotations

from dataclasses import dataclass

from tukro.kernel.money import Money
from tukro.work.models import Listing, TaskType
from tukro.work.rules import HOURLY_SAMPLE

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Hourly:
    """``sample``: how many answers it was measured on; 0 = it follows from the requester's estimate."""

    pay: Money
    sample: int


def hourly_of(reward: Money, *, like: TaskType | None, estimate_seconds: int | None) -> Hourly | None:
    """As measured on work of ``like``, else by the estimate; None where neither says anything."""
    told = Listing.objects.filter(reward__gt=0, hourly_sample__gte=HOURLY_SAMPLE)
    if like and (measured := told.filter(task_type=like).first()):
        pay = Money(measured.hourly.units * reward.units // measured.reward.units)
        return Hourly(pay.whole_cents(), measured.hourly_sample)
    if estimate_seconds:
        return Hourly(Money(reward.units * _HOUR // estimate_seconds).whole_cents(), 0)
    return None
