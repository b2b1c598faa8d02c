"""Where workers' money goes, and each time that it goes there."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tukro.kernel.money import Money
from tukro.kernel.sealing import seal, unseal
from tukro.money.models.exchange import ExchangeRate
from tukro.money.models.fields import MoneyField
from tukro.money.rules import PAYOUT_KINDS
from tukro.people.models import Worker

_KINDS = [(kind, kind.title()) for kind in PAYOUT_KINDS]


class PayoutState(models.TextChoices):
    REQUESTED = "requested"
    HELD = "held"
    APPROVED = "approved"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_PAYOUT_DETAILS = "payout details"
_CLAIM_CODE = "gift card code"


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


def seal_code(code: str, *, payout_id: str) -> bytes:
    """A gift card's code is as good as money: it lies encrypted and bound to its payout."""
    return seal(code, secret=settings.SECRET_KEY, purpose=_CLAIM_CODE, bound_to=payout_id)


class PayoutMethod(models.Model):
    """Where a worker's money goes. ``details`` hold what the kind needs (money/rules/methods.py lists it).

    It may be used once its worker confirmed it by mail and ``usable_from`` has passed.
    """

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="payout_methods")
    kind = models.CharField(max_length=10, choices=_KINDS)
    sealed_details = models.BinaryField()
    digest = models.BinaryField(max_length=32, null=True)  # of the identity behind it
    added_at = models.DateTimeField()
    asked_at = models.DateTimeField()  # when a mail last asked to confirm it
    confirmed_at = models.DateTimeField(null=True)
    usable_from = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="payout_method_digest")]

    @property
    def details(self) -> dict[str, str]:
        return _open_details(self.sealed_details, worker=self.worker)


