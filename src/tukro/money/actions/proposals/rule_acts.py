"""Changes of money's rules as acts: what a colleague confirms is exactly what was shown, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.paying_out.terms import change_cooling, change_terms
from tukro.money.actions.policy import change_level_rewards, change_policy, plain
from tukro.money.actions.proposals.acts import Act
from tukro.money.models import MoneyPolicy, PayoutTerms
from tukro.money.queries import latest_rate, policy

Plain = int | bool | None


class ChangedMeanwhile(Refused):
    """The rule is not any more what it was when this was proposed."""


@dataclass(frozen=True, slots=True)
class ChangePolicy(Act):
    """Fees and limits: only the fields that change; amounts in micro-dollars, shares in basis points."""

    kind = "policy"
    before: dict[str, int]
    after: dict[str, int]

    @classmethod
    def to(cls, asked: Mapping[str, int | Money]) -> ChangePolicy:
        now = _numbers(policy(), asked)
        after = {name: plain(value) for name, value in asked.items()}
        changed = [name for name in asked if after[name] != now[name]]
        return cls({name: now[name] for name in changed}, {name: after[name] for name in changed})

    @property
    def about(self) -> str:
        return "money_policy"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> MoneyPolicy:
        house = policy()
        if _numbers(house, self.before) != self.before:
            raise ChangedMeanwhile
        asked = {name: type(getattr(house, name))(value) for name, value in self.after.items()}
        return change_policy(by=by, first=first, now=now, **asked)


@dataclass(frozen=True, slots=True)
class ChangeLevelRewards(Act):
    kind = "level_rewards"
    before: list[int]
    after: list[int]

    @classmethod
    def to(cls, rewards: list[Money]) -> ChangeLevelRewards:
        return cls(list(policy().level_rewards), [amount.units for amount in rewards])

    @property
    def about(self) -> str:
        return "money_policy:levels"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        if list(policy().level_rewards) != self.before:
            raise ChangedMeanwhile
        change_level_rewards(by=by, rewards=[Money(units) for units in self.after], first=first, now=now)


@dataclass(frozen=True, slots=True)
class ChangeCooling(Act):
    kind = "payout_cooling"
    before: int
    after: int

    @classmethod
    def to(cls, hours: int) -> ChangeCooling:
        return cls(policy().payout_cooling_hours, hours)

    @property
    def about(self) -> str:
        return "money_policy:cooling"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        if policy().payout_cooling_hours != self.before:
            raise ChangedMeanwhile
        change_cooling(by=by, hours=self.after, first=first, now=now)


_AMOUNTS = ("minimum", "maximum", "daily_maximum", "fee", "approved_up_to")


@dataclass(frozen=True, slots=True)
class ChangeTerms(Act):
    """The terms of one kind of payout, all of them, as they were and as they shall be."""

    kind = "payout_terms"
    of: str
    before: dict[str, Plain]
    after: dict[str, Plain]

    @classmethod
    def to(cls, of: str, *, offered: bool, amounts: Mapping[str, Money | None]) -> ChangeTerms:
        after: dict[str, Plain] = {"offered": offered}
        after |= {name: None if (one := amounts[name]) is None else one.units for name in _AMOUNTS}
        return cls(of, _terms_now(of), after)

    @property
    def about(self) -> str:
        return f"payout_terms:{self.of}"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        if _terms_now(self.of) != self.before:
            raise ChangedMeanwhile
        amounts = {name: None if (one := self.after[name]) is None else Money(one) for name in _AMOUNTS}
        up_to = amounts.pop("approved_up_to") or Money.zero()
        change_terms(
            by=by,
            kind=self.of,
            offered=bool(self.after["offered"]),
            approved_up_to=up_to,
            first=first,
            now=now,
            **amounts,
        )


@dataclass(frozen=True, slots=True)
class EnterRate(Act):
    """``rate`` and ``before`` (of the last one; empty: there was none) as decimal texts."""

    kind = "rate"
    currency: str
    rate: str
    spread: int
    source: str
    before: str

    @classmethod
    def to(cls, currency: str, rate: Decimal, *, spread: int, source: str, now: datetime) -> EnterRate:
        return cls(currency, str(rate), spread, source, _rate_now(currency, now))

    @property
    def about(self) -> str:
        return f"exchange_rate:{self.currency}"

    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> object:
        if _rate_now(self.currency, now) != self.before:
            raise ChangedMeanwhile
        return enter_rate(
            by=by,
            currency=self.currency,
            rate=Decimal(self.rate),
            source=self.source,
            spread_basis_points=self.spread,
            first=first,
            now=now,
        )


def _numbers(house: MoneyPolicy, names: Mapping[str, object]) -> dict[str, int]:
    return {name: plain(getattr(house, name)) for name in names}


def _terms_now(kind: str) -> dict[str, Plain]:
    said = PayoutTerms.objects.filter(kind=kind).first() or PayoutTerms(kind=kind)
    names = ("minimum", "maximum", "daily_maximum", "fee")
    amounts: dict[str, Plain] = {name: getattr(said, name) for name in names}
    return {"offered": said.offered, **amounts, "approved_up_to": said.approved_up_to.units}


def _rate_now(currency: str, now: datetime) -> str:
    rate = latest_rate(currency, now)
    return f"{rate.rate.normalize():f}" if rate else ""
