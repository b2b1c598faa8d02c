"""A gift card's claim code is shown to its worker, and each look is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.kernel.errors import NotFound
from tukro.money.actions.payout_moves import locked, tell
from tukro.money.models import Payout
from tukro.people.models import Worker


@transaction.atomic
def open_code(*, worker: Worker, payout_id: str, now: datetime) -> tuple[Payout, str]:
    """The payout and its code. Writes PayoutCodeShown. Refuses NotFound (somebody else's, or it has none)."""
    payout = locked(payout_id, worker=worker)
    if payout.sealed_code is None:
        raise NotFound(payout=payout_id)
    tell(payout, "PayoutCodeShown", by=worker.actor, at=now)
    return payout, payout.code
