"""What keeps withdrawals from going out for a while, one by one or all of a person's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.money.models.payouts import Payout
from tukro.people.models import Worker


class HoldCode(models.TextChoices):
    """Why; each has words for the person in their language (web/words/holds.py)."""

    STAFF = "staff"  # staff look closer
    OWNER = "owner"  # somebody else may be using the account
    PAPERS = "papers"  # an answer or a document is missing
    WORK = "work"  # the work is being looked into
    IDENTITY = "identity"
    TAX = "tax"  # a tax form is missing; put and lifted by the house
    SANCTIONS = "sanctions"  # the name is like one on a list; decided on the page of hits
    PROVIDER = "provider"  # the provider contradicts our books


# What staff may choose by themselves; the others come and go with their cause.
CHOSEN_BY_STAFF = (HoldCode.STAFF, HoldCode.OWNER, HoldCode.PAPERS, HoldCode.WORK, HoldCode.IDENTITY)


class PayoutHold(models.Model):
    """One reason against paying. ``payout`` null: against all withdrawals of the person.

    ``note`` is for staff, ``told`` for the person; both are as staff typed them.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="payout_holds")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="holds")
    code = models.CharField(max_length=10, choices=HoldCode.choices)
    note = models.TextField(default="")
    told = models.TextField(default="")
    held_at = models.DateTimeField()
    held_by = models.CharField(max_length=40)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=40, default="")
    release_reason = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="payout_hold_open", condition=Q(released_at=None)),
            models.Index(fields=["worker"], name="payout_hold_of_worker", condition=Q(released_at=None)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=HoldCode.values), name="payout_hold_code_known"),
            # Nothing is let go without a word on why.
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(release_reason=""), name="payout_hold_release_said"
            ),
            models.UniqueConstraint(
                fields=["worker", "code"],
                condition=Q(released_at=None, payout=None),
                name="payout_hold_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["payout", "code"],
                condition=Q(released_at=None, payout__isnull=False),
                name="payout_hold_once_per_payout",
            ),
        ]
