"""Who may take which task: qualification types, what workers hold and ask for, requirement sets, blocks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from tukro.people.models import Requester, Worker


class TypeKind(models.TextChoices):
    """Where the values of a type come from."""

    OWN = "own"  # its requester grants it, or its test does
    GRANTED = "granted"  # staff grant it: Masters, premium
    DECLARED = "declared"  # workers say it of themselves: adult content
    GROUP = "group"  # a hire group: its requester invites, workers accept
    COMPUTED = "computed"  # read from the worker's record and address


class QualificationType(models.Model):
    """A fact about workers that a requester (or the house, ``requester`` null) defines and grants.

    A deleted type stays as a row, because open work may still ask for it; ``removed_at`` says when its name
    became free.
    """

    public_id = models.CharField(max_length=30, unique=True)
    requester = models.ForeignKey(
        Requester, on_delete=models.PROTECT, null=True, related_name="qualification_types"
    )
    kind = models.CharField(
        max_length=10, choices=TypeKind.choices, default=TypeKind.OWN, db_default=TypeKind.OWN
    )
    name = models.CharField(max_length=200)
    description = models.TextField(default="")
    keywords = models.CharField(max_length=1000, default="", db_default="")
    is_active = models.BooleanField(default=True, db_default=True)
    is_requestable = models.BooleanField(default=True, db_default=True)
    test = models.TextField(default="", db_default="")  # QuestionForm XML as it was given
    test_duration_seconds = models.BigIntegerField(null=True)
    answer_key = models.TextField(default="", db_default="")  # AnswerKey XML as it was given
    retry_delay_seconds = models.BigIntegerField(null=True)  # null: nobody may ask twice
    auto_granted = models.BooleanField(default=False, db_default=False)
    auto_granted_value = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    words = models.GeneratedField(
        expression=SearchVector("name", "description", "keywords", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "requester",
                Upper("name"),
                condition=Q(removed_at=None),
                name="qualification_type_name_once",
            ),
            models.CheckConstraint(
                condition=Q(test="") | Q(test_duration_seconds__gt=0), name="qualification_test_has_time"
            ),
            models.CheckConstraint(
                condition=Q(answer_key="") | ~Q(test=""), name="qualification_key_has_test"
            ),
            models.CheckConstraint(
                condition=Q(auto_granted=False) | Q(test=""), name="qualification_test_or_gift"
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="qualification_type_words"),
            models.Index(fields=["name", "id"], name="qualification_type_by_name"),
        ]


class Qualification(models.Model):
    """A worker's value of one type; one row per worker and type. Revoked ones stay, and say so."""

    type = models.ForeignKey(QualificationType, on_delete=models.PROTECT, related_name="qualifications")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="qualifications")
    value = models.IntegerField(null=True)
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.TextField(default="", db_default="")  # the worker reads it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "type"], name="qualification_once")]
        indexes = [models.Index(fields=["type", "-granted_at", "-id"], name="qualification_by_grant")]


class RequestState(models.TextChoices):
    TAKING = "taking"  # the worker has the test before them
    PENDING = "pending"  # waits for its requester's decision
    GRANTED = "granted"
    REJECTED = "rejected"
    LAPSED = "lapsed"  # the time for the test ran out


class QualificationRequest(models.Model):
    """A worker asks for a qualification; with a test, it is one try at it.

    Test and key are those of the moment of asking: what the requester changes later counts for later tries.
    """

    public_id = models.CharField(max_length=30, unique=True)
    type = models.ForeignKey(QualificationType, on_delete=models.PROTECT, related_name="requests")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="qualification_requests")
    state = models.CharField(max_length=10, choices=RequestState.choices)
    test = models.TextField(default="")
    answer_key = models.TextField(default="")
    answer = models.TextField(default="")  # QuestionFormAnswers XML
    requested_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)  # of the test
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    value = models.IntegerField(null=True)  # what was granted
    reason = models.TextField(default="")  # of a rejection; the worker reads it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="qualification_request_state_known"
            ),
            models.UniqueConstraint(
                fields=["worker", "type"],
                condition=Q(state__in=["taking", "pending"]),
                name="qualification_request_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="taking") | Q(deadline_at__isnull=False),
                name="qualification_try_has_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "-id"], name="qualification_request_of"),
            models.Index(
                fields=["type", "submitted_at", "id"],
                name="qualification_request_waits",
                condition=Q(state="pending"),
            ),
            models.Index(
                fields=["deadline_at"], name="qualification_request_late", condition=Q(state="taking")
            ),
        ]


class InvitationState(models.TextChoices):
    INVITED = "invited"
    ACCEPTED = "accepted"  # the worker is in the group
    DECLINED = "declined"
    LEFT = "left"  # was in, and went
    REMOVED = "removed"  # was in, and the requester took them out
    WITHDRAWN = "withdrawn"  # the requester took the invitation back


