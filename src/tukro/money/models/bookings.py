"""What the house books about its own money: between places, with its owner, with what providers keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money


class BookingKind(models.TextChoices):
    """The names are those of the ledger's transfers."""

    PROVIDER_COST = "provider_cost"  # a provider kept it; below zero: it gave some back
    SETTLEMENT = "settlement"  # a provider handed over what it had for us
    CAPITAL_IN = "capital_in"  # the operator puts own money in
    CAPITAL_OUT = "capital_out"  # and takes out what is not owed to anybody
    CURRENCY_BOUGHT = "currency_bought"
    EXCHANGE_RESULT = "exchange_result"  # what exchanging won or lost
    TAX_REMITTED = "tax_remitted"  # what was withheld goes to the authority
    LOSS = "loss"  # money that is gone


class Booking(models.Model):
    """One booking, never changed but once: reversed. Its transfers have its id as their subject.

    ``units`` of ``currency`` left ``place``; or they came to it (capital put in), or were won in exchanging.
    ``got_units`` of ``got_currency`` came to ``to_place``.
    """

    public_id = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=20, choices=BookingKind.choices)
    place = models.CharField(max_length=80, default="")  # a rail of the account ``outside``
    currency = models.CharField(max_length=3)
    units = models.BigIntegerField()
    to_place = models.CharField(max_length=80, default="")
    got_currency = models.CharField(max_length=3, default="")
    got_units = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=120, default="")  # the bank's or provider's own number
    reason = models.CharField(max_length=300, default="")
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=40)
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=40, default="")
    reversed_why = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BookingKind.values), name="booking_kind_known"),
            # The same line of the same statement is booked once.
            models.UniqueConstraint(
                fields=["kind", "place", "reference"],
                condition=Q(reversed_at=None) & ~Q(reference=""),
                name="booking_reference_once",
            ),
        ]

    @property
    def amount(self) -> Money:
        return Money(self.units, self.currency)

    @property
    def got(self) -> Money | None:
        return Money(self.got_units, self.got_currency) if self.got_currency else None
