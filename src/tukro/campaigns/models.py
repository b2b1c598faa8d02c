"""The requester's side of posting: projects, uploaded files, their rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.money.models import MoneyField
from tukro.people.models import Requester
from tukro.work.models import Assignment, Batch, Category, CategoryPolicy


class ProjectKind(models.TextChoices):
    TEMPLATE = "template"  # HTML with ${variables}, one task per CSV row
    PROOF = "proof"  # instructions and a proof form, one task with many places or one per CSV row


class Moderation(models.TextChoices):
    """What staff say about a project in a category that the operator moderates.

    ``not_needed`` and ``needed`` say alike that nobody was asked: which of them holds, the category says.
    """

    NOT_NEEDED = "not_needed"
    NEEDED = "needed"  # must be asked for before the first publishing
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Project(models.Model):
    """What a requester wants done, before and between batches."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="projects")
    kind = models.CharField(max_length=10, choices=ProjectKind.choices)
    name = models.CharField(max_length=120)  # private to the requester
    title = models.CharField(max_length=128)
    description = models.CharField(max_length=2000)
    keywords = models.CharField(max_length=1000, default="", blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    reward = MoneyField()
    places = models.IntegerField(default=1)
    duration_seconds = models.IntegerField(default=3600)
    lifetime_seconds = models.IntegerField(default=7 * 86400)
    auto_approve_seconds = models.IntegerField(default=3 * 86400)
    estimate_seconds = models.IntegerField(null=True)
    extensions = models.SmallIntegerField(default=0, db_default=0)  # times a worker may take more time
    extension_seconds = models.IntegerField(default=0, db_default=0)
    instructions = models.TextField(default="", blank=True)  # plain text with blank lines and lists
    template = models.TextField(default="", blank=True)  # HTML, kind template
    proof = models.JSONField(default=list, blank=True)  # field list, kind proof (questions/proof)
    frame_height = models.IntegerField(default=0)
    requirements = models.JSONField(default=list, db_default=[], blank=True)  # as qualifications.rules.plain
    language = models.CharField(max_length=2, default="", db_default="", blank=True)
    on_phone = models.BooleanField(null=True)
    moderation = models.CharField(max_length=10, choices=Moderation.choices, default=Moderation.NOT_NEEDED)
    moderation_reason = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["requester", "-changed_at"], name="project_of_requester")]

    @property
    def moderation_now(self) -> Moderation:
        """Where the project stands by the rule that its category has now. Reads the category."""
        if self.category.policy != CategoryPolicy.MODERATED:
            return Moderation.NOT_NEEDED
        if self.moderation == Moderation.NOT_NEEDED:
            return Moderation.NEEDED
        return Moderation(self.moderation)


class Upload(models.Model):
    """A CSV that was read and found good or bad. Rows of a good one wait here until it is published.

    A project without variables needs no file: its upload has no ``file_name`` and one empty row, so that
    publishing has one path.
    """

    public_id = models.CharField(max_length=30, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=30, blank=True)
    columns = models.JSONField(default=list)
    row_count = models.IntegerField(default=0)
    faults = models.JSONField(default=list)  # first 100: {"line", "column", "code", "facts"}
    fault_count = models.IntegerField(default=0)
    notes = models.JSONField(default=list)  # what to know of a good file: {"code", "facts"}
    batch_id = models.CharField(max_length=30, default="", db_index=True)  # public id, once published
    uploaded_at = models.DateTimeField()


class UploadRow(models.Model):
    """One row of a CSV, staged."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    no = models.IntegerField()  # from 1
    input = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "no"], name="upload_row_once")]


class Verdict(models.TextChoices):
    APPROVE = "approve"
    REJECT = "reject"


class ReviewFile(models.Model):
    """A result file that came back with verdicts. Nothing happens before the requester confirms it."""

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="review_files")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="review_files")
    file_name = models.CharField(max_length=200)
    line_count = models.IntegerField(default=0)
    faults = models.JSONField(default=list)  # first 100: {"line", "code", "facts"}
    fault_count = models.IntegerField(default=0)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)


class ReviewLine(models.Model):
    """One verdict of a review file, and what it met when the file was done."""

    review_file = models.ForeignKey(ReviewFile, on_delete=models.CASCADE, related_name="lines")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=7, choices=Verdict.choices)
    reason = models.TextField(default="")
    no = models.IntegerField(default=0, db_default=0)  # of the file's line
    # The assignment's state when the file was done; empty before, and in files done before this was kept.
    met = models.CharField(max_length=9, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review_file", "assignment"], name="review_line_once"),
            models.CheckConstraint(
                condition=Q(verdict="approve") | (Q(verdict="reject") & ~Q(reason="")),
                name="review_line_verdict",
            ),
        ]
