"""Work records that were given out: what each says, and whether it was taken back."""

from __future__ import annotations

from django.db import models

from tukro.people.models import Worker


class WorkRecord(models.Model):
    """One signed record. Its place in the list of revocations is its ``id``.

    ``document`` is the credential with its proof, exactly as it was handed to the worker.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="work_records")
    document = models.JSONField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=60, default="")
    revoke_reason = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="record_revoked", condition=models.Q(revoked_at__isnull=False)),
        ]

    @property
    def status_index(self) -> int:
        """Which bit, over all lists, says whether it was taken back."""
        return self.pk
