"""Everything that a worker ever took, what became of it and what it paid: as a list, a file, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from tukro.kernel.actors import HOUSE
from tukro.kernel.days import day_after
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.questions.proof import fill, load
from tukro.work.models import Appeal, AppealFile, Assignment, AssignmentState, Bonus, OverturnedRejection
from tukro.work.queries.of_worker.repairs import Version, versions_of

APPEALED = "appealed"  # asked for like a state: whatever the state is
BONUS = "bonus"  # the same: what brought one
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PaidExtra:
    amount: Money
    reason: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A rejection that the requester overturned, and what it said (empty: nothing of it was kept)."""

    rejected_at: datetime
    reason_code: str
    feedback: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    assignment_id: str
    task_id: str
    group_id: str
    title: str
    requester_id: str
    requester_name: str
    state: str
    reward: Money
    bonus: Money
    accepted_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    auto_approve_at: datetime | None
    deadline_at: datetime
    reason_code: str
    feedback: str
    bonuses: list[PaidExtra]
    appeal: str  # outcome of the appeal, "" = there is none
    by_silence: bool  # approved because nobody looked in time
    taken_back: TakenBack | None  # approved after all


@dataclass(frozen=True, slots=True)
class HistoryPage:
    rows: list[HistoryRow]
    next_cursor: str  # "" = that was all


@dataclass(frozen=True, slots=True)
class Record:
    """One assignment with all that happened to it."""

    row: HistoryRow
    description: str
    release_at: datetime | None  # of a rejection's money; None while an appeal is open
    released_at: datetime | None
    versions: list[Version]
    labels: dict[str, str]  # what a proof form asked, by the name of its field
    appeal: Appeal | None
    appeal_files: list[AppealFile]


def history_of(
    worker: Worker,
    *,
    state: str = "",
    day: date | None = None,
    requester_id: str = "",
    words: str = "",
    after: str = "",
    limit: int = 20,
) -> HistoryPage:
    """What the worker has taken, however long ago, the latest first; narrowed by what is asked for.

    ``state``: a state, or ``appealed``, or ``bonus``; ``day``: of submission, in the worker's calendar;
    ``words``: somewhere in the title or the requester's name.
    """
    rows = _found(worker, state, day, requester_id, words)
    if looks_like_id(after):
        rows = rows.filter(pk__lt=Assignment.objects.filter(public_id=after, worker=worker).values("pk")[:1])
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return HistoryPage(
        [_history_row(one) for one in found[:limit]], found[limit - 1].public_id if more else ""
    )


def whole_history(
    worker: Worker, *, state: str = "", day: date | None = None, requester_id: str = "", words: str = ""
) -> Iterator[HistoryRow]:
    """The same without an end, read in steps: for a file."""
    for one in _found(worker, state, day, requester_id, words).iterator(chunk_size=_CHUNK):
        yield _history_row(one)


def record_of(worker: Worker, assignment_id: str) -> Record:
    """One's own assignment with answers, repairs, bonuses and appeal. Refuses NotFound."""
    found = (
        _with_facts(Assignment.objects.filter(public_id=assignment_id, worker=worker))
        .select_related("task__question")
        .first()
        if looks_like_id(assignment_id)
        else None
    )
    if found is None:
        raise NotFound()
    made: Appeal | None = getattr(found, "appeal", None)
    return Record(
        row=_history_row(found),
        description=found.task.task_type.description,
        release_at=found.release_at,
        released_at=found.released_at,
        versions=versions_of(found),
        labels=_labels(found),
        appeal=made,
        appeal_files=list(made.files.order_by("pk")) if made else [],
    )


def _labels(found: Assignment) -> dict[str, str]:
    question = found.task.question
    return fill(load(question.body), found.task.input).labels if question.kind == "proof" else {}


def _found(
    worker: Worker, state: str, day: date | None, requester_id: str, words: str
) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(worker=worker)
    if state == APPEALED:
        rows = rows.filter(appeal__isnull=False)
    elif state == BONUS:
        rows = rows.filter(pk__in=Bonus.objects.filter(worker=worker).values("assignment"))
    elif state in AssignmentState.values:
        rows = rows.filter(state=state)
    if day is not None:
        zone = ZoneInfo(worker.user.time_zone)
        start, end = (datetime.combine(one, time(), tzinfo=zone) for one in (day, day_after(day)))
        rows = rows.filter(submitted_at__gte=start, submitted_at__lt=end)
    if requester_id:
        rows = rows.filter(task__task_type__requester__public_id=requester_id)
    for word in words.split()[:8]:
        title = Q(task__task_type__title__icontains=word)
        rows = rows.filter(title | Q(task__task_type__requester__name__icontains=word))
    return _with_facts(rows).order_by("-pk")


def _with_facts(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    bonuses = Prefetch("bonuses", queryset=Bonus.objects.order_by("pk"))
    return rows.select_related("task__task_type__requester", "appeal", "overturned").prefetch_related(bonuses)


def _history_row(one: Assignment) -> HistoryRow:
    terms = one.task.task_type
    extra = [PaidExtra(bonus.amount, bonus.reason, bonus.granted_at) for bonus in one.bonuses.all()]
    made: Appeal | None = getattr(one, "appeal", None)
    return HistoryRow(
        assignment_id=one.public_id,
        task_id=one.task.public_id,
        group_id=terms.group_id,
        title=terms.title,
        requester_id=terms.requester.public_id,
        requester_name=terms.requester.name,
        state=one.state,
        reward=terms.reward,
        bonus=sum((bonus.amount for bonus in extra), Money.zero()),
        accepted_at=one.accepted_at,
        submitted_at=one.submitted_at,
        decided_at=one.decided_at,
        auto_approve_at=one.auto_approve_at,
        deadline_at=one.deadline_at,
        reason_code=one.reason_code,
        feedback=one.feedback,
        bonuses=extra,
        appeal=made.outcome if made else "",
        by_silence=one.state == AssignmentState.APPROVED and one.decided_by == str(HOUSE),
        taken_back=taken_back(one),
    )


def taken_back(one: Assignment) -> TakenBack | None:
    """The rejection before the approval, if there was one."""
    if one.state != AssignmentState.APPROVED or one.rejected_at is None:
        return None
    said: OverturnedRejection | None = getattr(one, "overturned", None)
    return TakenBack(one.rejected_at, said.reason_code if said else "", said.feedback if said else "")
