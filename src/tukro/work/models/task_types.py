"""What is offered: categories, the terms that tasks share, their row in the open list, the question."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.money.models import MoneyField
from tukro.people.models import Requester
from tukro.qualifications.models import RequirementSet


class CategoryPolicy(models.TextChoices):
    OPEN = "open"
    MODERATED = "moderated"
    REFUSED = "refused"


class Category(models.Model):
    """A kind of work and the operator's policy for it."""

    code = models.CharField(max_length=30, primary_key=True)
    policy = models.CharField(max_length=10, choices=CategoryPolicy.choices)
    position = models.SmallIntegerField()


class TaskType(models.Model):
    """Terms that many tasks share; MTurk's HITType. Immutable: other terms are another type.

    ``digest`` identifies the seven properties per requester (mturk-api 3.2). ``group_id`` is the public
    id of the group that workers browse; ``public_id`` the one that requesters use on the wire.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    group_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="task_types")
    title = models.CharField(max_length=128)
    description = models.CharField(max_length=2000)
    keywords = models.CharField(max_length=1000, default="")
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    reward = MoneyField()
    fee = MoneyField()  # per place, frozen
    duration_seconds = models.IntegerField()  # time allotted from accept to submit
    auto_approve_seconds = models.IntegerField()
    estimate_seconds = models.IntegerField(null=True)  # what the requester says it takes
    # What the requester says of the work itself; '' and null: nothing, so the listing looks for itself.
    language = models.CharField(max_length=2, default="", db_default="")
    on_phone = models.BooleanField(null=True)
    # Set while wishes for a group that just opened are collected; the draw takes it away.
    draw_at = models.DateTimeField(null=True)
    # How often a worker may take more time by themselves, and how much each time; on the wire never.
    extensions = models.SmallIntegerField(default=0, db_default=0)
    extension_seconds = models.IntegerField(default=0, db_default=0)
    requirement_set = models.ForeignKey(RequirementSet, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requester", "digest"], name="task_type_once"),
            models.CheckConstraint(condition=Q(reward__gte=0, fee__gte=0), name="task_type_money"),
            models.CheckConstraint(condition=Q(duration_seconds__gt=0), name="task_type_duration"),
        ]
        indexes = [models.Index(fields=["draw_at"], name="type_to_draw", condition=Q(draw_at__isnull=False))]

    @property
    def price(self) -> Money:
        """What one place costs its requester."""
        return self.reward + self.fee


class Listing(models.Model):
    """A group's row in the open list. ``open_places`` is refreshed by a job, the rest by publishing."""

    task_type = models.OneToOneField(
        TaskType, on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    requester_id = models.BigIntegerField()
    category = models.CharField(max_length=30)
    requirement_set_id = models.BigIntegerField()
    reward = MoneyField()
    is_open = models.BooleanField(default=False)  # at least one place could be taken when last looked
    open_places = models.IntegerField(default=0)
    open_tasks = models.IntegerField(default=0)
    # When a large group that something happened to is counted anew; null: nothing happened, or it is small.
    count_due = models.DateTimeField(null=True)
    listed_at = models.DateTimeField()  # last publishing; "newest" sorts by it
    expires_at = models.DateTimeField()
    hourly = MoneyField(default=Money(0))  # measured; says something from rules.HOURLY_SAMPLE on
    hourly_low = MoneyField(default=Money(0))  # a quarter of the answers brought less an hour
    hourly_high = MoneyField(default=Money(0))  # and a quarter more
    hourly_sample = models.IntegerField(default=0)
    takes_seconds = models.IntegerField(null=True)  # measured, or what the requester says
    language = models.CharField(max_length=2, default="", db_default="")  # that the terms are written in
    on_phone = models.BooleanField(default=False, db_default=False)
    words = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="listing_words"),
            # One per sort of the open list: a page reads its rows and stops.
            models.Index(
                fields=["listed_at", "task_type"], name="listing_updated", condition=Q(is_open=True)
            ),
            models.Index(fields=["reward", "task_type"], name="listing_reward", condition=Q(is_open=True)),
            models.Index(fields=["open_tasks", "task_type"], name="listing_tasks", condition=Q(is_open=True)),
            models.Index(fields=["hourly", "task_type"], name="listing_hourly", condition=Q(is_open=True)),
            models.Index(fields=["count_due"], name="listing_to_count", condition=Q(count_due__isnull=False)),
        ]


class Question(models.Model):
    """What is asked: content shared by the tasks of a batch; ``Task.input`` fills its ``${variables}``.

    ``kind``: ``html`` (untrusted page, runs on the task host) or ``proof`` (our own form; body is JSON,
    see questions/proof). The wire adds ``external`` (body: the address) and ``form`` (body: QuestionForm
    XML). ``source`` is the XML as the wire gave it, byte for byte; '' when a page made the question.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    body = models.TextField()
    frame_height = models.IntegerField(default=0)  # px; 0 = fit the window
    source = models.TextField(default="", db_default="")
    # Equal questions of one requester on the wire are one row; '' for those of batches, which share anyway.
    digest = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="question_once"),
        ]
