"""Reading tax forms and rules."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db.models import QuerySet

from tukro.people.models import Worker
from tukro.people.queries import contact_of
from tukro.vetting.models import TaxForm, TaxPolicy, TaxRule
from tukro.vetting.rules.tax import year_of


def tax_policy() -> TaxPolicy:
    return TaxPolicy.objects.filter(id=1).first() or TaxPolicy()


def tax_rules() -> list[TaxRule]:
    """By country; the one for everybody else comes last."""
    return sorted(TaxRule.objects.all(), key=lambda rule: (rule.country == "", rule.country))


def rule_for(worker: Worker) -> TaxRule | None:
    """The rule of where the worker lives, as they last said; else the one for everybody else."""
    contact = contact_of(worker.user)
    country = contact.country if contact else worker.country
    found = {rule.country: rule for rule in TaxRule.objects.filter(country__in=[country, ""])}
    return found.get(country) or found.get("")


def current_form(worker: Worker) -> TaxForm | None:
    return TaxForm.objects.filter(worker=worker, replaced_at=None).first()


def is_good(form: TaxForm | None, rule: TaxRule, today: date) -> bool:
    """Whether it is the form that the rule asks, and still holds."""
    if form is None or form.form != rule.form:
        return False
    return form.good_until is None or form.good_until >= today


def forms_of(worker: Worker) -> QuerySet[TaxForm]:
    """Every version, the newest first."""
    return TaxForm.objects.filter(worker=worker).order_by("-id")


def tax_year(now: datetime, first_month: int) -> int:
    """The tax year of this moment, on the clock of UTC as the ledger's days are."""
    return year_of(now.astimezone(UTC).date(), first_month=first_month)


def year_bounds(year: int, first_month: int) -> tuple[datetime, datetime]:
    """The first moment of a tax year, and the first one after it."""
    return (
        datetime(year, first_month, 1, tzinfo=UTC),
        datetime(year + 1, first_month, 1, tzinfo=UTC),
    )
