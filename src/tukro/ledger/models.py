"""The vault's tables. Amounts are whole smallest units; debit is positive, credit is negative.

The tables, triggers and functions are written as SQL in the migrations; these models are for reading.
Nothing outside ``ledger/actions`` and the SQL functions of ``money`` writes here.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tukro.ledger.rules.seals import DayHead, SealHead, microseconds


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
        # Only what a changing balance can break is a CHECK here: PostgreSQL reads each of them again for
        # every payment. What an account is born with is checked when it is born (migration 0002).
        constraints = [
            models.UniqueConstraint(fields=["code", "owner", "ref", "currency"], name="account_once"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=F("floor")), name="account_floor"
            ),
        ]


class Transfer(models.Model):
    """One movement of money: its entries sum to zero per currency."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True)  # idempotency: same business fact, same key
    subject = models.CharField(max_length=64)
    posted_at = models.DateTimeField()
    # xact xid8 not null default pg_current_xact_id(): the one transaction that may add entries. SQL only.


class Entry(models.Model):
    """One side of a transfer, in the account's currency. Never changed, never deleted.

    There are no foreign keys: the trigger that adds the amounts to the balances checks that transfer and
    account exist, and neither can be deleted (docs/decisions/0003).
    """

    pk = models.CompositePrimaryKey("transfer_id", "account_id")
    transfer = models.ForeignKey(
        Transfer, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()  # debit positive, credit negative

    class Meta:
        indexes = [models.Index(fields=["account", "transfer"], include=["amount"], name="entry_by_account")]


class Seal(models.Model):
    """The transfers after the seal before, up to ``to_transfer``, under one root. Never changed."""

    id = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    to_transfer = models.BigIntegerField(unique=True)
    entries = models.BigIntegerField()
    leaves = models.BinaryField()  # their hashes, one after the other, by transfer and account
    root = models.BinaryField()
    previous = models.BinaryField(unique=True)  # the hash of the seal before; zeros before the first
    hash = models.BinaryField(unique=True)
    sealed_at = models.DateTimeField()

    @property
    def head(self) -> SealHead:
        return SealHead(
            number=self.id,
            to_transfer=self.to_transfer,
            entries=self.entries,
            sealed_at=microseconds(self.sealed_at),
            previous=bytes(self.previous),
            root=bytes(self.root),
        )


class Day(models.Model):
    """The seals of one day of UTC under one root, signed by the house. Never changed."""

    day = models.DateField(primary_key=True)
    first_seal = models.BigIntegerField(unique=True)
    last_seal = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    previous = models.BinaryField(unique=True)
    hash = models.BinaryField(unique=True)
    key = models.TextField()  # the public key, as kernel.signing writes it
    signature = models.BinaryField()
    signed_at = models.DateTimeField()

    @property
    def head(self) -> DayHead:
        return DayHead(
            day=self.day,
            first_seal=self.first_seal,
            last_seal=self.last_seal,
            previous=bytes(self.previous),
            root=bytes(self.root),
        )
