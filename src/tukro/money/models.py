"""Money's own records: the operator's policy, deposits, payout methods, payouts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.kernel.sealing import seal, unseal
from tukro.people.models import Requester, Worker

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    _BigInteger = models.BigIntegerField[Money | Combinable, Money]
else:
    _BigInteger = models.BigIntegerField


class MoneyField(_BigInteger):
    """US dollars in a bigint column of micro-dollars; ``Money`` in Python."""

    def from_db_value(self, value: int | None, *_: object) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Money) else Money(int(value))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if isinstance(kwargs.get("default"), Money):  # migrations write the plain number
            kwargs["default"] = kwargs["default"].units
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        return value.units if isinstance(value, Money) else super().get_prep_value(value)


class MoneyPolicy(models.Model):
    """Fees and limits of this house: one row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    fee_basis_points = models.PositiveIntegerField(default=2000)  # of reward and bonus
    minimum_fee = MoneyField(default=Money(10_000))  # per place and per bonus
    minimum_reward = MoneyField(default=Money(10_000))
    maximum_reward = MoneyField(default=Money(1_000_000_000))
    minimum_payout = MoneyField(default=Money(10_000_000))
    payout_fee = MoneyField(default=Money(0))
    # From which reward on the house asks for which level, from level 1; 0 asks nothing. Here because whoever
    # publishes reads this row anyway.
    level_rewards = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="money_policy_one_row")]


class Deposit(models.Model):
    """Money that came in for a requester and is settled."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="deposits")
    amount = MoneyField()
    provider = models.CharField(max_length=20)  # "play" = sandbox money
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_positive")]


class PayoutKind(models.TextChoices):
    BANK = "bank"
    BKASH = "bkash"
    PAYPAL = "paypal"
    CHEQUE = "cheque"


class EarningsGoal(models.Model):
    """What a worker wants to earn; nothing: no such goal."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="+", primary_key=True)
    daily = MoneyField(default=Money.zero())
    weekly = MoneyField(default=Money.zero())


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
        ]

    @property
    def details(self) -> dict[str, str]:
        return _open_details(self.sealed_details, worker=self.worker)

    @property
    def paid_out(self) -> Money:
        """What leaves the house for the worker."""
        return self.amount - self.fee
