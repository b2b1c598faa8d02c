"""What was handed in on a requester's tasks, and the bonuses for it, as programs read them: page by page.

Work in hand (accepted, sent back for repair), returned and abandoned work does not exist here, and neither
does the work of a task that its requester has deleted (mturk-api 3.5, 4.2, 6.13, 6.14).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Prefetch, Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.work.models import Assignment, AssignmentState, Bonus, ProofFile, Task

HANDED_IN = (AssignmentState.SUBMITTED, AssignmentState.APPROVED, AssignmentState.REJECTED)
LINK_LIVES = timedelta(seconds=60)  # mturk-api 6.17
_LINKS = "tukro.work.file_link"

Place = tuple[datetime, int]  # the moment of a row and its key: where a page ended


def task_with_work(requester: Requester, task_id: str) -> Task:
    """The requester's task, with its type. Refuses NotFound, also for a deleted one."""
    task = (
        Task.objects.select_related("task_type")
        .filter(public_id=task_id, requester_id=requester.pk, disposed_at=None)
        .first()
    )
    if task is None:
        raise NotFound(task_id=task_id)
    return task


def handed_in(requester: Requester, assignment_id: str) -> QuerySet[Assignment]:
    """At most one assignment, with its task and type, answer, files and worker."""
    found = Assignment.objects.filter(
        public_id=assignment_id, requester_id=requester.pk, state__in=HANDED_IN, task__disposed_at=None
    )
    return _with_answers(found).select_related("task__task_type")


def handed_in_on(
    task: Task, *, states: Collection[str], after: Place | None, now: datetime
) -> QuerySet[Assignment]:
    """Assignments of the task in these states, the first handed in first; no ``states`` means all three."""
    # The index of a task's work holds what was ever handed in; a question that uses it says so.
    rows = Assignment.objects.filter(task=task, submitted_at__isnull=False).filter(_stands_in(states, now))
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(submitted_at__gt=moment) | Q(submitted_at=moment, pk__gt=pk))
        rows = rows.filter(submitted_at__gte=moment)  # where the index scan starts
    return _with_answers(rows).order_by("submitted_at", "pk")


def bonuses_on_task(requester: Requester, task_id: str, *, after: Place | None) -> QuerySet[Bonus]:
    """Bonuses for work on this task, the latest first; a deleted one is no exception. Refuses NotFound."""
    task = Task.objects.filter(public_id=task_id, requester_id=requester.pk).first()
    if task is None:
        raise NotFound(task_id=task_id)
    work = Assignment.objects.filter(task=task, submitted_at__isnull=False)
    return _bonuses(Bonus.objects.filter(assignment__in=work.values("pk")), after)


def bonuses_on_assignment(
    requester: Requester, assignment_id: str, *, after: Place | None
) -> QuerySet[Bonus]:
    """Bonuses for one assignment, the latest first. Refuses NotFound."""
    assignment = Assignment.objects.filter(
        public_id=assignment_id, requester_id=requester.pk, state__in=HANDED_IN
    ).first()
    if assignment is None:
        raise NotFound(assignment_id=assignment_id)
    return _bonuses(Bonus.objects.filter(assignment=assignment), after)


def is_approved(assignment: Assignment, now: datetime) -> bool:
    """Silence past the time to review is approval, whether or not the house has paid yet."""
    if assignment.state != AssignmentState.SUBMITTED:
        return assignment.state == AssignmentState.APPROVED
    return assignment.auto_approve_at is not None and assignment.auto_approve_at <= now


def files_by_question(assignment: Assignment) -> dict[str, ProofFile]:
    """The assignment's files by what their question is called on the wire, where each answer is one file.

    The first file of a field has the field's own name, further ones a number behind it: ``photo.2``.
    """
    named: dict[str, ProofFile] = {}
    counted: dict[str, int] = {}
    for file in assignment.files.all():
        no = counted[file.field] = counted.get(file.field, 0) + 1
        named[file.field if no == 1 else f"{file.field}.{no}"] = file
    return named


def file_link(file: ProofFile, now: datetime) -> str:
    """What opens this file to whoever has it, for a minute."""
    until = int((now + LINK_LIVES).timestamp())
    return signing.Signer(salt=_LINKS).sign_object([file.public_id, until])


def file_address(file: ProofFile, now: datetime) -> str:
    """The same as a web address of this house."""
    return f"{settings.SITE_URL}/files/linked/{file_link(file, now)}"


def file_behind(link: str, now: datetime) -> ProofFile:
    """The file that a link opens. Refuses NotFound when it is over, forged, or its task deleted."""
    try:
        file_id, until = signing.Signer(salt=_LINKS).unsign_object(link)
    except signing.BadSignature:
        raise NotFound() from None
    file = ProofFile.objects.filter(public_id=file_id, assignment__task__disposed_at=None).first()
    if file is None or now.timestamp() >= until:
        raise NotFound()
    return file


def _stands_in(states: Collection[str], now: datetime) -> Q:
    """``is_approved``, said to the database."""
    silent = Q(state=AssignmentState.SUBMITTED, auto_approve_at__lte=now)
    wanted = Q(state__in=set(states or HANDED_IN) & set(HANDED_IN))
    if not states:
        return wanted
    if AssignmentState.APPROVED in states:
        return wanted | silent
    return wanted & ~silent


def _bonuses(rows: QuerySet[Bonus], after: Place | None) -> QuerySet[Bonus]:
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(granted_at__lt=moment) | Q(granted_at=moment, pk__lt=pk))
    return rows.select_related("assignment", "worker").order_by("-granted_at", "-pk")


def _with_answers(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    files = Prefetch("files", queryset=ProofFile.objects.order_by("pk"))
    return rows.select_related("worker", "answer").prefetch_related(files)
