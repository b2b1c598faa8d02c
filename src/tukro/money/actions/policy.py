"""The operator changes fees and limits. What was published before keeps its frozen prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import MoneyPolicy
from tukro.money.rules import CENT


class BadPolicy(Refused):
    """Fees and limits that contradict each other. Facts: ``fields``, the names of those at fault."""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    field: str
    before: int
    after: int


@transaction.atomic
def change_policy(
    *,
    by: Actor,
    now: datetime,
    fee_basis_points: int | None = None,
    minimum_fee: Money | None = None,
    many_places_from: int | None = None,
    many_places_basis_points: int | None = None,
    masters_basis_points: int | None = None,
    fees_in_cents: bool | None = None,
    minimum_reward: Money | None = None,
    maximum_reward: Money | None = None,
    minimum_payout: Money | None = None,
    payout_fee: Money | None = None,
    two_persons_above: Money | None = None,
    deposit_fee_basis_points: int | None = None,
    unclaimed_after_months: int | None = None,
    first: Actor | None = None,
) -> MoneyPolicy:
    """Set the fields that are given; write what changed into the journal.

    Refuses BadPolicy, SecondPersonNeeded.

    Nothing changed, nothing written.
    """
    MoneyPolicy.objects.bulk_create([MoneyPolicy(id=1)], ignore_conflicts=True)
    policy = MoneyPolicy.objects.select_for_update().get(id=1)
    asked: dict[str, int | Money | None] = {
        "fee_basis_points": fee_basis_points,
        "minimum_fee": minimum_fee,
        "many_places_from": many_places_from,
        "many_places_basis_points": many_places_basis_points,
        "masters_basis_points": masters_basis_points,
        "fees_in_cents": fees_in_cents,
        "minimum_reward": minimum_reward,
        "maximum_reward": maximum_reward,
        "minimum_payout": minimum_payout,
        "payout_fee": payout_fee,
        "two_persons_above": two_persons_above,
        "deposit_fee_basis_points": deposit_fee_basis_points,
        "unclaimed_after_months": unclaimed_after_months,
    }
    changes = [
        _set(policy, field, value)
        for field, value in asked.items()
        if value is not None and value != getattr(policy, field)
    ]
    if faults := _faults(policy):
        raise BadPolicy(fields=faults)
    if changes:
        check_rules(by=by, first=first)
        policy.save()
        record(
            name="MoneyPolicyChanged",
            actor=by,
            subject="money_policy",
            at=now,
            facts={change.field: [change.before, change.after] for change in changes},
        )
    return policy


@transaction.atomic
def change_level_rewards(
    *, by: Actor, rewards: Sequence[Money], now: datetime, first: Actor | None = None
) -> None:
    """From which reward on which level is asked, from level 1; zero asks nothing. What is published stays.

    Refuses BadPolicy (a higher level for less than a lower one), SecondPersonNeeded.
    """
    asked = [amount.units for amount in rewards]
    given = [units for units in asked if units]
    if any(units < 0 for units in asked) or given != sorted(given):
        raise BadPolicy(fields=["level_rewards"])
    MoneyPolicy.objects.bulk_create([MoneyPolicy(id=1)], ignore_conflicts=True)
    policy = MoneyPolicy.objects.select_for_update().get(id=1)
    if policy.level_rewards == asked:
        return
    check_rules(by=by, first=first)
    facts = {"level_rewards": [policy.level_rewards, asked]}
    policy.level_rewards = asked
    policy.save(update_fields=["level_rewards"])
    record(name="MoneyPolicyChanged", actor=by, subject="money_policy", at=now, facts=facts)


def _set(policy: MoneyPolicy, field: str, value: int | Money) -> PolicyChange:
    before = getattr(policy, field)
    setattr(policy, field, value)
    return PolicyChange(field, _plain(before), _plain(value))


def _plain(value: Any) -> int:
    return value.units if isinstance(value, Money) else int(value)


def _faults(policy: MoneyPolicy) -> list[str]:
    good = {
        "fee_basis_points": 0 <= policy.fee_basis_points <= 10_000,
        "minimum_fee": policy.minimum_fee.units >= 0,
        "many_places_from": 0 <= policy.many_places_from <= 1_000_000,
        "many_places_basis_points": 0 <= policy.many_places_basis_points <= 10_000,
        "masters_basis_points": 0 <= policy.masters_basis_points <= 10_000,
        "unclaimed_after_months": policy.unclaimed_after_months == 0
        or 6 <= policy.unclaimed_after_months <= 240,
        "deposit_fee_basis_points": 0 <= policy.deposit_fee_basis_points <= 2_000,
        "minimum_reward": policy.minimum_reward.units >= CENT and policy.minimum_reward.units % CENT == 0,
        "maximum_reward": policy.maximum_reward >= policy.minimum_reward,
        "minimum_payout": policy.minimum_payout.units >= CENT and policy.minimum_payout.units % CENT == 0,
        "payout_fee": 0 <= policy.payout_fee.units < policy.minimum_payout.units
        and policy.payout_fee.units % CENT == 0,
    }
    return [field for field, holds in good.items() if not holds]
