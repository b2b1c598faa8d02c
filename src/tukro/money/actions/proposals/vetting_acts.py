"""Changes of what the law asks (tax forms, lists of sanctioned people) as acts of two persons.

The verbs are vetting's, which knows nothing of two persons: each refuses for itself first, and what it wrote
is undone when a second person is needed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.money.actions.books.booking_moves import lock_house
from tukro.money.actions.law.screening import decide_hit
from tukro.money.actions.proposals.acts import Act
from tukro.money.actions.proposals.rule_acts import ChangedMeanwhile
from tukro.money.actions.two_persons import check_rules
from tukro.vetting.actions.sanctions import change_likeness, take_list
from tukro.vetting.actions.tax import change_tax_policy, drop_rule, set_rule
from tukro.vetting.models import SanctionsHit, SanctionsList, TaxRule
from tukro.vetting.queries.sanctions import current_list, sanctions_policy
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


@dataclass(frozen=True, slots=True)
class TakeList(Act):
    """A list of sanctioned people that was read takes the place of its source's, of ``before`` people."""

    kind = "sanctions_list"
    listed: str
    source: str
    people: int
    before: int
    digest: str  # SHA-256 of the file, so that a colleague can compare it with the publisher's

    @classmethod
    def of(cls, read: SanctionsList) -> TakeList:
        return cls(read.public_id, read.source, read.people, _people_now(read.source), read.file_digest)

    @property
    def about(self) -> str:
        return f"sanctions_list:{hashlib.sha256(self.source.encode()).hexdigest()[:32]}"

    @transaction.atomic
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        lock_house()
        current = current_list(self.source)
        if current is not None and current.public_id == self.listed:
            return
        if _people_now(self.source) != self.before:
            raise ChangedMeanwhile
        take_list(by=by, list_id=self.listed, now=now)
        check_rules(by=by, first=first)


@dataclass(frozen=True, slots=True)
class DecideHit(Act):
    """Whether a person is the listed one. To clear somebody takes two; to keep holding them takes one.

    ``person``: ``worker:ID`` or ``requester:ID``.
    """

    kind = "sanctions_hit"
    hit: str
    person: str
    listed: str
    verdict: Literal["cleared", "confirmed"]
    note: str

    @classmethod
    def of(cls, hit_id: str, verdict: Literal["cleared", "confirmed"], note: str) -> DecideHit:
        """Refuses NotFound."""
        found = SanctionsHit.objects.select_related("worker", "requester").filter(public_id=hit_id).first()
        if found is None:
            raise NotFound(hit=hit_id)
        person = f"{'worker' if found.worker else 'requester'}:{found.person.public_id}"
        return cls(hit_id, person, f"{found.source}, {found.ref}: {found.listed}", verdict, note.strip())

    @transaction.atomic
    def do(self, *, by: Actor, first: Actor | None, now: datetime) -> None:
        lock_house()
        was = SanctionsHit.objects.filter(public_id=self.hit).values_list("state", "note").first()
        hit = decide_hit(by=by, hit_id=self.hit, verdict=self.verdict, note=self.note, now=now)
        if self.verdict == "cleared" and was != (hit.state, hit.note):
            check_rules(by=by, first=first)


def _people_now(source: str) -> int:
    current = current_list(source)
    return current.people if current else 0


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
