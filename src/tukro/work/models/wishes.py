"""What workers want of the open list: marks, saved searches, and wishes that are drawn by lot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tukro.people.models import Requester, Worker
from tukro.work.models.task_types import TaskType
from tukro.work.rules import MAX_SEARCH_NAME


class Liking(models.TextChoices):
    FAVOURITE = "favourite"
    HIDDEN = "hidden"


class Mark(models.Model):
    """What a worker thinks of a requester or of a group: a favourite, or not to be shown."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="marks", db_index=False)
    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, null=True, related_name="+")
    task_type = models.ForeignKey(TaskType, on_delete=models.CASCADE, null=True, related_name="+")
    liking = models.CharField(max_length=9, choices=Liking.choices)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(requester__isnull=True) ^ Q(task_type__isnull=True), name="mark_of_one_thing"
            ),
            models.CheckConstraint(condition=Q(liking__in=Liking.values), name="mark_liking_known"),
            models.UniqueConstraint(fields=["worker", "requester"], name="mark_of_requester_once"),
            models.UniqueConstraint(fields=["worker", "task_type"], name="mark_of_group_once"),
        ]


class SavedSearch(models.Model):
    """What a worker looks for again and again (``wanted``: queries.wanted), and whether new work is told.

    ``stirred_at``: something was listed since that may fit; a job looks closer when the worker may be told.
    ``told``: when which groups were told last, by the key of their type; what was told lately is no news.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(
        Worker, on_delete=models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=MAX_SEARCH_NAME)
    wanted = models.JSONField(default=dict)
    words = models.TextField(default="")  # of the search as the database understands them; '' = any
    alert = models.BooleanField(default=True)
    every_seconds = models.IntegerField()  # at most one message in this time
    stirred_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField()  # what was listed before is no news
    told_at = models.DateTimeField(null=True)
    quiet_until = models.DateTimeField(null=True)  # the next message comes after this
    told = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "name"], name="saved_search_name_once"),
            models.CheckConstraint(condition=Q(every_seconds__gte=300), name="saved_search_calm"),
        ]
        indexes = [
            models.Index(
                fields=["stirred_at"], name="saved_search_stirred", condition=Q(stirred_at__isnull=False)
            ),
        ]


class LotteryPolicy(models.Model):
    """The operator's rule for scarce groups: one row, edited by staff, every change journalled.

    A group that opens with fewer places than ``smaller_than`` (0: none) collects wishes for ``seconds``,
    and lots are drawn then, so that the fastest script does not get it all.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    smaller_than = models.IntegerField(default=0)
    seconds = models.IntegerField(default=15)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="lottery_policy_one_row"),
            models.CheckConstraint(
                condition=Q(smaller_than__range=(0, 1000), seconds__range=(5, 300)),
                name="lottery_policy_bounds",
            ),
        ]


class WishState(models.TextChoices):
    WAITING = "waiting"
    WON = "won"
    LOST = "lost"


class Wish(models.Model):
    """A worker wants a task of a group that is drawn by lot; ``assignment_id``: what was won."""

    task_type = models.ForeignKey(TaskType, on_delete=models.CASCADE, related_name="wishes", db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="wishes", db_index=False)
    state = models.CharField(max_length=7, choices=WishState.choices, default=WishState.WAITING)
    made_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    assignment_id = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "task_type"], name="wish_once"),
            models.CheckConstraint(condition=Q(state__in=WishState.values), name="wish_state_known"),
        ]
        indexes = [models.Index(fields=["task_type"], name="wish_waiting", condition=Q(state="waiting"))]
