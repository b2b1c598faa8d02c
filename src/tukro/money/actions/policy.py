"""The operator changes fees and limits. What was published before keeps its frozen prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import BASIS_POINTS, CENT, Money
from tukro.money.actions.two_persons import check_rules
from tukro.money.models import MoneyPolicy


class BadPolicy(Refused):
    """Fees and limits that contradict each other. Facts: ``fields``, the names of those at fault."""


class PolicyFields(TypedDict, total=False):
    """What ``change_policy`` can set, in the order in which the journal tells it."""

    fee_basis_points: int
    minimum_fee: Money
    many_places_from: int
    many_places_basis_points: int
    masters_basis_points: int
    fees_in_cents: bool
    minimum_reward: Money
    maximum_reward: Money
    minimum_payout: Money
    payout_fee: Money
    two_persons_above: Money
    deposit_fee_basis_points: int
    unclaimed_after_months: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    field: str
    before: int
    after: int


@transaction.atomic
def change_policy(
    *, by: Actor, first: Actor | None = None, now: datetime, **asked: Unpack[PolicyFields]
) -> MoneyPolicy:
    """Set the fields that are given; write what changed into the journal.

    Nothing changed, nothing written. Refuses BadPolicy, SecondPersonNeeded.
    """
    policy = _locked_policy()
    changes = _set_fields(policy, asked)
    if faults := _faults(policy):
        raise BadPolicy(fields=faults)
    if changes:
        check_rules(by=by, first=first)
        policy.save()
        facts = {change.field: [change.before, change.after] for change in changes}
        record(name="MoneyPolicyChanged", actor=by, subject="money_policy", at=now, facts=facts)
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
    policy = _locked_policy()
    if policy.level_rewards == asked:
        return
    check_rules(by=by, first=first)
    facts = {"level_rewards": [policy.level_rewards, asked]}
    policy.level_rewards = asked
    policy.save(update_fields=["level_rewards"])
    record(name="MoneyPolicyChanged", actor=by, subject="money_policy", at=now, facts=facts)


def _locked_policy() -> MoneyPolicy:
    """The one row, made with the defaults when nothing was changed yet."""
    MoneyPolicy.objects.bulk_create([MoneyPolicy(id=1)], ignore_conflicts=True)
    return MoneyPolicy.objects.select_for_update().get(id=1)


def _set_fields(policy: MoneyPolicy, asked: PolicyFields) -> list[PolicyChange]:
    """Set what differs and say what that was. TypeError: there is no such field to set."""
    given: dict[str, Any] = {**asked}
    if unknown := given.keys() - PolicyFields.__annotations__.keys():
        raise TypeError(f"no fields of the policy: {unknown}")
    changes = []
    for field in PolicyFields.__annotations__:
        before = getattr(policy, field)
        if field in given and given[field] != before:
            setattr(policy, field, given[field])
            changes.append(PolicyChange(field, plain(before), plain(given[field])))
    return changes


def plain(value: Any) -> int:
    """As the journal and proposals keep a field of the policy: amounts in their smallest unit."""
    return value.units if isinstance(value, Money) else int(value)


def _faults(policy: MoneyPolicy) -> list[str]:
    good = {
        "fee_basis_points": 0 <= policy.fee_basis_points <= BASIS_POINTS,
        "minimum_fee": policy.minimum_fee.units >= 0,
        "many_places_from": 0 <= policy.many_places_from <= 1_000_000,
        "many_places_basis_points": 0 <= policy.many_places_basis_points <= BASIS_POINTS,
        "masters_basis_points": 0 <= policy.masters_basis_points <= BASIS_POINTS,
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
