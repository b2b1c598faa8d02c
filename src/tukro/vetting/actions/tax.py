"""Keeping tax forms, opening them for staff, the operator's rules. What waits for a form is money's part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.journal.queries import history
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.kernel.money import SCALES
from tukro.people.models import Worker
from tukro.vetting.models import TaxForm, TaxFormName, TaxPolicy, TaxRule, TaxStep
from tukro.vetting.models.tax import seal_form
from tukro.vetting.rules.tax import FormName, TaxProblem, check_tax_form, good_until


class BadTaxForm(Refused):
    """Something in the form cannot be right. Facts: ``problems`` (list of rules.tax.TaxProblem)."""


class LookNeedsReason(WordsMissing):
    """What is sealed is opened with a reason, which is kept."""


class BadTaxRule(Refused):
    """A rule that contradicts itself. Facts: ``fields``, the names of those at fault."""


def keep_form(
    *, worker: Worker, form: FormName, details: Mapping[str, str], language: str, now: datetime
) -> TaxForm:
    """Keep a signed form, sealed; the one before is history. Inside the transaction of the caller.

    The same form with the same answers again is the one that is there. Writes TaxFormGiven, without answers.
    Refuses NotFound (no such form), BadTaxForm.
    """
    if form not in TaxFormName.values:
        raise NotFound(form=form)
    problems: list[TaxProblem]
    clean, problems = check_tax_form(form, details, today=now.date())
    if problems:
        raise BadTaxForm(problems=problems)
    earlier = TaxForm.objects.select_for_update().filter(worker=worker, replaced_at=None).first()
    until = good_until(form, now.date())
    if earlier and (earlier.form, earlier.good_until) == (form, until) and earlier.details == clean:
        return earlier
    if earlier:
        earlier.replaced_at = now
        earlier.save(update_fields=["replaced_at"])
    public_id = new_id()
    made = TaxForm.objects.create(
        public_id=public_id,
        worker=worker,
        form=form,
        sealed=seal_form(clean, public_id=public_id),
        language=language,
        signed_at=now,
        good_until=until,
    )
    facts = {"form": form, "good_until": str(until or "")}
    record(name="TaxFormGiven", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return made


def ask_for_form(worker: Worker, form: str, *, since: datetime, now: datetime) -> None:
    """Tell the person, once in a tax year, that the form is missing. Writes TaxFormAsked.

    Inside the transaction of the caller.
    """
    if not history(worker.public_id).filter(name="TaxFormAsked", at__gte=since).exists():
        record(name="TaxFormAsked", actor=HOUSE, subject=worker.public_id, at=now, facts={"form": form})


@transaction.atomic
def open_form(*, by: Actor, form_id: str, reason: str, now: datetime) -> dict[str, str]:
    """The answers in clear, for staff who say why. Writes TaxFormOpened.

    Refuses NotFound, LookNeedsReason.
    """
    if not reason.strip():
        raise LookNeedsReason
    form = TaxForm.objects.select_related("worker").filter(public_id=form_id).first()
    if form is None:
        raise NotFound(form=form_id)
    record(
        name="TaxFormOpened",
        actor=by,
        subject=form.worker.public_id,
        at=now,
        facts={"form": form.public_id, "reason": reason.strip()},
    )
    return form.details


@transaction.atomic
def set_rule(
    *, by: Actor, country: str, form: str, currency: str, above_units: int, step: str, now: datetime
) -> None:
    """Ask a form of who lives in ``country``; "": of everybody else. Writes TaxRuleSet.

    Refuses BadTaxRule.
    """
    good = {
        "country": country == "" or (len(country) == 2 and country.isascii() and country.isupper()),
        "form": form in TaxFormName.values,
        "currency": currency in SCALES,
        "above": above_units >= 0,
        "step": step in TaxStep.values,
    }
    if faults := [field for field, holds in good.items() if not holds]:
        raise BadTaxRule(fields=faults)
    asked = {"form": form, "currency": currency, "above_units": above_units, "step": step}
    if TaxRule.objects.filter(country=country, **asked).exists():
        return
    TaxRule.objects.update_or_create(country=country, defaults=asked)
    record(name="TaxRuleSet", actor=by, subject=f"tax_rule:{country or 'others'}", at=now, facts=asked)


@transaction.atomic
def drop_rule(*, by: Actor, country: str, now: datetime) -> None:
    """Ask no form there any more. Twice is once. Writes TaxRuleDropped."""
    if TaxRule.objects.filter(country=country).delete()[0]:
        record(name="TaxRuleDropped", actor=by, subject=f"tax_rule:{country or 'others'}", at=now)


@transaction.atomic
def change_tax_policy(*, by: Actor, first_month: int, keep_years: int, now: datetime) -> None:
    """When the tax year begins, and how long old forms are kept. Writes TaxPolicyChanged.

    Refuses BadTaxRule.
    """
    if not 1 <= first_month <= 12 or not 1 <= keep_years <= 30:
        raise BadTaxRule(fields=["first_month" if not 1 <= first_month <= 12 else "keep_years"])
    asked = {"first_month": first_month, "keep_years": keep_years}
    TaxPolicy.objects.update_or_create(id=1, defaults=asked)
    record(name="TaxPolicyChanged", actor=by, subject="tax_policy", at=now, facts=asked)


def end_forms(worker: Worker, *, now: datetime) -> None:
    """The person leaves: what they were paid under stays sealed for the operator's years, as the law asks."""
    TaxForm.objects.filter(worker=worker, replaced_at=None).update(replaced_at=now)


def delete_old_forms(*, today: date, keep_years: int) -> int:
    """Delete forms that were replaced, or ran out, so many years ago; answers how many."""
    before = date(today.year - keep_years, 1, 1)
    old = TaxForm.objects.filter(replaced_at__date__lt=before)
    over = TaxForm.objects.filter(good_until__lt=before)
    return old.delete()[0] + over.delete()[0]
