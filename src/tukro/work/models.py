"""Task types, tasks with their places, assignments, answers, bonuses: the heart of the market."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from tukro.kernel.money import Money
from tukro.money.models import MoneyField
from tukro.people.models import Requester, Worker
from tukro.qualifications.models import RequirementSet
from tukro.work.rules import CONDUCT_SAMPLE, MAX_FILE_FIELD


class CategoryPolicy(models.TextChoices):
    OPEN = "open"
    MODERATED = "moderated"
    REFUSED = "refused"


class Category(models.Model):
    """A kind of work and the operator's policy for it (MISSION: policy decision)."""

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
    see questions/proof.py). The wire adds ``external`` (body: the address) and ``form`` (body: QuestionForm
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
    source = models.CharField(
        max_length=4, choices=BatchSource.choices, default=BatchSource.FILE, db_default=BatchSource.FILE
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task_type"], condition=Q(source="wire"), name="batch_of_wire_once"
            ),
        ]
        indexes = [models.Index(fields=["requester", "-id"], name="batch_of_requester")]


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


class AssignmentState(models.TextChoices):
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    REVISING = "revising"  # sent back for repair; the worker may submit again until the deadline
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    ABANDONED = "abandoned"


class Assignment(models.Model):
    """One worker's try at one task."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    task_type_id = models.BigIntegerField()
    batch_id = models.BigIntegerField(null=True)
    requester_id = models.BigIntegerField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    state = models.CharField(max_length=10, choices=AssignmentState.choices)
    accepted_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    auto_approve_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)  # approved, rejected, returned or abandoned
    decided_by = models.CharField(max_length=40, default="")
    rejected_at = models.DateTimeField(null=True)  # kept when a rejection is overturned
    # Rejected: when the money goes back to the requester; null while an appeal is open.
    release_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=30, default="")  # of a rejection, revision, return or skip
    feedback = models.TextField(default="")  # what the requester says to the worker
    extended = models.SmallIntegerField(default=0, db_default=0)  # how often the worker took more time
    code_tries = models.SmallIntegerField(default=0, db_default=0)  # wrong codes that were handed in

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="assignment_public_id"),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
            models.UniqueConstraint(
                fields=["task", "worker"],
                condition=~Q(state__in=["returned", "abandoned"]),
                name="assignment_once_per_worker",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | (~Q(reason_code="") & Q(rejected_at__isnull=False)),
                name="rejection_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "-id"], name="assignment_of_worker"),
            models.Index(fields=["worker", "task_type_id", "lane"], name="assignment_resume"),
            models.Index(
                fields=["worker", "deadline_at"],
                name="assignment_queue",
                condition=Q(state__in=["accepted", "revising"]),
            ),
            # Said by other columns than in the queue's index: with old statistics the planner would take this
            # one, which holds everybody's work, to look up one worker's queue.
            models.Index(
                fields=["deadline_at"],
                name="assignment_late",
                condition=Q(decided_at__isnull=True, auto_approve_at__isnull=True),
            ),
            models.Index(
                fields=["auto_approve_at"], name="assignment_silence", condition=Q(state="submitted")
            ),
            models.Index(fields=["batch_id", "id"], name="assignment_of_batch"),
            # One task's work as programs read it: page by page, the first handed in first.
            models.Index(
                fields=["task", "submitted_at", "id"],
                name="assignment_handed_in",
                condition=Q(submitted_at__isnull=False),
            ),
            models.Index(
                fields=["release_at"],
                name="assignment_to_release",
                condition=Q(state="rejected", released_at__isnull=True),
            ),
        ]


class Answer(models.Model):
    """What was handed in. ``body`` is ``{"fields": [[name, value], …]}`` in the order it was posted."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    body = models.JSONField()


class Draft(models.Model):
    """An unfinished answer, kept on the server so that a closed tab loses nothing."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    body = models.JSONField()
    saved_at = models.DateTimeField()


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


class Bonus(models.Model):
    """Extra pay after work; ``token`` is the requester's own key against paying twice."""

    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="bonuses")
    requester = models.ForeignKey(Requester, on_delete=models.PROTECT, related_name="bonuses")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="bonuses")
    amount = MoneyField()
    fee = MoneyField()
    reason = models.TextField()
    token = models.CharField(max_length=64)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["requester", "token"], name="bonus_once")]


class RequestToken(models.Model):
    """A requester's own key against doing a thing twice; remembered for a day (mturk-api 1.9)."""

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="request_tokens")
    operation = models.CharField(max_length=40)
    token = models.CharField(max_length=64)
    subject = models.CharField(max_length=30)  # public id of what was made or changed
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requester", "operation", "token"], name="request_token_once"),
        ]
        indexes = [models.Index(fields=["made_at"], name="request_token_old")]


