"""What a requester reads while reviewing a batch: answers beside their inputs, and the worker's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet, Subquery

from tukro.campaigns.models import ReviewFile
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.people.aliases import known_as
from tukro.people.models import Requester
from tukro.questions.proof import Form, fill, load
from tukro.questions.question_form import QuestionForm
from tukro.questions.xml import stored_form
from tukro.work.models import HANDED_IN, Assignment, AssignmentState, Batch, Bonus, ProofFile, Question
from tukro.work.queries.of_worker.repairs import written

ONCE_HANDED_IN = (*HANDED_IN, AssignmentState.REVISING)


@dataclass(frozen=True, slots=True)
class Rates:
    """A worker's record with one requester: (approved, approved or rejected) ever, in 30 and in 7 days."""

    ever: tuple[int, int] = (0, 0)
    month: tuple[int, int] = (0, 0)
    week: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which answers of a batch to show; empty means all that were handed in."""

    state: str = ""
    worker_id: str = ""  # as the requester knows the worker
    task_id: str = ""
    words: str = ""  # somewhere in the answer
    shortest_seconds: int | None = None
    longest_seconds: int | None = None

    @property
    def only_state(self) -> bool:
        return not (
            self.worker_id or self.task_id or self.words or self.shortest_seconds or self.longest_seconds
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One answer with everything that a verdict needs beside it."""

    assignment: Assignment
    rates: Rates
    inputs: list[tuple[str, str]]
    answers: list[tuple[str, str]]
    files: list[ProofFile] = field(default_factory=list)
    asked: Form | None = None  # the proof form of this very task

    @property
    def labels(self) -> dict[str, str]:
        """What the proof form asked, by the name of its field."""
        return self.asked.labels if self.asked else {}

    @property
    def bonus(self) -> Money:
        return sum((bonus.amount for bonus in self.assignment.bonuses.all()), start=Money.zero())


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many answers of a batch stand where."""

    by_state: dict[str, int]

    @property
    def handed_in(self) -> int:
        return sum(self.by_state.get(state, 0) for state in ONCE_HANDED_IN)


def batch_of(requester: Requester, batch_id: str) -> Batch:
    """The requester's own batch with its terms. Raises NotFound."""
    batch = (
        Batch.objects.select_related("task_type", "question")
        .filter(public_id=batch_id, requester=requester)
        .first()
    )
    if batch is None:
        raise NotFound(batch_id=batch_id)
    batch.requester = requester
    return batch


def totals_of(batch: Batch) -> Totals:
    counted = (
        Assignment.objects.filter(batch_id=batch.pk)
        .values_list("state")
        .annotate(Count("pk"))
        .order_by("state")
    )
    return Totals(dict(counted))


def matching(batch: Batch, filters: Filters) -> QuerySet[Assignment]:
    """Answers of the batch that the filters let through, oldest first."""
    found = Assignment.objects.filter(batch_id=batch.pk, submitted_at__isnull=False).order_by("pk")
    states = [filters.state] if filters.state in ONCE_HANDED_IN else list(ONCE_HANDED_IN)
    found = found.filter(state__in=states)
    if filters.worker_id:
        found = found.filter(known_as(filters.worker_id, batch.requester, at="worker"))
    if filters.task_id:
        found = found.filter(task__public_id=filters.task_id)
    if filters.words:
        found = found.filter(answer__icontains=filters.words)
    if filters.shortest_seconds is not None:
        found = found.filter(worked_seconds__gte=filters.shortest_seconds)
    if filters.longest_seconds is not None:
        found = found.filter(worked_seconds__lte=filters.longest_seconds)
    return found


def page_of(batch: Batch, filters: Filters, *, after: str, limit: int, now: datetime) -> Page:
    """Answers to review, by key: ``after`` is the assignment id that ended the page before."""
    found = matching(batch, filters)
    if after:
        last = (
            Assignment.objects.filter(public_id=after, batch_id=batch.pk).values_list("pk", flat=True).first()
        )
        if last is None:
            raise NotFound(assignment_id=after)
        found = found.filter(pk__gt=last)
    assignments = list(_with_answers(found)[: limit + 1])
    shown = assignments[:limit]
    next_cursor = shown[-1].public_id if len(assignments) > limit else ""
    return Page(_lines(shown, batch, now), next_cursor)


