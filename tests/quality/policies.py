"""Policies as they come over the wire, and tasks that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests import make
from tests.make import NOW
from tukro.people.models import Requester
from tukro.quality.actions import attach_policies, begin_on_task, finish, read_policies
from tukro.quality.rules import KNOWN_ANSWERS, PLURALITY
from tukro.work.models import Assignment, Task


def parameter(key: str, *values: str) -> dict[str, Any]:
    return {"Key": key, "Values": list(values)}


def answer_key(**answers: str | Sequence[str]) -> dict[str, Any]:
    entries = [
        {"Key": question, "Values": [values] if isinstance(values, str) else list(values)}
        for question, values in answers.items()
    ]
    return {"Key": "AnswerKey", "MapEntries": entries}


def known(*parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"PolicyName": KNOWN_ANSWERS, "Parameters": list(parameters)}


def plural(*parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"PolicyName": PLURALITY, "Parameters": list(parameters)}


def task_with(
    *,
    assignment_level: Mapping[str, Any] | None = None,
    hit_level: Mapping[str, Any] | None = None,
    places: int = 3,
    of: Requester | None = None,
    reward: str = "0.05",
    auto_approve_seconds: int = 3 * 86400,
) -> Task:
    """A task with these policies."""
    terms = make.terms(reward=reward, auto_approve_seconds=auto_approve_seconds)
    task = make.task(places=places, of=of, of_terms=terms)
    policies = read_policies(assignment_level=assignment_level, hit_level=hit_level)
    attach_policies(task_id=task.public_id, policies=policies, now=NOW)
    task.refresh_from_db()
    return task


def submission(task: Task, **answers: str) -> Assignment:
    """Somebody's submission that no policy has looked at."""
    assert task.batch is not None
    return make.submitted(of=task.batch, fields=tuple(answers.items()))


def review_reviewable(*, task_id: str, event_id: int, now: datetime) -> None:
    """Look at a task that became reviewable, as the follower of the journal does at that event."""
    review_id = begin_on_task(task_id=task_id, event_id=event_id, now=now)
    if review_id is not None:
        finish(review_id=review_id, now=now)
