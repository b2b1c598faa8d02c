"""A gift card's claim code: shown to its worker, each look written down, erased a day after the first.

Whoever lost it has it fetched once more from who made the card. So it lies here only while it is needed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound
from tukro.money.actions.payout_moves import locked, tell
from tukro.money.models import Payout, PayoutState
from tukro.people.models import Worker

STAYS = timedelta(days=1)  # after the first look: time to type it in
_PER_RUN = 200


@transaction.atomic
def open_code(*, worker: Worker, payout_id: str, now: datetime) -> tuple[Payout, str]:
    """The payout and its code. Writes PayoutCodeShown. Refuses NotFound (somebody else's, or it has none)."""
    payout = locked(payout_id, worker=worker)
    if payout.sealed_code is None:
        raise NotFound(payout=payout_id)
    if payout.code_shown_at is None:
        payout.code_shown_at = now
        payout.save(update_fields=["code_shown_at"])
    tell(payout, "PayoutCodeShown", by=worker.actor, at=now)
    return payout, payout.code


def forget_shown_codes(*, now: datetime) -> int:
    """Erase the codes that were seen a day ago. Returns how many. Writes PayoutCodeErased."""
    seen = Payout.objects.filter(sealed_code__isnull=False, code_shown_at__lte=now - STAYS)
    ids = list(seen.values_list("public_id", flat=True)[:_PER_RUN])
    for payout_id in ids:
        with transaction.atomic():
            payout = locked(payout_id)
            payout.sealed_code = None
            payout.save(update_fields=["sealed_code"])
            tell(payout, "PayoutCodeErased", by=HOUSE, at=now)
    return len(ids)


@transaction.atomic
def fetch_code(*, worker: Worker, payout_id: str, now: datetime) -> Payout:
    """The worker lost a code that was erased: whoever made the card is asked for it. Twice is once.

    Nothing is paid again: a card has one key. Writes PayoutCodeWanted. Refuses NotFound.
    """
    payout = locked(payout_id, worker=worker)
    if payout.wants_code or payout.sealed_code is not None:
        return payout
    if not payout.code_is_gone:
        raise NotFound(payout=payout_id)
    assert payout.state == PayoutState.SETTLED
    payout.code_shown_at, payout.ask_after = None, now
    payout.save(update_fields=["code_shown_at", "ask_after"])
    tell(payout, "PayoutCodeWanted", by=worker.actor, at=now)
    return payout
