"""Tax forms and the operator's rules of who gives which."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from tukro.kernel.sealing import seal, unseal
from tukro.people.models import Worker

_PURPOSE = "tax form"


class TaxFormName(models.TextChoices):
    W9 = "w9"  # persons of the United States, to a payer there
    W8BEN = "w8ben"  # everyone else, to a payer there
    LOCAL = "local"  # a plain one for any authority


class TaxStep(models.TextChoices):
    """What happens to withdrawals above the limit while the form is missing."""

    ASK = "ask"  # the person is told; nothing waits
    HOLD = "hold"  # they wait until it is given


class TaxForm(models.Model):
    """One version of a person's form; the current one is replaced by none. Kept for the operator's years."""

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="tax_forms")
    form = models.CharField(max_length=10, choices=TaxFormName.choices)
    sealed = models.BinaryField()
    language = models.CharField(max_length=2)  # in which it was read and signed
    signed_at = models.DateTimeField()
    good_until = models.DateField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=TaxFormName.values), name="tax_form_known"),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(replaced_at=None), name="tax_form_one_current"
            ),
        ]

    @property
    def details(self) -> dict[str, str]:
        """In clear. Whoever shows it to anybody but its person writes that down (actions/tax.py)."""
        text = unseal(
            bytes(self.sealed), secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=self.public_id
        )
        details: dict[str, str] = json.loads(text)
        return details


def seal_form(details: dict[str, str], *, public_id: str) -> bytes:
    """Sealed and bound to its row."""
    text = json.dumps(details, ensure_ascii=False)
    return seal(text, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=public_id)


class TaxRule(models.Model):
    """Who lives in ``country`` ("": anywhere else) gives ``form`` above so much paid in a tax year."""

    country = models.CharField(max_length=2, primary_key=True)
    form = models.CharField(max_length=10, choices=TaxFormName.choices)
    currency = models.CharField(max_length=3, default="USD")
    above_units = models.BigIntegerField(default=0)  # 0: from the first withdrawal on
    step = models.CharField(max_length=4, choices=TaxStep.choices, default=TaxStep.HOLD)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=TaxFormName.values), name="tax_rule_form_known"),
            models.CheckConstraint(condition=Q(step__in=TaxStep.values), name="tax_rule_step_known"),
            models.CheckConstraint(condition=Q(above_units__gte=0), name="tax_rule_limit"),
        ]


class TaxPolicy(models.Model):
    """What holds for all rules: one row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    first_month = models.PositiveSmallIntegerField(default=1)  # of the tax year: 7 in Bangladesh, 4 in India
    keep_years = models.PositiveSmallIntegerField(default=7)  # forms that hold no more are deleted then

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="tax_policy_one_row"),
            models.CheckConstraint(condition=Q(first_month__range=(1, 12)), name="tax_policy_month"),
        ]
