"""Reads of quality: what is not to be shown yet, and the reports of review policies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from tukro.quality.models import Action, Policy, PolicyLevel, Result, Review
from tukro.work.models import HANDED_IN, Assignment

Entry = Result | Action


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a report ended: which list of it, and the last row there. Orders like the report."""

    list_no: int
    row_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive entries of a task's report, each with its review, and where they end."""

    entries: Sequence[Entry]
    end: Place | None  # None: there was nothing


# The order in which a report is read.
_LISTS: tuple[tuple[str, type[Entry]], ...] = (
    (PolicyLevel.ASSIGNMENT, Result),
    (PolicyLevel.ASSIGNMENT, Action),
    (PolicyLevel.HIT, Result),
    (PolicyLevel.HIT, Action),
)


def pending(assignment_ids: Collection[str]) -> frozenset[str]:
    """Those of these assignments (public ids) that wait for their task's policy and stay hidden till then."""
    asked = Assignment.objects.filter(public_id__in=assignment_ids, task__reviews=True)
    waiting = set(asked.values_list("public_id", flat=True))
    if not waiting:
        return frozenset()
    over = Review.objects.filter(assignment_id__in=waiting, level=PolicyLevel.ASSIGNMENT).exclude(
        done_at=None
    )
    return frozenset(waiting.difference(over.values_list("assignment_id", flat=True)))


def pending_of_task(task_id: str) -> list[str]:
    """The task's submissions that its policy has still to look at, oldest first."""
    over = Review.objects.filter(
        assignment_id=OuterRef("public_id"), level=PolicyLevel.ASSIGNMENT, done_at__isnull=False
    )
    waiting = Assignment.objects.filter(
        ~Exists(over), task__public_id=task_id, task__reviews=True, state__in=HANDED_IN
    )
    return list(waiting.order_by("submitted_at", "id").values_list("public_id", flat=True))


def policy_names(task_id: str) -> dict[str, str]:
    """The names of a task's policies by level."""
    return {
        policy.level: str(policy.given["PolicyName"]) for policy in Policy.objects.filter(task_id=task_id)
    }


def policy_of(task_id: str, level: str) -> Policy | None:
    return Policy.objects.filter(task_id=task_id, level=level).first()


def report(
    task_id: str, *, levels: Collection[str], kinds: Collection[type[Entry]], after: Place | None, limit: int
) -> Page:
    """A page of what the task's reviews found and did: assignment level first, results before actions, each
    in the order in which it happened."""
    entries: list[Entry] = []
    end = None
    for list_no, (level, kind) in enumerate(_LISTS):
        if level not in levels or kind not in kinds or (after and list_no < after.list_no):
            continue
        row_id = after.row_id if after and after.list_no == list_no else 0
        found = _entries(kind, task_id, level, row_id, limit - len(entries))
        if found:
            end = Place(list_no, found[-1].pk)
        entries += found
    return Page(entries, end)


def _entries(kind: type[Entry], task_id: str, level: str, row_id: int, limit: int) -> Sequence[Entry]:
    if limit == 0:
        return ()
    rows = kind._default_manager.filter(review__task_id=task_id, review__level=level, id__gt=row_id)
    return list(rows.select_related("review").order_by("id")[:limit])


def answers_of(assignment_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Answers by question of submissions, each answer as one text (questions/answers.py)."""
    rows = Assignment.objects.filter(public_id__in=assignment_ids, answer__isnull=False)
    return {
        one.public_id: {str(name): str(value) for name, value in one.handed_in["fields"]}
        for one in rows.only("public_id", "answer")
    }
