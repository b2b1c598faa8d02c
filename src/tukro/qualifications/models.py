"""Who may take which task: qualification types, what workers hold, requirement sets, blocks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tukro.people.models import Requester, Worker


class QualificationType(models.Model):
    """A fact about workers that a requester (or the house, ``requester`` null) defines and grants."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(
        Requester, on_delete=models.PROTECT, null=True, related_name="qualification_types"
    )
    name = models.CharField(max_length=200)
    description = models.TextField(default="")
    created_at = models.DateTimeField()


class Qualification(models.Model):
    """A worker's value of one type; one row per worker and type."""

    type = models.ForeignKey(QualificationType, on_delete=models.PROTECT, related_name="qualifications")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="qualifications")
    value = models.IntegerField(null=True)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "type"], name="qualification_once")]


class RequirementSet(models.Model):
    """Requirements in canonical form, shared by every task type that asks the same. Row 1 asks nothing."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    requirements = models.JSONField()  # list of rules.Requirement as plain data, sorted

    def __str__(self) -> str:
        return f"requirement set {self.pk}"


class Eligibility(models.Model):
    """Which requirement sets a worker satisfies: computed once per change of the worker's facts.

    ``sets_seen`` is the highest set id that was judged; newer sets are judged when the worker next looks.
    """

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, primary_key=True, related_name="eligibility"
    )
    set_ids = ArrayField(models.BigIntegerField(), default=list)
    sets_seen = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField()


class Standing(models.Model):
    """A worker's record as counts; ``work`` pushes it down (system qualifications read it)."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    submitted = models.IntegerField(default=0)
    approved = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    abandoned = models.IntegerField(default=0)
    updated_at = models.DateTimeField()


class Block(models.Model):
    """A requester does not want this worker. A row with who, why and when."""

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="blocks")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="blocks")
    reason = models.TextField()
    blocked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "requester"], name="block_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="block_has_reason"),
        ]
