"""A tax form comes, and what waited for it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tukro.money.actions.holds import lift, lock_person
from tukro.money.models import HoldCode, PayoutHold
from tukro.people.models import Worker
from tukro.vetting.actions.tax import keep_form
from tukro.vetting.models import TaxForm
from tukro.vetting.queries.tax import is_good, rule_for
from tukro.vetting.rules.tax import FormName


@transaction.atomic
def give_tax_form(
    *, worker: Worker, form: FormName, details: Mapping[str, str], language: str, now: datetime
) -> TaxForm:
    """Keep the worker's signed form; withdrawals that waited for it go on. Writes TaxFormGiven.

    Refuses NotFound (no such form), BadTaxForm.
    """
    lock_person(worker)
    kept = keep_form(worker=worker, form=form, details=details, language=language, now=now)
    rule = rule_for(worker)
    if rule is None or is_good(kept, rule, now.date()):
        waiting = PayoutHold.objects.filter(worker=worker, code=HoldCode.TAX, released_at=None)
        lift(list(waiting.select_related("worker")), by=worker.actor, reason="the form was given", now=now)
    return kept
