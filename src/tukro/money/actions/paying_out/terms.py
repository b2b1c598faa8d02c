"""The operator says what holds for each kind of payout; staff settle signals. All of it is journalled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import MoneyPolicy, PayoutSignal, PayoutTerms
from tukro.money.queries import policy
from tukro.money.rules import PAYOUT_KINDS, is_whole_cents

LONGEST_COOLING = 30 * 24  # hours


@transaction.atomic
def change_terms(
    *,
    by: Actor,
    kind: str,
    offered: bool,
    minimum: Money | None,
    maximum: Money | None,
    daily_maximum: Money | None,
    fee: Money | None,
    approved_up_to: Money,
    now: datetime,
    first: Actor | None = None,
) -> None:
    """Set the terms of one kind; None: as for all kinds, or no limit.

    Nothing changed, nothing written. Refuses NotFound (kind), BadPolicy, SecondPersonNeeded.
    """
    if kind not in PAYOUT_KINDS:
        raise NotFound(kind=kind)
    if faults := _faults(minimum, maximum, daily_maximum, fee, approved_up_to):
        raise BadPolicy(fields=faults)
    asked = {
        "offered": offered,
        "minimum": _units(minimum),
        "maximum": _units(maximum),
        "daily_maximum": _units(daily_maximum),
        "fee": _units(fee),
        "approved_up_to": approved_up_to,
    }
    before = PayoutTerms.objects.select_for_update().filter(kind=kind).first() or PayoutTerms(kind=kind)
    if all(getattr(before, name) == value for name, value in asked.items()):
        return
    check_rules(by=by, first=first)
    PayoutTerms.objects.update_or_create(kind=kind, defaults=asked)
    record(
        name="PayoutTermsChanged",
        actor=by,
        subject=f"payout_terms:{kind}",
        at=now,
        facts=asked | {"approved_up_to": approved_up_to.units},
    )


def _faults(
    minimum: Money | None,
    maximum: Money | None,
    daily_maximum: Money | None,
    fee: Money | None,
    approved_up_to: Money,
) -> list[str]:
    """The names of the terms that contradict each other, or the house's where one says nothing."""
    house = policy()
    least = house.minimum_payout if minimum is None else minimum
    kept = house.payout_fee if fee is None else fee
    good = {
        "minimum": least.units > 0 and is_whole_cents(least),
        "maximum": maximum is None or (maximum >= least and is_whole_cents(maximum)),
        "daily_maximum": daily_maximum is None or (daily_maximum >= least and is_whole_cents(daily_maximum)),
        "fee": 0 <= kept.units < least.units and is_whole_cents(kept),
        "approved_up_to": approved_up_to.units >= 0,
    }
    return [field for field, holds in good.items() if not holds]


@transaction.atomic
def change_cooling(*, by: Actor, hours: int, now: datetime, first: Actor | None = None) -> None:
    """How long a new place waits from now on; those that wait already keep their time.

    Refuses BadPolicy, SecondPersonNeeded.
    """
    if not 0 <= hours <= LONGEST_COOLING:
        raise BadPolicy(fields=["payout_cooling_hours"])
    MoneyPolicy.objects.bulk_create([MoneyPolicy(id=1)], ignore_conflicts=True)
    house = MoneyPolicy.objects.select_for_update().get(id=1)
    if house.payout_cooling_hours == hours:
        return
    check_rules(by=by, first=first)
    facts = {"payout_cooling_hours": [house.payout_cooling_hours, hours]}
    house.payout_cooling_hours = hours
    house.save(update_fields=["payout_cooling_hours"])
    record(name="MoneyPolicyChanged", actor=by, subject="money_policy", at=now, facts=facts)


@transaction.atomic
def settle_signal(*, by: Actor, signal_id: int, now: datetime) -> None:
    """Staff have looked at it. Twice is once. Refuses NotFound."""
    signal = PayoutSignal.objects.select_for_update().filter(pk=signal_id).first()
    if signal is None:
        raise NotFound(signal=signal_id)
    if signal.settled_at is None:
        signal.settled_at, signal.settled_by = now, str(by)
        signal.save(update_fields=["settled_at", "settled_by"])
        record(
            name="PayoutSignalSettled",
            actor=by,
            subject=str(signal.pk),
            at=now,
            facts={"kind": signal.kind},
        )


def _units(amount: Money | None) -> int | None:
    return None if amount is None else amount.units