class Invitation(models.Model):
    """A requester asked a worker into a hire group, and what became of it; one row per both."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(QualificationType, on_delete=models.PROTECT, related_name="invitations")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    state = models.CharField(max_length=9, choices=InvitationState.choices)
    note = models.TextField(default="")  # of the requester; the worker reads it
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "group"], name="invitation_once"),
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="invitation_state_known"
            ),
        ]


class RequirementSet(models.Model):
    """Requirements in canonical form, shared by every task type that asks the same. Row 1 asks nothing."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    requirements = models.JSONField()  # list of rules.Requirement as plain data, sorted

    def __str__(self) -> str:
        return f"requirement set {self.pk}"


class SetRequirement(models.Model):
    """One requirement of a set as columns, for the judge in SQL and for "which sets ask for this type"."""

    id = models.BigAutoField(primary_key=True)
    set = models.ForeignKey(RequirementSet, on_delete=models.CASCADE, related_name="rows")
    type_id = models.CharField(max_length=255)  # public id of the type
    comparator = models.CharField(max_length=30)
    integers = ArrayField(models.IntegerField(), default=list)
    locales = ArrayField(models.CharField(max_length=6), default=list)
    guard = models.SmallIntegerField()  # rules.GUARDS: 1 accept, 2 also preview, 3 also discover

    class Meta:
        indexes = [models.Index(fields=["type_id", "set"], name="set_requirement_of_type")]


class Eligibility(models.Model):
    """What a worker may do with each requirement set: computed once per change of the worker's facts.

    ``sets_seen`` is the highest set id that was judged; newer sets, and all of them when the facts changed
    (``stale``, or another ``locale``), are judged when the worker next looks.
    """

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, primary_key=True, related_name="eligibility"
    )
    set_ids = ArrayField(models.BigIntegerField(), default=list)  # may accept
    no_preview = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # may not even look
    no_discover = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # may not even find
    sets_seen = models.BigIntegerField(default=0)
    locale = models.CharField(max_length=6, default="", db_default="")
    stale = models.BooleanField(default=False, db_default=False)
    computed_at = models.DateTimeField()


class Standing(models.Model):
    """A worker's record as counts; ``work`` pushes it down (system qualifications read it)."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    submitted = models.IntegerField(default=0)
    approved = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    abandoned = models.IntegerField(default=0)
    level = models.SmallIntegerField(default=0, db_default=0)  # rules/levels.py
    decided = models.IntegerField(default=0, db_default=0)  # of the latest decisions, as levels weigh them
    weight = models.FloatField(default=0, db_default=0)
    good = models.FloatField(default=0, db_default=0)
    # What remains without any one requester; null: counted before this was asked.
    others = models.IntegerField(null=True)
    others_percent = models.FloatField(null=True)
    updated_at = models.DateTimeField()


class StandingPolicy(models.Model):
    """The operator's rule of the success rate (rules/levels.SuccessRule): one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=False, db_default=False)
    least_percent = models.SmallIntegerField(default=75, db_default=75)
    window_days = models.SmallIntegerField(default=60, db_default=60)
    minimum = models.SmallIntegerField(default=10, db_default=10)
    pause_days = models.SmallIntegerField(default=30, db_default=30)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="standing_policy_one")]


class Block(models.Model):
    """A requester does not want this worker. A row with who, why and when."""

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="blocks")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="blocks")
    reason = models.TextField()  # may be empty when it came over the wire
    blocked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "requester"], name="block_once"),
        ]
        indexes = [models.Index(fields=["requester", "-id"], name="block_of_requester")]


class FormerWorker(models.Model):
    """Someone who worked for this requester on another market, as its files tell: what is to be theirs here.

    ``worker`` is who that is here, once the requester has agreed to the worker's claim.
    """

    requester = models.ForeignKey(Requester, on_delete=models.CASCADE, related_name="former_workers")
    former_id = models.CharField(max_length=64)
    values = models.JSONField(default=dict)  # public id of the requester's type → value
    block_reason = models.TextField(default="")  # blocked there, and why
    approved = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    brought_at = models.DateTimeField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="former_selves")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requester", "former_id"], name="former_worker_once"),
            models.CheckConstraint(
                condition=Q(worker=None, confirmed_at=None)
                | Q(worker__isnull=False, confirmed_at__isnull=False),
                name="former_worker_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["former_id"], name="former_worker_by_id")]


class FormerClaim(models.Model):
    """A worker says which id was theirs on the other market. Ids are no secret, so requesters decide."""

    worker = models.OneToOneField(
        Worker, on_delete=models.CASCADE, primary_key=True, related_name="former_claim"
    )
    former_id = models.CharField(max_length=64, db_index=True)
    claimed_at = models.DateTimeField()


class LessonPassed(models.Model):
    """A worker did a practice task right (rules/practice.py). It pays nothing and opens nothing."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="lessons", db_index=False)
    lesson = models.CharField(max_length=20)
    passed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "lesson"], name="lesson_passed_once")]
