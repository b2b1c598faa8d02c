"""Phones that are proved by a code in a text message."""

from __future__ import annotations

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from tukro.kernel.sealing import SealBroken, keyed_digest, seal, unseal
from tukro.people.rules.phones import network_of

_PHONE = "phone"


def number_digest(number: str) -> bytes:
    """The keyed hash of a number in E.164."""
    return keyed_digest(number, secret=settings.SECRET_KEY, purpose="phone number")


def line_digest(address: str) -> bytes | None:
    """The keyed hash of the line that an IP address belongs to; None when nobody knows it."""
    network = network_of(address)
    return keyed_digest(network, secret=settings.SECRET_KEY, purpose="line") if network else None


class CodeState(models.TextChoices):
    ASKED = "asked"  # waits to be sent
    SENDING = "sending"  # its provider is being spoken to
    SENT = "sent"
    UNKNOWN = "unknown"  # the provider's answer was lost: it may arrive; it is not sent again
    FAILED = "failed"
    ENTERED = "entered"
    TAKEN = "taken"  # entered, but the number belongs to another account
    REPLACED = "replaced"  # by a newer one


OPEN_CODES = (CodeState.ASKED, CodeState.SENDING, CodeState.SENT, CodeState.UNKNOWN)


class PhoneCode(models.Model):
    """One code to one number. Number and code lie sealed until the code has ended."""

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey("people.Worker", on_delete=models.CASCADE, related_name="phone_codes")
    state = models.CharField(max_length=10, choices=CodeState.choices)
    digest = models.BinaryField(max_length=32)  # of the number
    shown = models.CharField(max_length=30)  # the number, masked
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=2)
    sealed = models.BinaryField(null=True)
    code_hash = models.CharField(max_length=128)
    tries_left = models.SmallIntegerField()
    line = models.BinaryField(max_length=32, null=True)  # keyed hash of where it was asked from
    provider = models.CharField(max_length=20, default="")
    handle = models.CharField(max_length=80, default="")  # what the provider called it
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when it is sent, or asked about, next
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")  # the provider's words, for staff

    class Meta:
        indexes = [
            models.Index(fields=["digest", "asked_at"], name="phone_code_digest"),
            models.Index(fields=["line", "asked_at"], name="phone_code_line"),
            models.Index(fields=["asked_at"], name="phone_code_asked"),
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["asked", "sending", "unknown"]),
                name="phone_code_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CodeState.values), name="phone_code_state_known"),
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="phone_code_tries"),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(state__in=OPEN_CODES), name="phone_one_open_code"
            ),
        ]

    def put(self, number: str, code: str) -> None:
        """Seal number and code, bound to this row."""
        text = json.dumps({"number": number, "code": code})
        self.sealed = seal(text, secret=settings.SECRET_KEY, purpose=_PHONE, bound_to=self.public_id)

    def content(self) -> tuple[str, str] | None:
        """Number and code; None once it has ended, or when the installation's secret is another one."""
        if self.sealed is None:
            return None
        try:
            text = unseal(
                bytes(self.sealed), secret=settings.SECRET_KEY, purpose=_PHONE, bound_to=self.public_id
            )
        except SealBroken:
            return None
        said = json.loads(text)
        return said["number"], said["code"]


class ProvedPhone(models.Model):
    """A number that a worker proved; the one without ``left_at`` is theirs now.

    One number belongs to one account for good: those that were left stay here, until staff free them.
    """

    digest = models.BinaryField(max_length=32, primary_key=True)
    worker = models.ForeignKey("people.Worker", on_delete=models.CASCADE, related_name="phones")
    sealed = models.BinaryField(null=True)  # null: the account was closed
    shown = models.CharField(max_length=30)
    country = models.CharField(max_length=2)
    proved_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # when it took the place of another one
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker"], condition=Q(left_at=None), name="one_phone_now")
        ]

    def put(self, number: str) -> None:
        """Seal the number, bound to its worker."""
        bound = str(self.worker_id)
        self.sealed = seal(number, secret=settings.SECRET_KEY, purpose=_PHONE, bound_to=bound)

    @property
    def number(self) -> str | None:
        """E.164; None when it was erased, or sealed with another secret."""
        if self.sealed is None:
            return None
        try:
            return unseal(
                bytes(self.sealed),
                secret=settings.SECRET_KEY,
                purpose=_PHONE,
                bound_to=str(self.worker_id),
            )
        except SealBroken:
            return None
