"""What a worker wants to earn in a day and in a week: for their own eyes."""

from __future__ import annotations

from tukro.kernel.money import Money
from tukro.money.models import EarningsGoal
from tukro.people.models import Worker


def set_goals(*, worker: Worker, daily: Money, weekly: Money) -> None:
    """Keep the goals; nothing takes one away. Nobody else sees them, so nothing is journalled."""
    EarningsGoal.objects.update_or_create(worker=worker, defaults={"daily": daily, "weekly": weekly})
