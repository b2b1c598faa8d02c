"""Files with everything held about a person: asked for, made by a job, kept for a week."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.people.models import User

FOLDER = "exports"  # below the private files


class DataExport(models.Model):
    """One file. ``path`` is below the private files; '' until it is made and after it was deleted."""

    public_id = models.CharField(max_length=30, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)  # a job writes the file; after that it died of it
    path = models.CharField(max_length=200, default="")
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="export_one_waits", condition=Q(made_at__isnull=True)
            ),
        ]

    @property
    def file(self) -> str:
        """Where its file lies, or will."""
        return f"{FOLDER}/{self.public_id}.zip"
