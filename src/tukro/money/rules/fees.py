"""The operator's fee table: what the house takes from the requester on top of a reward or a bonus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tukro.kernel.money import BASIS_POINTS, CENT, Money


class FeePolicy(Protocol):
    """The part of the operator's policy that sets fees; ``MoneyPolicy`` has it. Shares are basis points."""

    fee_basis_points: int
    minimum_fee: Money
    many_places_from: int
    many_places_basis_points: int
    masters_basis_points: int
    fees_in_cents: bool


def fee_for(amount: Money, policy: FeePolicy, *, places: int = 1, masters: bool = False) -> Money:
    """The house's fee on one reward of a task with so many places, or on one bonus.

    The shares are added up and rounded once: up to the micro-dollar, or half up to the cent where the
    operator says so. At least the minimum.
    """
    share = policy.fee_basis_points
    if policy.many_places_from and places >= policy.many_places_from:
        share += policy.many_places_basis_points
    if masters:
        share += policy.masters_basis_points
    return max(_rounded(amount, share, in_cents=policy.fees_in_cents), policy.minimum_fee)


def _rounded(amount: Money, share: int, *, in_cents: bool) -> Money:
    if not in_cents:
        return amount.share_rounded_up(share)
    cents = (amount.units * share * 2 + BASIS_POINTS * CENT) // (2 * BASIS_POINTS * CENT)
    return Money(cents * CENT, amount.currency)


# Whole fee tables that an operator can start from; the keys are fields of the policy.
FEE_PRESETS: Mapping[str, Mapping[str, int | bool | Money]] = {
    "linear": {
        "fee_basis_points": 2_000,
        "minimum_fee": Money(CENT),
        "many_places_from": 0,
        "many_places_basis_points": 0,
        "masters_basis_points": 0,
        "fees_in_cents": False,
    },
    # As Mechanical Turk's pricing page says: 20 %, 20 % more from ten assignments on, 5 % more for Masters.
    "mturk": {
        "fee_basis_points": 2_000,
        "minimum_fee": Money(CENT),
        "many_places_from": 10,
        "many_places_basis_points": 2_000,
        "masters_basis_points": 500,
        "fees_in_cents": True,
    },
}
