"""Reading cheques: in one state, of one file, and the number that comes next."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from tukro.money.models import Cheque, ChequeState, PayoutBatch, PayoutState
from tukro.money.rules.cheques import numbers_from

_BACK = (PayoutState.RETURNED, PayoutState.FAILED)
_OVER = (PayoutState.SETTLED, *_BACK)
_LIVES = Q(voided_at=None)
_IN_STATE: Mapping[str, Q] = {
    ChequeState.PRINTED: _LIVES & Q(posted_at=None) & ~Q(payout__state__in=_OVER),
    ChequeState.POSTED: _LIVES & Q(posted_at__isnull=False) & ~Q(payout__state__in=_OVER),
    ChequeState.CASHED: _LIVES & Q(payout__state=PayoutState.SETTLED),
    ChequeState.RETURNED: _LIVES & Q(payout__state__in=_BACK),
    ChequeState.VOID: ~_LIVES,
}


def cheques_in(state: str) -> QuerySet[Cheque]:
    """The cheques in one state, the newest first."""
    found = Cheque.objects.filter(_IN_STATE[state]).select_related("payout__worker__user", "payout__batch")
    return found.order_by("-id")


def cheque_counts() -> Mapping[str, int]:
    """How many cheques are in each state."""
    counts: dict[str, int] = Cheque.objects.aggregate(
        **{str(state): Count("pk", filter=which) for state, which in _IN_STATE.items()}
    )
    return counts


def cheques_of(batch: PayoutBatch) -> QuerySet[Cheque]:
    """The living cheques of a file, in the order in which they are printed."""
    found = Cheque.objects.filter(payout__batch=batch, voided_at=None)
    return found.select_related("payout__worker__user", "payout__rate").order_by("id")


def next_cheque_number() -> str:
    """The number after the one that was printed last; '' before the first."""
    last = Cheque.objects.order_by("-id").values_list("number", flat=True).first()
    after = numbers_from(last, 2) if last else None
    return after[1] if after else ""
