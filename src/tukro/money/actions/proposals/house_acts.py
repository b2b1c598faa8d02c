"""Debts that are given up, and the rules of taxes and fetched rates: acts of two members of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.fetched_rates import change_rate_policy
from tukro.money.actions.deposits.write_offs import write_off_debt
from tukro.money.actions.law.taxes import change_tax_rule
from tukro.money.actions.proposals.acts import Act
from tukro.money.actions.proposals.rule_acts import ChangedMeanwhile
from tukro.money.models import TaxRule
from tukro.money.queries import policy
from tukro.people.queries.named import requester_named


@dataclass(frozen=True, slots=True)
class GiveUpDebt(Act):
    kind = "debt_write_off"
    write_off: str
    requester: str
    units: int
    reason: str

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        return write_off_debt(
            by=by,
            requester=requester_named(self.requester),
            amount=Money(self.units),
            reason=self.reason,
            write_off_id=self.write_off,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ChangeTax(Act):
    """Shares in basis points."""

    kind = "tax_rule"
    country: str
    before: int
    after: int
    authority: str

    @classmethod
    def to(cls, country: str, share: int, authority: str) -> ChangeTax:
        return cls(country, _share(country), share, authority)

    @property
    def about(self) -> str:
        return f"tax:{self.country}"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        if _share(self.country) != self.before:
            raise ChangedMeanwhile
        change_tax_rule(
            by=by,
            country=self.country,
            basis_points=self.after,
            authority=self.authority,
            first=first,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class ChangeRatePolicy(Act):
    """How far a fetched rate may jump, and what the house keeps of it, in basis points."""

    kind = "rate_policy"
    before: list[int]
    after: list[int]

    @classmethod
    def to(cls, jump: int, spread: int) -> ChangeRatePolicy:
        return cls(_rate_policy(), [jump, spread])

    @property
    def about(self) -> str:
        return "money_policy:fetched_rates"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        if _rate_policy() != self.before:
            raise ChangedMeanwhile
        jump, spread = self.after
        change_rate_policy(by=by, jump_basis_points=jump, spread_basis_points=spread, first=first, now=now)


def _rate_policy() -> list[int]:
    house = policy()
    return [house.rate_jump_basis_points, house.rate_spread_basis_points]


def _share(country: str) -> int:
    rule = TaxRule.objects.filter(country=country).first()
    return rule.basis_points if rule else 0
