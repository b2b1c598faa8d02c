"""Places for money that were given for more than one account."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q

from tukro.money.models import PayoutSignal
from tukro.people.models import Worker
from tukro.people.queries.sharing import MOST_NAMED, Shared

_TRIED = Q(kind=PayoutSignal.Kind.SHARED_IDENTITY)


def shared_places(
    *, worker: Worker | None = None, before: tuple[datetime, str] | None = None, limit: int = 30
) -> list[Shared]:
    """For each account whose bank account, wallet or address for money others gave: they and who tried.

    The latest first; ``before`` is the moment and key that the page before ended with.
    """
    found = PayoutSignal.objects.filter(_TRIED)
    if worker is not None:
        found = found.filter(Q(worker=worker) | Q(other=worker))
    owners = found.values("other").annotate(last_at=Max("at"), tried=Count("worker", distinct=True))
    if before is not None:
        at, key = before
        owners = owners.filter(Q(last_at__lt=at) | Q(last_at=at, other__lt=int(key) if key.isdigit() else 0))
    rows = list(owners.order_by("-last_at", "-other")[:limit])
    tries: dict[int, list[int]] = {row["other"]: [row["other"]] for row in rows}
    for other, one in (
        PayoutSignal.objects.filter(_TRIED, other__in=tries).values_list("other", "worker").distinct()
    ):
        assert other is not None, "asked for by owner"
        tries[other].append(one)
    people = Worker.objects.select_related("user__contact").in_bulk(
        {one for ids in tries.values() for one in ids}
    )
    return [
        Shared(
            "payout",
            key=str(row["other"]),
            what="",
            workers=[people[one] for one in tries[row["other"]][:MOST_NAMED]],
            count=len(tries[row["other"]]),
            last_at=row["last_at"],
        )
        for row in rows
    ]
