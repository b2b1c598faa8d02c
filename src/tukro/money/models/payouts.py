"""Where workers' money goes, and each time that it goes there."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.kernel.sealing import seal, unseal
from tukro.money.models.exchange import ExchangeRate
from tukro.money.models.fields import MoneyField
from tukro.people.models import Worker


class PayoutKind(models.TextChoices):
    BANK = "bank"
    BKASH = "bkash"
    PAYPAL = "paypal"
    CHEQUE = "cheque"


class PayoutState(models.TextChoices):
    REQUESTED = "requested"
    SENT = "sent"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_PAYOUT_DETAILS = "payout details"


def seal_details(details: dict[str, str], *, worker: Worker) -> bytes:
    """Payout details are personal: they lie in the database encrypted and bound to their worker."""
    text = json.dumps(details, ensure_ascii=False)
    return seal(text, secret=settings.SECRET_KEY, purpose=_PAYOUT_DETAILS, bound_to=worker.public_id)


def _open_details(sealed: bytes | memoryview, *, worker: Worker) -> dict[str, str]:
    text = unseal(
        bytes(sealed), secret=settings.SECRET_KEY, purpose=_PAYOUT_DETAILS, bound_to=worker.public_id
    )
    details: dict[str, str] = json.loads(text)
    return details


class PayoutMethod(models.Model):
    """Where a worker's money goes. ``details`` hold what the kind needs (money/rules.py lists it)."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="payout_methods")
    kind = models.CharField(max_length=10, choices=PayoutKind.choices)
    sealed_details = models.BinaryField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    @property
    def details(self) -> dict[str, str]:
        return _open_details(self.sealed_details, worker=self.worker)


class Payout(models.Model):
    """One withdrawal. Its details are a copy of the method's at the moment of asking."""

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="payouts")
    amount = MoneyField()  # taken from the worker's balance
    fee = MoneyField()  # of which the house keeps
    currency = models.CharField(max_length=3, default="USD")  # in which it arrives
    receives_units = models.BigIntegerField()  # what arrives, in the currency's smallest unit
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, null=True, related_name="+")  # frozen
    kind = models.CharField(max_length=10, choices=PayoutKind.choices)
    sealed_details = models.BinaryField()
    state = models.CharField(max_length=10, choices=PayoutState.choices)
    reference = models.CharField(max_length=120, default="")  # the bank's or wallet's own number
    reason = models.TextField(default="")
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="payout_queue")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            models.CheckConstraint(condition=Q(fee__gte=0, fee__lt=models.F("amount")), name="payout_fee"),
            models.CheckConstraint(
                condition=Q(
                    currency="USD", rate__isnull=True, receives_units=models.F("amount") - models.F("fee")
                )
                | (~Q(currency="USD") & Q(rate__isnull=False, receives_units__gt=0)),
                name="payout_receives",
            ),
        ]

    @property
    def details(self) -> dict[str, str]:
        return _open_details(self.sealed_details, worker=self.worker)

    @property
    def paid_out(self) -> Money:
        """What leaves the house for the worker, in dollars."""
        return self.amount - self.fee

    @property
    def receives(self) -> Money:
        """What arrives with the worker, in the currency of the payout."""
        return Money(self.receives_units, self.currency)
