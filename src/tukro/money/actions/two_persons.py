"""What one member of staff may not do alone: money above the operator's limit, and the rules of money.

A verb asks here as its last refusal, so that whatever else stands against it is said first. ``first`` is the
colleague who proposed it; only proposals/waiting.py passes one on.
"""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.queries import latest_rate, policy
from tukro.money.rules.deposits import worth
from tukro.people.queries import staff_count


class SecondPersonNeeded(Refused):
    """Two members of staff do this. Facts: ``why`` (amount, rules), ``limit`` and ``amount`` of an amount."""


def check_amount(amount: Money | None, *, by: Actor, first: Actor | None) -> None:
    """Refuse SecondPersonNeeded above the limit; None is an amount that nobody can tell in dollars."""
    if not _is_alone(by, first):
        return
    limit = policy().two_persons_above
    if amount is None:
        raise SecondPersonNeeded(why="amount", limit=limit)
    if _is_above(amount, limit):
        raise SecondPersonNeeded(why="amount", limit=limit, amount=amount)


def needs_two(amount: Money) -> bool:
    """Whether a member of staff will need a colleague for so many dollars, whichever way they go."""
    return _is_above(amount, policy().two_persons_above)


def check_any(amount: Money, *, by: Actor, first: Actor | None, now: datetime) -> None:
    """The same for an amount in any currency, at its last rate however old."""
    if amount.currency == "USD":
        check_amount(Money(abs(amount.units)), by=by, first=first)
    elif rate := latest_rate(amount.currency, now):
        there = Money(abs(amount.units), amount.currency)
        dollars = worth(there, rate=rate.rate, spread_basis_points=rate.spread_basis_points)
        check_amount(dollars, by=by, first=first)
    else:
        check_amount(None, by=by, first=first)


def check_rules(*, by: Actor, first: Actor | None) -> None:
    """Refuse SecondPersonNeeded, unless the house has only one member of staff: who else could confirm?"""
    if _is_alone(by, first) and staff_count() > 1:
        raise SecondPersonNeeded(why="rules")


def _is_above(amount: Money, limit: Money) -> bool:
    return abs(amount.units) > limit.units


def _is_alone(by: Actor, first: Actor | None) -> bool:
    return by.kind == "staff" and (first is None or first == by)
