"""What was decided about a worker's work: sent back, rejected, a bonus; and repairs that did not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.work.models import Assignment, AssignmentState, Batch, Bonus


def rejections(events: Sequence[Event]) -> Iterator[tuple[Event, Told]]:
    """Rejections come many at a time: one letter for each worker, under the first of its events."""
    first = {event.subject: event for event in reversed(events) if event.name == "AssignmentRejected"}
    if not first:
        return
    rejected = (
        Assignment.objects.filter(public_id__in=first)
        .select_related("worker__user", "task__task_type")
        .order_by("worker_id", "id")
    )
    for _, group in groupby(rejected, key=lambda assignment: assignment.worker_id):
        theirs = list(group)
        event = min((first[each.public_id] for each in theirs), key=lambda event: event.id)
        facts: Facts = {"count": len(theirs), "works": _alike_once(theirs)}
        user = theirs[0].worker.user
        link = reverse("worker:history") + "?state=rejected"
        if len(theirs) == 1:
            link = reverse("worker:record", args=[theirs[0].public_id])
        facts["link"] = link
        yield event, Told(user, "assignment_rejected", facts, kind="rejection", link=link)


def _alike_once(rejected: Sequence[Assignment]) -> list[Facts]:
    """What is said of each, and of how many it is said: whole batches are rejected with the same words."""
    counted = Counter(tuple(_about_work(each).items()) for each in rejected)
    return [{**dict(facts), "times": times if times > 1 else ""} for facts, times in counted.items()]


def _about_work(assignment: Assignment) -> Facts:
    terms = assignment.task.task_type
    return {
        "title": terms.title,
        "reward": terms.reward,
        "reason": assignment.reason_code,
        "feedback": assignment.feedback.strip(),
    }


def _sent_back(event: Event) -> Told | None:
    assignment = (
        Assignment.objects.select_related("worker__user", "task__task_type")
        .filter(public_id=event.subject)
        .first()
    )
    if assignment is None:
        return None
    facts = {**_about_work(assignment), "deadline": assignment.deadline_at}
    return Told(
        assignment.worker.user, "revision_asked", facts, kind="revision", link=reverse("worker:queue")
    )


def unrepaired(events: Sequence[Event]) -> Iterator[tuple[Event, Told]]:
    """Repairs that did not come, as their requester hears of them: one letter for each batch, under the first
    of its events."""
    first = {event.subject: event for event in reversed(events) if event.name == "AssignmentStands"}
    if not first:
        return
    standing = Assignment.objects.filter(public_id__in=first, batch_id__isnull=False).order_by("batch_id")
    by_batch = {pk: list(group) for pk, group in groupby(standing, key=lambda one: one.batch_id)}
    batches = Batch.objects.select_related("requester__user").filter(pk__in=by_batch).order_by("pk")
    for batch in batches:
        theirs = [one.public_id for one in by_batch[batch.pk]]
        event = min((first[one] for one in theirs), key=lambda event: event.id)
        link = reverse("requester:review", args=[batch.public_id])
        if len(theirs) == 1:
            link = reverse("requester:assignment", args=[theirs[0]])
        facts: Facts = {"name": batch.name, "count": len(theirs), "link": link}
        yield event, Told(batch.requester.user, "answers_unrepaired", facts, kind="revision", link=link)


def _stands(event: Event) -> Told | None:
    """A worker who gave the repair back knows it."""
    assignment = (
        Assignment.objects.select_related("worker__user", "task__task_type")
        .filter(public_id=event.subject, state=AssignmentState.SUBMITTED)
        .first()
    )
    if assignment is None or event.actor != str(HOUSE):
        return None
    link = reverse("worker:record", args=[assignment.public_id])
    terms = assignment.task.task_type
    facts: Facts = {
        "title": terms.title,
        "reward": terms.reward,
        "until": assignment.auto_approve_at,
        "link": link,
    }
    return Told(assignment.worker.user, "repair_missed", facts, kind="revision", link=link)


def _bonus_paid(event: Event) -> Told | None:
    bonus = (
        Bonus.objects.select_related("worker__user", "assignment__task__task_type")
        .filter(public_id=event.facts["bonus"])
        .first()
    )
    if bonus is None:
        return None
    facts: Facts = {
        "amount": bonus.amount,
        "reason": bonus.reason,
        "title": bonus.assignment.task.task_type.title,
    }
    return Told(bonus.worker.user, "bonus_paid", facts, kind="bonus", link=reverse("worker:earnings"))


TELLERS: dict[str, Teller] = {
    "AssignmentSentBack": _sent_back,
    "AssignmentStands": _stands,
    "BonusPaid": _bonus_paid,
}