def line_of(requester: Requester, assignment_id: str, *, now: datetime) -> tuple[Batch, Line]:
    """One handed-in answer of the requester and its batch. Raises NotFound."""
    own = Assignment.objects.filter(
        public_id=assignment_id, requester_id=requester.pk, batch_id__isnull=False, state__in=ONCE_HANDED_IN
    )
    assignment = _with_answers(own).first()
    if assignment is None or assignment.batch_id is None:
        raise NotFound(assignment_id=assignment_id)
    batch = Batch.objects.select_related("task_type", "question").get(pk=assignment.batch_id)
    batch.requester = requester
    return batch, _lines([assignment], batch, now)[0]


def neighbours(batch: Batch, filters: Filters, assignment: Assignment) -> tuple[str, str]:
    """Ids of the answers before and after this one among those that match; empty at the ends."""
    found = matching(batch, filters)
    before = found.filter(pk__lt=assignment.pk).order_by("-pk").values_list("public_id", flat=True).first()
    after = found.filter(pk__gt=assignment.pk).values_list("public_id", flat=True).first()
    return before or "", after or ""


def next_to_review(batch: Batch, filters: Filters, *, after: str) -> str:
    """Id of the first answer behind this one that matches and waits for review; empty when there is none."""
    this = Assignment.objects.filter(public_id=after, batch_id=batch.pk).values("pk")
    waiting = matching(batch, filters).filter(state=AssignmentState.SUBMITTED, pk__gt=Subquery(this))
    return waiting.values_list("public_id", flat=True).first() or ""


def review_file_of(requester: Requester, review_id: str) -> ReviewFile:
    """A result file that this requester sent back. Raises NotFound."""
    review_file = (
        ReviewFile.objects.select_related("batch__task_type")
        .filter(public_id=review_id, requester=requester)
        .first()
    )
    if review_file is None:
        raise NotFound(review_id=review_id)
    return review_file


def rates_of(worker_ids: Iterable[int], *, requester_id: int, now: datetime) -> dict[int, Rates]:
    """Records of some workers with one requester, by the worker's key; the missing ones have none."""
    approved = Q(state=AssignmentState.APPROVED)
    month, week = Q(decided_at__gte=now - timedelta(days=30)), Q(decided_at__gte=now - timedelta(days=7))
    counted = (
        Assignment.objects.filter(
            worker_id__in=set(worker_ids),
            requester_id=requester_id,
            state__in=[AssignmentState.APPROVED, AssignmentState.REJECTED],
        )
        .values("worker_id")
        .annotate(
            ever_good=Count("pk", filter=approved),
            ever=Count("pk"),
            month_good=Count("pk", filter=approved & month),
            month=Count("pk", filter=month),
            week_good=Count("pk", filter=approved & week),
            week=Count("pk", filter=week),
        )
    )
    return {
        row["worker_id"]: Rates(
            ever=(row["ever_good"], row["ever"]),
            month=(row["month_good"], row["month"]),
            week=(row["week_good"], row["week"]),
        )
        for row in counted
    }


def _with_answers(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.select_related("task", "worker").prefetch_related(
        Prefetch("files", queryset=ProofFile.objects.order_by("pk")),
        Prefetch("bonuses", queryset=Bonus.objects.order_by("pk")),
    )


def _forms_of(assignments: list[Assignment]) -> dict[int, QuestionForm]:
    """The forms that some of the answers belong to, by the question's key. Other questions are not read."""
    typed = {one.task.question_id for one in assignments if "typed" in one.handed_in}
    found = Question.objects.in_bulk(typed) if typed else {}
    return {pk: stored_form(question.body) for pk, question in found.items()}


def _written(assignment: Assignment, form: QuestionForm | None) -> list[tuple[str, str]]:
    return written(assignment.handed_in, form, {file.field for file in assignment.files.all()})


def _lines(assignments: list[Assignment], batch: Batch, now: datetime) -> list[Line]:
    workers = {assignment.worker_id for assignment in assignments}
    rates = rates_of(workers, requester_id=batch.requester_id, now=now) if workers else {}
    forms = _forms_of(assignments)
    proof = load(batch.question.body) if batch.question.kind == "proof" else None
    return [_line(one, batch, rates, forms.get(one.task.question_id), proof) for one in assignments]


def _line(
    assignment: Assignment,
    batch: Batch,
    rates: Mapping[int, Rates],
    form: QuestionForm | None,
    proof: Form | None,
) -> Line:
    inputs = [(name, str(assignment.task.input.get(name, ""))) for name in batch.input_columns]
    return Line(
        assignment=assignment,
        rates=rates.get(assignment.worker_id, Rates()),
        inputs=inputs,
        answers=_written(assignment, form),
        files=list(assignment.files.all()),
        asked=fill(proof, dict(inputs)) if proof else None,
    )
