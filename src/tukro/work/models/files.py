"""Files of the work: handed in as proof, on their way, and taken out again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.work.models.assignments import Assignment
from tukro.work.rules import MAX_FILE_FIELD


class ProofFile(models.Model):
    """A file handed in as proof; the bytes lie outside the web root under ``path``."""

    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="files")
    field = models.CharField(max_length=MAX_FILE_FIELD)
    name = models.CharField(max_length=200)  # as the worker called it; a label, never a path
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    seconds = models.FloatField(null=True)  # of a recording, when it says
    uploaded_at = models.DateTimeField()


class PartialFile(models.Model):
    """A proof file on its way: its first ``received`` bytes lie in the folder of partial files.

    Its row outlives its last byte for a while, so that whoever did not hear the answer can ask again.
    """

    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="partial_files")
    field = models.CharField(max_length=MAX_FILE_FIELD)  # its name on the page
    name = models.CharField(max_length=200)
    size = models.IntegerField(null=True)  # null: not known yet, as of a recording that goes on
    received = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    file_id = models.CharField(max_length=30, default="", blank=True)  # public id of the proof file it became

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0) & (Q(size=None) | Q(received__lte=models.F("size"))),
                name="partial_file_fits",
            ),
        ]
        indexes = [models.Index(fields=["touched_at"], name="partial_file_old")]

    @property
    def is_whole(self) -> bool:
        """All bytes are here; whether they are kept, ``file_id`` says."""
        return self.received == self.size


class EarlierFile(models.Model):
    """A file of an earlier answer that the worker has taken out since; its bytes stay."""

    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="earlier_files")
    field = models.CharField(max_length=MAX_FILE_FIELD)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    path = models.CharField(max_length=200)
    seconds = models.FloatField(null=True)  # of a recording, when it says
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField()
