"""Lists of sanctioned people and firms, who was compared with them, and what was found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from tukro.people.models import Requester, Worker


class SanctionsList(models.Model):
    """One file that was read. From when it is taken people are compared with it; a newer one replaces it."""

    public_id = models.CharField(max_length=30, unique=True)
    source = models.CharField(max_length=40)  # as the operator calls it: OFAC SDN
    file_digest = models.CharField(max_length=64)
    people = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=40)
    taken_at = models.DateTimeField(null=True)  # null: only read; a second person may have to agree
    taken_by = models.CharField(max_length=40, default="", db_default="")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(replaced_at=None, taken_at__isnull=False),
                name="sanctions_list_one_current",
            )
        ]


class SanctionsName(models.Model):
    """One name of one person or firm of a current list; ``keys`` find it (rules/names.py)."""

    of = models.ForeignKey(SanctionsList, on_delete=models.CASCADE, related_name="names")
    ref = models.CharField(max_length=40)  # of the person, in the list
    firm = models.BooleanField(default=False, db_default=False)  # only requesters are compared with these
    name = models.CharField(max_length=350)
    keys = ArrayField(models.CharField(max_length=40))
    birth_years = ArrayField(models.SmallIntegerField(), default=list)
    countries = ArrayField(models.CharField(max_length=100), default=list)
    about = models.TextField(default="")

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="sanctions_name_keys")]


class Screening(models.Model):
    """When a worker was last compared with all current lists."""

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, related_name="screening", primary_key=True
    )
    at = models.DateTimeField(db_index=True)


class RequesterScreening(models.Model):
    """When a requester was last compared with all current lists."""

    requester = models.OneToOneField(
        Requester, on_delete=models.CASCADE, related_name="screening", primary_key=True
    )
    at = models.DateTimeField(db_index=True)


class HitState(models.TextChoices):
    OPEN = "open"
    CLEARED = "cleared"  # somebody else
    CONFIRMED = "confirmed"


class SanctionsHit(models.Model):
    """The name of a worker or of a requester is like one of a list. ``digest`` tells the same pair of names,
    so that what was cleared does not come again with each new file."""

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="sanctions_hits")
    requester = models.ForeignKey(
        Requester, null=True, on_delete=models.PROTECT, related_name="sanctions_hits"
    )
    source = models.CharField(max_length=40)
    ref = models.CharField(max_length=40)
    listed = models.CharField(max_length=350)
    birth_years = ArrayField(models.SmallIntegerField(), default=list)
    countries = ArrayField(models.CharField(max_length=100), default=list)
    about = models.TextField(default="")
    likeness = models.PositiveSmallIntegerField()  # percent
    digest = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HitState.choices, default=HitState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    note = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="sanctions_hit_queue")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HitState.values), name="sanctions_hit_state_known"),
            # Nobody is cleared or confirmed without a word.
            models.CheckConstraint(condition=Q(state="open") | ~Q(note=""), name="sanctions_hit_noted"),
            models.UniqueConstraint(fields=["worker", "source", "ref", "digest"], name="sanctions_hit_once"),
            models.UniqueConstraint(
                fields=["requester", "source", "ref", "digest"], name="sanctions_hit_once_requester"
            ),
            models.CheckConstraint(
                condition=Q(worker__isnull=False, requester__isnull=True)
                | Q(worker__isnull=True, requester__isnull=False),
                name="sanctions_hit_of_one",
            ),
        ]

    @property
    def person(self) -> Worker | Requester:
        found = self.worker or self.requester
        assert found is not None
        return found


class SanctionsPolicy(models.Model):
    """How like names must be, in percent: one row, edited by staff, every change journalled."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    likeness = models.PositiveSmallIntegerField(default=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="sanctions_policy_one_row"),
            models.CheckConstraint(condition=Q(likeness__range=(50, 100)), name="sanctions_policy_likeness"),
        ]
