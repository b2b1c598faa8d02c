"""What our books say a provider's report must have, and what it may have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from tukro.money.models import Deposit, DepositState, Payout, UnmatchedMoney
from tukro.money.rules.reconciling import Booked

# A provider's day is not ours, and a report may begin with what was sent the evening before.
_AROUND = timedelta(days=7)


def booked_payouts(kind: str, *, currency: str, first: date, last: date) -> tuple[list[Booked], list[Booked]]:
    """Payouts that were handed over in these days (UTC), and those of the days around them."""
    sent = Payout.objects.filter(kind=kind, currency=currency, sent_at__isnull=False)
    rows = sent.filter(_within("sent_at", first, last, _AROUND)).order_by("pk")
    inside: list[Booked] = []
    around: list[Booked] = []
    for payout in rows:
        refs = (payout.reference, payout.handle, payout.public_id)
        booked = Booked(payout.public_id, refs, payout.receives)
        assert payout.sent_at is not None, "the filter asks for it"
        (inside if first <= payout.sent_at.astimezone(UTC).date() <= last else around).append(booked)
    return inside, around


def booked_deposits(
    provider: str, *, currency: str, first: date, last: date
) -> tuple[list[Booked], list[Booked]]:
    """Deposits that were settled in these days (UTC), and those of the days around them.

    What came without an owner lies there too since it came, whatever was decided about it later.
    """
    here = Q(provider=provider, currency=currency)
    kept = UnmatchedMoney.objects.filter(here, _within("arrived_at", first, last, _AROUND))
    settled = Deposit.objects.filter(here, _within("settled_at", first, last, _AROUND))
    settled = settled.filter(state=DepositState.SETTLED).exclude(
        payment_ref__in=UnmatchedMoney.objects.filter(here, assigned__isnull=False).values("payment_ref")
    )
    inside: list[Booked] = []
    around: list[Booked] = []
    for deposit in settled.order_by("pk"):
        refs = (deposit.payment_ref, deposit.provider_ref, deposit.reference, deposit.public_id)
        booked = Booked(deposit.public_id, refs, deposit.asked)
        assert deposit.settled_at is not None, "settled ones have it"
        (inside if first <= deposit.settled_at.astimezone(UTC).date() <= last else around).append(booked)
    for one in kept.order_by("pk"):
        booked = Booked(one.public_id, (one.payment_ref, one.public_id), one.amount)
        (inside if first <= one.arrived_at.astimezone(UTC).date() <= last else around).append(booked)
    return inside, around


def _within(column: str, first: date, last: date, around: timedelta) -> Q:
    start = datetime.combine(first, time.min, UTC) - around
    end = datetime.combine(last, time.min, UTC) + timedelta(days=1) + around
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})
