"""Addresses that are proved by a letter with a PIN."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q

from tukro.kernel.sealing import SealBroken, keyed_digest, seal, unseal

_LETTER = "address letter"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter goes, as it is printed. ``country``: two letters."""

    full_name: str
    address: str
    postal_code: str
    city: str
    country: str

    @property
    def digest(self) -> str:
        """Tells whether two places are the same without saying which: case and spaces do not count."""
        said = (self.full_name, self.address, self.postal_code, self.city, self.country)
        text = "\n".join(" ".join(part.casefold().split()) for part in said)
        return keyed_digest(text, secret=settings.SECRET_KEY, purpose=_LETTER).hex()


class LetterState(models.TextChoices):
    ASKED = "asked"
    SENDING = "sending"  # goes to a letter service
    UNKNOWN = "unknown"  # the service's answer was lost
    HANDED = "handed"  # the service has it
    PRINTED = "printed"
    POSTED = "posted"
    RETURNED = "returned"  # the post brought it back
    ENTERED = "entered"
    REPLACED = "replaced"  # by a newer one; its PIN is void
    CANCELLED = "cancelled"


LETTERS_UNDER_WAY = (
    LetterState.ASKED,
    LetterState.SENDING,
    LetterState.UNKNOWN,
    LetterState.HANDED,
    LetterState.PRINTED,
    LetterState.POSTED,
)


class LetterRun(models.Model):
    """Letters that were printed together: one PDF, posted together."""

    public_id = models.CharField(max_length=30, unique=True)
    printed_at = models.DateTimeField()
    printed_by = models.CharField(max_length=40)
    posted_at = models.DateTimeField(null=True)


class AddressLetter(models.Model):
    """One letter. Address and PIN lie sealed, for the printer; both go when the letter is posted.

    What is typed is compared with ``pin_hash``; ``place`` says for which address it speaks.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey("people.Worker", on_delete=models.CASCADE, related_name="letters")
    run = models.ForeignKey(LetterRun, null=True, on_delete=models.PROTECT, related_name="letters")
    state = models.CharField(max_length=10, choices=LetterState.choices)
    place = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    sealed = models.BinaryField(null=True)
    pin_hash = models.CharField(max_length=128)
    tries_left = models.SmallIntegerField()
    asked_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # since it is posted
    ended_at = models.DateTimeField(null=True)  # entered, returned, replaced or cancelled
    reason = models.CharField(max_length=200, default="")  # why the post brought it back
    # At a letter service: which, what it calls the letter, and when it is spoken to next.
    provider = models.CharField(max_length=20, default="", db_default="")
    handle = models.CharField(max_length=60, default="", db_default="")
    attempts = models.SmallIntegerField(default=0, db_default=0)
    claimed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="letter_queue"),
            models.Index(fields=["next_at"], condition=~Q(provider=""), name="letter_due"),
            models.Index(fields=["handle"], condition=~Q(handle=""), name="letter_handle"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(condition=Q(tries_left__gte=0), name="letter_tries"),
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(state__in=LETTERS_UNDER_WAY),
                name="letter_one_on_its_way",
            ),
        ]

    def put(self, place: Place, pin: str) -> None:
        """Seal what the printer needs, bound to this letter."""
        said = {name: getattr(place, name) for name in Place.__slots__} | {"pin": pin}
        text = json.dumps(said, ensure_ascii=False)
        self.sealed = seal(text, secret=settings.SECRET_KEY, purpose=_LETTER, bound_to=self.public_id)

    def content(self) -> tuple[Place, str] | None:
        """Address and PIN; None once it is posted, or when the installation's secret is another one."""
        if self.sealed is None:
            return None
        try:
            text = unseal(
                bytes(self.sealed), secret=settings.SECRET_KEY, purpose=_LETTER, bound_to=self.public_id
            )
        except SealBroken:
            return None
        said = json.loads(text)
        pin = str(said.pop("pin"))
        return Place(**said), pin


class ProvedAddress(models.Model):
    """Where a worker proved to be reached, and how: ``letter``, or ``house`` when staff vouch for it."""

    worker = models.OneToOneField(
        "people.Worker", on_delete=models.CASCADE, related_name="proved_address", primary_key=True
    )
    place = models.CharField(max_length=64)  # '' = wherever it is: the house vouches for the person
    how = models.CharField(max_length=10)
    proved_at = models.DateTimeField()

    class Meta:
        constraints = [
            # One person, one account (S1-30): a household shares its address, but not the name.
            models.UniqueConstraint(fields=["place"], condition=~Q(place=""), name="proved_place_once")
        ]
