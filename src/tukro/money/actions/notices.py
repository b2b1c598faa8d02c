"""What providers tell us, and when we ask them: each event is remembered once and only makes us look."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tukro.money.models import Deposit, ProviderNotice

CLAIM = timedelta(minutes=3)  # longer than asking takes, however slow the provider is
_LATE = timedelta(days=2)  # after its end a deposit is asked about once more: a payer may have been slow


@transaction.atomic
def note_notice(
    *, provider: str, event_id: str, kind: str, deposit_id: str, about: str, now: datetime
) -> ProviderNotice:
    """Remember a genuine event; the first time, its deposit is asked about at once.

    One that is about nothing of ours is remembered too, and done with.
    """
    deposit = _deposit_of(provider, deposit_id, about)
    notice, is_new = ProviderNotice.objects.get_or_create(
        provider=provider,
        event_id=event_id[:200],
        defaults={
            "kind": kind[:80],
            "deposit": deposit,
            "about": about[:200],
            "received_at": now,
            "handled_at": None if deposit else now,
            "outcome": "" if deposit else "nothing_ours",
        },
    )
    if not is_new:
        ProviderNotice.objects.filter(pk=notice.pk).update(times=F("times") + 1)
    elif deposit is not None:
        Deposit.objects.filter(pk=deposit.pk).update(due_at=now)
    return notice


@transaction.atomic
def claim_deposit(*, deposit_id: str, now: datetime) -> Deposit | None:
    """The deposit, for whoever asks about it now; None when somebody else does or it is not its time."""
    deposit = (
        Deposit.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("requester")
        .filter(public_id=deposit_id, due_at__lte=now)
        .first()
    )
    if deposit is not None:
        deposit.due_at = now + CLAIM
        deposit.save(update_fields=["due_at"])
    return deposit


@transaction.atomic
def note_looked(*, deposit_id: str, claimed_until: datetime | None, now: datetime) -> None:
    """It was asked about: its notices are handled and the next time is set, unless one has come since."""
    deposit = Deposit.objects.select_for_update().get(public_id=deposit_id)
    if deposit.due_at == claimed_until:
        ProviderNotice.objects.filter(deposit=deposit, handled_at=None).update(
            handled_at=now, outcome=deposit.standing
        )
        deposit.due_at = _next_look(deposit, now)
        deposit.save(update_fields=["due_at"])


def put_off(*, deposit_id: str, now: datetime) -> None:
    """The provider could not be asked: later again, with growing pauses."""
    deposit = Deposit.objects.get(public_id=deposit_id)
    pause = max(timedelta(seconds=10), min((now - deposit.created_at) / 4, timedelta(hours=1)))
    Deposit.objects.filter(pk=deposit.pk, due_at__gt=now).update(due_at=now + pause)


def _next_look(deposit: Deposit, now: datetime) -> datetime | None:
    if deposit.is_open:
        pause = max(timedelta(seconds=20), min((now - deposit.created_at) / 6, timedelta(hours=6)))
        return now + pause
    if deposit.closed_at and now < deposit.closed_at + _LATE:
        return deposit.closed_at + _LATE
    return None


def _deposit_of(provider: str, deposit_id: str, about: str) -> Deposit | None:
    ours = Deposit.objects.filter(provider=provider)
    if deposit_id and (named := ours.filter(public_id=deposit_id).first()):
        return named
    if not about:
        return None
    return ours.filter(payment_ref=about).first() or ours.filter(provider_ref=about).first()
