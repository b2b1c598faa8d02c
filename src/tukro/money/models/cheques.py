"""Cheques that pay withdrawals: one sheet of paper each, known by the number printed on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.money.models.payouts import Payout, PayoutState


class ChequeState(models.TextChoices):
    PRINTED = "printed"  # not posted yet
    POSTED = "posted"
    CASHED = "cashed"
    RETURNED = "returned"
    VOID = "void"


class Cheque(models.Model):
    """A payout has one living cheque at most; a void one stays, so that every number is accounted for.

    Whether it was cashed or came back is the payout's state: it is written down in one place.
    """

    number = models.CharField(max_length=12, unique=True)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="cheques")
    printed_at = models.DateTimeField()
    printed_by = models.CharField(max_length=40)
    posted_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{1,12}$"), name="cheque_number"),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(voided_at__isnull=True), name="cheque_one_lives"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="cheque_void_says_why"
            ),
        ]

    @property
    def state(self) -> ChequeState:
        if self.voided_at is not None:
            return ChequeState.VOID
        if self.payout.state == PayoutState.SETTLED:
            return ChequeState.CASHED
        if self.payout.state in (PayoutState.RETURNED, PayoutState.FAILED):
            return ChequeState.RETURNED
        return ChequeState.PRINTED if self.posted_at is None else ChequeState.POSTED
