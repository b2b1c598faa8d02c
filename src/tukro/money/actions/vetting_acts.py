"""Changes of what the law asks (tax forms, lists of sanctioned people) as acts of two persons.

The verbs are vetting's, which knows nothing of two persons: each refuses for itself first, and what it wrote
is undone when a second person is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tukro.kernel.actors import Actor
from tukro.money.actions.acts import Act
from tukro.money.actions.booking_moves import lock_house
from tukro.money.actions.rule_acts import ChangedMeanwhile
from tukro.money.actions.two_persons import check_rules
from tukro.vetting.actions.sanctions import change_likeness
from tukro.vetting.actions.tax import change_tax_policy, drop_rule, set_rule
from tukro.vetting.models import TaxRule
from tukro.vetting.queries.sanctions import sanctions_policy
from tukro.vetting.queries.tax import tax_policy


@dataclass(frozen=True, slots=True)
class FormRule:
    """Which form is asked, above how much (smallest units of ``currency``), and what happens without it."""

    form: str
    currency: str
    above_units: int
    step: str


@dataclass(frozen=True, slots=True)
class AskTaxForm(Act):
    """Who lives in ``country`` ("": anywhere else) is asked a form; an empty ``after`` asks none any more."""

    kind = "tax_form"
    country: str
    before: dict[str, str | int]
    after: dict[str, str | int]

    @classmethod
    def to(cls, country: str, rule: FormRule | None) -> AskTaxForm:
        return cls(country, _rule_now(country), _plain(rule))

    @property
    def about(self) -> str:
        return f"tax_rule:{self.country or 'others'}"

    @transaction.atomic
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        lock_house()
        if _rule_now(self.country) != self.before:
            raise ChangedMeanwhile
        if self.after:
            set_rule(
                by=by,
                country=self.country,
                form=str(self.after["form"]),
                currency=str(self.after["currency"]),
                above_units=int(self.after["above_units"]),
                step=str(self.after["step"]),
                now=now,
            )
        else:
            drop_rule(by=by, country=self.country, now=now)
        check_rules(by=by, first=first)


@dataclass(frozen=True, slots=True)
class ChangeTaxYear(Act):
    """The first month of the tax year, and for how many years old forms are kept."""

    kind = "tax_year"
    before: list[int]
    after: list[int]

    @classmethod
    def to(cls, first_month: int, keep_years: int) -> ChangeTaxYear:
        return cls(_year_now(), [first_month, keep_years])

    @property
    def about(self) -> str:
        return "tax_policy"

    @transaction.atomic
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        lock_house()
        if _year_now() != self.before:
            raise ChangedMeanwhile
        first_month, keep_years = self.after
        change_tax_policy(by=by, first_month=first_month, keep_years=keep_years, now=now)
        check_rules(by=by, first=first)


@dataclass(frozen=True, slots=True)
class ChangeLikeness(Act):
    """How like names must be to those of a sanctions list, in percent."""

    kind = "likeness"
    before: int
    after: int

    @classmethod
    def to(cls, likeness: int) -> ChangeLikeness:
        return cls(sanctions_policy().likeness, likeness)

    @property
    def about(self) -> str:
        return "sanctions_policy"

    @transaction.atomic
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        lock_house()
        if sanctions_policy().likeness != self.before:
            raise ChangedMeanwhile
        change_likeness(by=by, likeness=self.after, now=now)
        check_rules(by=by, first=first)


def _rule_now(country: str) -> dict[str, str | int]:
    said = TaxRule.objects.filter(country=country).first()
    return _plain(FormRule(said.form, said.currency, said.above_units, said.step) if said else None)


def _plain(rule: FormRule | None) -> dict[str, str | int]:
    if rule is None:
        return {}
    return {
        "form": rule.form,
        "currency": rule.currency,
        "above_units": rule.above_units,
        "step": rule.step,
    }


def _year_now() -> list[int]:
    house = tax_policy()
    return [house.first_month, house.keep_years]