class ReportOutcome(models.TextChoices):
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class Report(models.Model):
    """A worker tells the staff that something is wrong with a task. Its requester does not see who."""

    public_id = models.CharField(max_length=30, unique=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="reports")
    reason_code = models.CharField(max_length=30)
    text = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ReportOutcome.choices, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    note = models.TextField(default="", blank=True)  # what the staff say to the worker

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "worker"], name="report_once")]
        indexes = [
            models.Index(fields=["id"], name="report_waiting", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["worker", "made_at"], name="report_of_worker"),
        ]


class Follower(models.Model):
    """How far a job has read the journal; it goes on from there."""

    name = models.CharField(max_length=30, primary_key=True)
    event_id = models.BigIntegerField(default=0)


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


class Conduct(models.Model):
    """How a requester treats workers, counted by a follower of the journal.

    The lists hold the latest ``rules.CONDUCT_KEPT`` decisions, the oldest first: how long the worker waited,
    and what an hour of the work brought (nothing where it was rejected).
    """

    requester = models.OneToOneField(
        Requester, on_delete=models.CASCADE, primary_key=True, related_name="conduct"
    )
    approved = models.IntegerField(default=0)  # overturned rejections included
    silent = models.IntegerField(default=0)  # of those: nobody looked in time, so the house approved
    rejected = models.IntegerField(default=0)
    overturned = models.IntegerField(default=0)  # of the rejections: taken back later
    sent_back = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)  # of the returns: it did not work, or nobody could understand it
    asked = models.IntegerField(default=0, db_default=0)  # questions of workers
    replied = models.IntegerField(default=0, db_default=0)  # of those: answered
    unanswered = models.JSONField(default=dict, db_default={})  # conversation → since when (Unix time)
    reply_waits = ArrayField(models.IntegerField(), default=list, db_default=[])  # seconds until the reply
    reply_median = models.IntegerField(null=True)  # seconds; null: too few replies to say
    waits = ArrayField(models.IntegerField(), default=list)  # seconds from handing in to the decision
    hourly_pays = ArrayField(models.BigIntegerField(), default=list)  # in the smallest units
    wait_median = models.IntegerField(null=True)  # seconds; null: too few decisions to say
    hourly = MoneyField(default=Money(0))  # says something where wait_median does
    hourly_low = MoneyField(default=Money(0))
    hourly_high = MoneyField(default=Money(0))
    counted_at = models.DateTimeField()

    @property
    def reply_share(self) -> float | None:
        """The share of questions that was answered; None while too few were asked."""
        return self.replied / self.asked if self.asked >= CONDUCT_SAMPLE else None

    @property
    def decided(self) -> int:
        """Assignments on which a decision stands."""
        return self.approved + self.rejected - self.overturned

    @property
    def approval(self) -> float | None:
        """The share of decided work that was approved; None while too little is decided to say."""
        return self.approved / self.decided if self.decided >= CONDUCT_SAMPLE else None


class EarlierAnswer(models.Model):
    """An answer that was sent back for repair, as it was then, and what was asked of the worker.

    Kept because the answer itself is replaced when the worker hands in again; numbered from 1 per assignment.
    """

    id = models.BigAutoField(primary_key=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="earlier")
    no = models.SmallIntegerField()
    body = models.JSONField()
    submitted_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()  # until when the repair was asked for
    reason_code = models.CharField(max_length=30)
    asked = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "no"], name="earlier_answer_once"),
        ]


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


class AppealOutcome(models.TextChoices):
    OPEN = "open"
    OVERTURNED = "overturned"  # the requester approved after all
    WITHDRAWN = "withdrawn"  # by the worker


class Appeal(models.Model):
    """A worker says that a rejection was wrong. One per rejection, and it needs its time of appeal.

    While it is open, ``Assignment.release_at`` is null: the money stays set aside for as long as that takes.
    ``window_until`` is what stood there before.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=30, unique=True)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="appeal")
    requester_id = models.BigIntegerField()  # of the assignment, repeated for their list
    text = models.TextField()
    outcome = models.CharField(
        max_length=10, choices=AppealOutcome.choices, default=AppealOutcome.OPEN, db_default="open"
    )
    opened_at = models.DateTimeField()
    window_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True)
                | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="appeal_closed_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="appeal_open", condition=Q(outcome="open")),
            models.Index(fields=["requester_id", "-id"], name="appeal_of_requester"),
        ]


class AppealFile(models.Model):
    """What a worker adds to an appeal; read by the worker, the requester of the task, and staff."""

    public_id = models.CharField(max_length=30, unique=True)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)


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


class SavedSearch(models.Model):
    """What a worker looks for again and again (``wanted``: queries.wanted), and whether new work is told.

    ``stirred_at``: something was listed since that may fit; a job looks closer when the worker may be told.
    ``told``: when which groups were told last, by the key of their type; what was told lately is no news.
    """

    public_id = models.CharField(max_length=30, unique=True)
    worker = models.ForeignKey(
        Worker, on_delete=models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=80)
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