class PayoutIdentity(models.Model):
    """One account at a bank, wallet or service belongs to one worker: by a keyed hash, never in clear."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()


class PayoutTerms(models.Model):
    """What the operator says of one kind of payout. No row: the defaults; empty: as for all kinds."""

    kind = models.CharField(max_length=10, choices=_KINDS, primary_key=True)
    offered = models.BooleanField(default=True)
    minimum = models.BigIntegerField(null=True)  # micro-dollars, as the next three
    maximum = models.BigIntegerField(null=True)
    daily_maximum = models.BigIntegerField(null=True)
    fee = models.BigIntegerField(null=True)
    approved_up_to = MoneyField(default=Money(0))  # what is asked for up to here needs no person's approval

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PAYOUT_KINDS)), name="payout_terms_kind_known")
        ]


class PayoutBatch(models.Model):
    """Payouts of one kind that go to a bank or wallet together, in one file."""

    public_id = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=_KINDS)
    layout = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    reference = models.CharField(max_length=120, default="")
    handed_over_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)


class Payout(models.Model):
    """One withdrawal. Its details are a copy of the method's at the moment of asking.

    ``public_id`` is also the key under which a provider gets it, each time: no provider pays a key twice.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="payouts")
    amount = MoneyField()  # taken from the worker's balance
    fee = MoneyField()  # of which the house keeps
    tax = MoneyField(default=Money.zero(), db_default=Money.zero())  # of which a tax authority gets
    tax_country = models.CharField(max_length=2, default="", db_default="")  # whose
    currency = models.CharField(max_length=3, default="USD")  # in which it arrives
    receives_units = models.BigIntegerField()  # what arrives, in the currency's smallest unit
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, null=True, related_name="+")  # frozen
    kind = models.CharField(max_length=10, choices=_KINDS)
    sealed_details = models.BinaryField()
    digest = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=10, choices=PayoutState.choices)
    reference = models.CharField(max_length=120, default="")  # the bank's or wallet's own number
    reason = models.TextField(default="")
    hold_reason = models.TextField(default="", db_default="")  # for staff
    approved_by = models.CharField(max_length=40, default="", db_default="")
    # Who sends it: a provider's name, "file", or nothing while it is done by hand.
    provider = models.CharField(max_length=20, default="", db_default="")
    handle = models.CharField(max_length=200, default="", db_default="")  # the provider's own id
    said = models.CharField(max_length=300, default="", db_default="")  # the provider's last words, for staff
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    asks = models.PositiveIntegerField(default=0, db_default=0)
    batch = models.ForeignKey(PayoutBatch, null=True, on_delete=models.PROTECT, related_name="payouts")
    sealed_code = models.BinaryField(null=True)  # of a gift card; erased a day after it was seen
    code_ends = models.CharField(max_length=4, default="", db_default="")  # enough to recognise the code
    code_shown_at = models.DateTimeField(null=True)  # the first time, since it was fetched
    requested_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)  # a try that could not succeed is made again then
    claimed_at = models.DateTimeField(null=True)
    ask_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="payout_queue"),
            models.Index(fields=["worker", "-id"], name="payout_of_worker"),
            models.Index(fields=["ask_after"], name="payout_to_ask", condition=Q(ask_after__isnull=False)),
            models.Index(fields=["digest"], name="payout_digest"),
            models.Index(
                fields=["code_shown_at"], name="payout_code_seen", condition=Q(sealed_code__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            models.CheckConstraint(
                condition=Q(fee__gte=0, tax__gte=0, fee__lt=F("amount") - F("tax")), name="payout_fee"
            ),
            models.CheckConstraint(
                condition=Q(tax=0, tax_country="") | (Q(tax__gt=0) & ~Q(tax_country="")),
                name="payout_tax_has_authority",
            ),
            models.CheckConstraint(
                condition=Q(
                    currency="USD", rate__isnull=True, receives_units=F("amount") - F("fee") - F("tax")
                )
                | (~Q(currency="USD") & Q(rate__isnull=False, receives_units__gt=0)),
                name="payout_receives",
            ),
            # What is being sent, somebody sends; what is unknown can be asked about.
            models.CheckConstraint(
                condition=~Q(state__in=("sending", "unknown"))
                | (~Q(provider="") & Q(claimed_at__isnull=False)),
                name="payout_sender_known",
            ),
        ]

    @property
    def details(self) -> dict[str, str]:
        return _open_details(self.sealed_details, worker=self.worker)

    @property
    def code(self) -> str:
        """A gift card's claim code. Whoever opens it writes that down (actions/paying_out/codes.py)."""
        assert self.sealed_code is not None
        return unseal(
            bytes(self.sealed_code),
            secret=settings.SECRET_KEY,
            purpose=_CLAIM_CODE,
            bound_to=self.public_id,
        )

    @property
    def code_is_gone(self) -> bool:
        """It was seen and erased; whoever made the card can be asked for it."""
        arrived_by_provider = self.state == PayoutState.SETTLED and bool(self.provider)
        return arrived_by_provider and self.code_shown_at is not None and self.sealed_code is None

    @property
    def wants_code(self) -> bool:
        """A card has arrived, and its code is not here though its worker has yet to see it."""
        is_card = self.kind == "amazon" and bool(self.provider)
        return (
            is_card
            and self.state == PayoutState.SETTLED
            and self.sealed_code is None
            and self.code_shown_at is None
        )

    @property
    def paid_out(self) -> Money:
        """What leaves the house for the worker, in dollars."""
        return self.amount - self.fee - self.tax

    @property
    def receives(self) -> Money:
        """What arrives with the worker, in the currency of the payout."""
        return Money(self.receives_units, self.currency)


class PayoutSchedule(models.Model):
    """A worker's standing wish: every so many days, all that is above the minimum."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="+", primary_key=True)
    method = models.ForeignKey(PayoutMethod, on_delete=models.CASCADE, related_name="+")
    every_days = models.PositiveSmallIntegerField()
    next_at = models.DateTimeField(db_index=True)
    # The refusal that left out the last turn for which there was enough; empty: it was not left out.
    left_out_for = models.CharField(max_length=40, default="", db_default="")


class PayoutSignal(models.Model):
    """Something about payouts that staff must look at."""

    class Kind(models.TextChoices):
        SHARED_IDENTITY = "identity"  # ``worker`` gave an account that belongs to ``other``
        CONTRADICTION = "contradiction"  # the provider says paid; here the money went back to the worker
        NOBODY = "nobody"  # it came back after its worker had closed the account

    kind = models.CharField(max_length=20, choices=Kind.choices)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Worker, null=True, on_delete=models.CASCADE, related_name="+")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [models.Index(fields=["settled_at", "-id"], name="payout_signals")]
