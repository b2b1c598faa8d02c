"""What is published: batches, their tasks, and the lanes that count a task's places."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.people.models import Requester
from tukro.work.models.task_types import Question, TaskType


class BatchState(models.TextChoices):
    PUBLISHING = "publishing"  # money is set aside, tasks are being made
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class BatchSource(models.TextChoices):
    FILE = "file"
    WIRE = "wire"


class Batch(models.Model):
    """Tasks published together from one file; or, of a type, all those that were made one by one on the wire.

    The standing batch of the wire (``source`` wire) comes with the first task of its type, so that progress,
    review and results of the pages serve those tasks too. Making a task writes nothing here: ``places``,
    ``row_count``, ``published_count`` and ``expires_at`` say nothing then, they are counted.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="batches")
    task_type = models.ForeignKey(TaskType, on_delete=models.PROTECT, related_name="batches")
    question = models.ForeignKey(Question, on_delete=models.PROTECT)
    project_id = models.CharField(max_length=30, default="")  # public id of the campaigns project
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=BatchState.choices)
    places = models.IntegerField()  # per task
    row_count = models.IntegerField()
    published_count = models.IntegerField(default=0)
    input_columns = models.JSONField(default=list)  # CSV column names in file order
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    # Since when staff hold it. Its state is what its requester wants, and holds again when they release it.
    held_at = models.DateTimeField(null=True)
    held_for = models.CharField(max_length=30, default="", db_default="", blank=True)  # rules.REPORT_REASONS
    source = models.CharField(
        max_length=4, choices=BatchSource.choices, default=BatchSource.FILE, db_default=BatchSource.FILE
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task_type"], condition=Q(source="wire"), name="batch_of_wire_once"
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True, held_for="") | (Q(held_at__isnull=False) & ~Q(held_for="")),
                name="batch_held_for",
            ),
        ]
        indexes = [
            models.Index(fields=["requester", "-id"], name="batch_of_requester"),
            models.Index(fields=["task_type"], name="batch_held", condition=Q(held_at__isnull=False)),
        ]

    @property
    def is_held(self) -> bool:
        """Staff have stopped it, and have not released it."""
        return self.held_at is not None

    @property
    def shown_state(self) -> str:
        """``held`` while staff stop what its requester has not withdrawn; otherwise its state."""
        return "held" if self.is_held and self.state != BatchState.CANCELLED else self.state


class TaskState(models.TextChoices):
    """``full`` is not a state: places left are counted. Expiry is a column: a passed one counts as passed."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"  # expired or withdrawn; free places are gone and their money is given back


class Task(models.Model):
    """One piece of work, offered to ``places`` workers; MTurk's HIT."""

    # Uniqueness of public ids of tasks and assignments is a constraint, not ``unique=True``: that would
    # add a second index for LIKE to tables that are written all the time.
    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30)
    task_type = models.ForeignKey(TaskType, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    requester_id = models.BigIntegerField()  # of the type, repeated for lookups
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, db_index=False)
    # Row of the CSV, from 1. Of a task of the wire: a number that grows with the order of making, so that
    # whoever walks a batch by it walks both.
    row_no = models.IntegerField(default=0)
    input = models.JSONField(default=dict)
    annotation = models.CharField(max_length=255, default="")
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    places = models.IntegerField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    reviewing_at = models.DateTimeField(null=True)  # the requester said: I am looking at it (HIT "Reviewing")
    reviewable_at = models.DateTimeField(
        null=True
    )  # since when nothing more can come in; a follower finds it
    disposed_at = models.DateTimeField(null=True)  # the requester is done with it; the wire forgets it
    layout_id = models.CharField(max_length=30, default="", db_default="")  # the project it was filled from
    # A review policy looks at each submission before the requester does (quality). Kept here so that the many
    # tasks without one pay nothing for it.
    reviews = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="task_public_id"),
            # Publishing a chunk twice cannot make a row's task twice.
            models.UniqueConstraint(fields=["batch", "row_no"], name="task_of_batch"),
            models.CheckConstraint(condition=Q(places__gte=0), name="task_places"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="task_to_close", condition=~Q(state="closed")),
            # The requester's lists on the wire: the newest first, and those to review by their end.
            models.Index(
                fields=["requester_id", "id"], name="task_of_requester", condition=Q(disposed_at__isnull=True)
            ),
            models.Index(
                fields=["requester_id", "expires_at", "id"],
                name="task_by_end",
                condition=Q(disposed_at__isnull=True),
            ),
            models.Index(
                fields=["requester_id", "expires_at", "id"],
                name="task_to_review",
                condition=Q(reviewable_at__isnull=False, disposed_at__isnull=True),
            ),
            models.Index(
                fields=["reviewable_at"],
                name="task_to_dispose",
                condition=Q(reviewable_at__isnull=False, disposed_at__isnull=True),
            ),
        ]


class Lane(models.Model):
    """A share of a task's places, counted on its own row.

    Most tasks have one lane; a task with very many places has up to 64, so that workers who take it at
    the same moment do not queue on one row. Each lane has its own hold of money (``hold`` is money's
    handle). ``taken`` counts assignments that occupy a place: all but returned and abandoned ones.
    """

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="lanes")
    task_type_id = models.BigIntegerField()
    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)
    is_open = models.BooleanField(default=True)  # a place is free and the task is open
    hold = models.BigIntegerField()

    class Meta:
        constraints = [
            # The law: never over-assigned.
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=models.F("capacity")), name="lane_never_over"
            ),
        ]
        indexes = [models.Index(fields=["task_type_id", "id"], name="lane_open", condition=Q(is_open=True))]
