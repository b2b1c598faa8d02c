"""The vault's tables. Amounts are whole smallest units; debit is positive, credit is negative.

The tables, triggers and functions are made by SQL in the migrations (the models are unmanaged there
only where Django cannot say it); nothing outside ``ledger/actions.py`` writes here.
"""

from __future__ import annotations

from django.db import models


class Account(models.Model):
    """A place where money can be. ``code`` says what kind (docs/money.md lists them)."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=30)
    owner = models.CharField(max_length=64, default="")  # public id of a person, "" for the house
    ref = models.CharField(max_length=80, default="")  # public id of a thing, "" for none
    currency = models.CharField(max_length=3)
    normal = models.CharField(max_length=1)  # D or C: the side on which the balance grows
    floor = models.BigIntegerField(null=True)  # the balance may not go below
    cached = models.BooleanField()  # balance kept on the row; false = summed when asked
    balance = models.BigIntegerField(default=0)  # in the normal direction; always 0 when not cached
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "owner", "ref", "currency"], name="account_once"),
        ]


class Transfer(models.Model):
    """One movement of money: at least two entries that sum to zero per currency."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True)  # idempotency: same business fact, same key
    digest = models.BinaryField()  # of the input; same key with other input is refused
    subject = models.CharField(max_length=64)
    posted_at = models.DateTimeField()
    # xact xid8: the transaction that may still add entries (SQL).

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="transfer_by_subject")]


class Entry(models.Model):
    """One side of a transfer. Never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="entry_by_account")]
