"""Checks of who a person is: by a provider, or by staff who look at photos of a document."""

from __future__ import annotations

import base64

from django.conf import settings
from django.db import models
from django.db.models import Q

from tukro.kernel.sealing import seal, unseal
from tukro.people.models import Worker

_PHOTO = "identity photo"


class CheckMoment(models.TextChoices):
    """When a person proves who they are."""

    NEVER = "never"
    FIRST = "first"  # before the first withdrawal
    ABOVE = "above"  # above so much paid in a tax year


class CheckState(models.TextChoices):
    STARTED = "started"  # the person has not finished
    WAITING = "waiting"  # the provider or staff have yet to say
    VERIFIED = "verified"
    REFUSED = "refused"  # they may try again


class IdentityPolicy(models.Model):
    """One row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    moment = models.CharField(max_length=5, choices=CheckMoment.choices, default=CheckMoment.NEVER)
    above_units = models.BigIntegerField(default=0)  # micro-dollars, of ``above``
    provider = models.CharField(max_length=20, default="manual")
    photo_days = models.PositiveSmallIntegerField(default=30)  # photos nobody decided on go after so many

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="identity_policy_one_row"),
            models.CheckConstraint(condition=Q(moment__in=CheckMoment.values), name="identity_policy_moment"),
        ]


class IdentityCheck(models.Model):
    """One try. ``reference`` is the provider's id of it; ``why`` is what a refused person reads."""

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="identity_checks")
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=CheckState.choices)
    reference = models.CharField(max_length=120, default="", db_index=True)
    url = models.URLField(max_length=600, default="")
    why = models.CharField(max_length=300, default="")
    started_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    forget_at = models.DateTimeField(null=True)  # when the provider is asked to forget what it collected

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="identity_check_queue"),
            models.Index(
                fields=["forget_at"], condition=Q(forget_at__isnull=False), name="identity_check_forget"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CheckState.values), name="identity_state_known"),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(state__in=["started", "waiting"]), name="identity_one_open"
            ),
        ]


class IdentityPhoto(models.Model):
    """A photo of a document, sealed in a file of its own; row and file go with the decision."""

    public_id = models.CharField(max_length=30, unique=True)
    of = models.ForeignKey(IdentityCheck, on_delete=models.CASCADE, related_name="photos")
    media_type = models.CharField(max_length=40)

    @property
    def path(self) -> str:
        return f"identity/{self.public_id}"

    def keep(self, content: bytes) -> None:
        target = settings.FILES_ROOT / self.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = base64.b64encode(content).decode()
        target.write_bytes(seal(text, secret=settings.SECRET_KEY, purpose=_PHOTO, bound_to=self.public_id))
        target.chmod(0o600)

    def content(self) -> bytes:
        """In clear. Whoever shows it writes that down (actions/identity.py)."""
        sealed = (settings.FILES_ROOT / self.path).read_bytes()
        text = unseal(sealed, secret=settings.SECRET_KEY, purpose=_PHOTO, bound_to=self.public_id)
        return base64.b64decode(text)
