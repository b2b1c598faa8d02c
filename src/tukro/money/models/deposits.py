"""What came in for requesters: deposits, what providers told of them, disputes, refunds, unmatched money."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tukro.kernel.money import Money
from tukro.money.models.exchange import ExchangeRate
from tukro.money.models.fields import MoneyField
from tukro.people.models import Requester


class DepositState(models.TextChoices):
    CREATED = "created"  # shown to the payer, nothing paid
    PENDING = "pending"  # the payer says so, or the provider is still at it
    SETTLED = "settled"
    FAILED = "failed"
    EXPIRED = "expired"


class Deposit(models.Model):
    """Money that comes in for a requester. ``amount`` arrives; it and the fee are paid, as ``asked``."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="deposits")
    amount = MoneyField()
    fee = MoneyField(default=Money.zero())
    currency = models.CharField(max_length=3, default="USD", db_default="USD")  # in which it is paid
    asked_units = models.BigIntegerField()  # what is paid, in that currency's smallest unit
    rate = models.ForeignKey(ExchangeRate, on_delete=models.PROTECT, null=True, related_name="+")  # frozen
    provider = models.CharField(max_length=20)  # "play" = sandbox money
    state = models.CharField(max_length=10, choices=DepositState.choices)
    reference = models.CharField(max_length=12, default="", db_default="")  # of a bank transfer
    provider_ref = models.CharField(max_length=120, default="", db_default="")  # session, order
    payment_ref = models.CharField(max_length=120, default="", db_default="")  # of the money itself
    pay_url = models.TextField(default="", db_default="")  # where the payer goes
    why = models.CharField(max_length=60, default="", db_default="")  # a code: why it failed or waits
    refunded = MoneyField(default=Money.zero())  # given back or on its way back
    frozen = MoneyField(default=Money.zero(), db_default=Money.zero())  # by open disputes
    disputed = MoneyField(default=Money.zero())  # by disputes that are not won: frozen or taken
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # failed or expired
    expires_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when the provider is asked next

    class Meta:
        indexes = [
            models.Index(fields=["requester", "-id"], name="deposit_by_requester"),
            models.Index(fields=["state", "-id"], name="deposit_by_state"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="deposit_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_positive"),
            models.CheckConstraint(condition=Q(fee__gte=0, asked_units__gt=0), name="deposit_asked"),
            models.CheckConstraint(
                condition=Q(currency="USD", rate__isnull=True, asked_units=F("amount") + F("fee"))
                | (~Q(currency="USD") & Q(rate__isnull=False)),
                name="deposit_rate",
            ),
            models.CheckConstraint(condition=Q(state__in=DepositState.values), name="deposit_state_known"),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (~Q(state="settled") & Q(settled_at__isnull=True)),
                name="deposit_settled",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, disputed__gte=0, refunded__lte=F("amount")),
                name="deposit_given_back",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="deposit_provider_ref",
            ),
            models.UniqueConstraint(
                fields=["provider", "payment_ref"], condition=~Q(payment_ref=""), name="deposit_payment_once"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="deposit_reference_once"
            ),
        ]

    @property
    def asked(self) -> Money:
        """What the payer pays, in the currency of the payment."""
        return Money(self.asked_units, self.currency)

    @property
    def price(self) -> Money:
        """The same in dollars."""
        return self.amount + self.fee

    @property
    def is_open(self) -> bool:
        return self.state in (DepositState.CREATED, DepositState.PENDING)

    @property
    def standing(self) -> str:
        """The state in one word, with what happened after it was settled."""
        if self.state != DepositState.SETTLED:
            return self.state
        if self.disputed:
            return "disputed" if self.frozen else "charged_back"
        if self.refunded:
            return "refunded" if self.refunded == self.amount else "refunded_in_part"
        return self.state


class ProviderNotice(models.Model):
    """A web hook that came with a good signature: each event of a provider once, however often it comes.

    It only says where to look; what is true is asked from the provider.
    """

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="notices")
    about = models.CharField(max_length=200, default="")  # the provider's id of what it is about
    times = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=40, default=""
    )  # the deposit's standing afterwards, or nothing_ours

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_notice_once"),
        ]


class DisputeState(models.TextChoices):
    FROZEN = "frozen"  # somebody asks; the provider has taken nothing yet
    TAKEN = "taken"
    LOST = "lost"
    WON = "won"


class Dispute(models.Model):
    """A payer disputes a deposit: what is unspent is frozen. When their bank takes the deposit back, for now
    or for good, it comes from the balance, the rest as a debt."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="disputes")
    provider_ref = models.CharField(max_length=120)
    amount = MoneyField()
    frozen = MoneyField(default=Money.zero(), db_default=Money.zero())  # lies in requester_disputed now
    from_balance = MoneyField(default=Money.zero())
    as_debt = MoneyField(default=Money.zero())
    state = models.CharField(max_length=10, choices=DisputeState.choices)
    why = models.CharField(max_length=200, default="")
    opened_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["deposit"], condition=Q(state="frozen"), name="dispute_asked_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "provider_ref"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, from_balance__gte=0, as_debt__gte=0)
                & (
                    Q(taken_at__isnull=False, amount=F("from_balance") + F("as_debt"))
                    | Q(taken_at__isnull=True, state__in=("frozen", "won"), from_balance=0, as_debt=0)
                ),
                name="dispute_parts",
            ),
            models.CheckConstraint(
                condition=Q(frozen__gte=0, frozen__lte=F("amount")) & (Q(state="frozen") | Q(frozen=0)),
                name="dispute_frozen",
            ),
        ]


class RefundState(models.TextChoices):
    ASKED = "asked"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Refund(models.Model):
    """Unused money on its way back to where it came from."""

    public_id = models.CharField(max_length=30, unique=True)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="refunds")
    amount = MoneyField()  # taken from the balance
    pays_units = models.BigIntegerField()  # what goes back, in the deposit's currency
    state = models.CharField(max_length=10, choices=RefundState.choices)
    provider_ref = models.CharField(max_length=120, default="")
    why = models.CharField(max_length=200, default="")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # for the first time
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="refund_due"),
            models.Index(fields=["state", "id"], name="refund_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, pays_units__gt=0), name="refund_positive"),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="refund_state_known"),
        ]

    @property
    def pays(self) -> Money:
        return Money(self.pays_units, self.deposit.currency)


class UnmatchedState(models.TextChoices):
    OPEN = "open"
    ASSIGNED = "assigned"
    RETURNED = "returned"


class UnmatchedMoney(models.Model):
    """Money that came and fits nothing that was asked for; staff find its owner or send it back."""

    public_id = models.CharField(max_length=30, unique=True)
    provider = models.CharField(max_length=20)
    payment_ref = models.CharField(max_length=120)  # the provider's or bank's own number
    currency = models.CharField(max_length=3)
    units = models.BigIntegerField()
    why = models.CharField(max_length=30)  # a code: wrong_amount, no_reference, paid_twice, risky
    payer = models.CharField(max_length=200, default="")
    memo = models.CharField(max_length=300, default="")
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="+")  # perhaps
    state = models.CharField(max_length=10, choices=UnmatchedState.choices, default=UnmatchedState.OPEN)
    assigned = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, related_name="+")
    arrived_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, default="")
    reason = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="unmatched_queue")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "payment_ref"], name="unmatched_once"),
            models.CheckConstraint(condition=Q(units__gt=0), name="unmatched_positive"),
            models.CheckConstraint(condition=Q(state__in=UnmatchedState.values), name="unmatched_state"),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.units, self.currency)
