"""The requesters and groups that a worker likes, and those that they do not want to see."""

from __future__ import annotations

from tukro.people.models import Requester, Worker
from tukro.work.models import Mark


def marks_of(worker: Worker) -> list[Mark]:
    """All marks with what they are of, the latest first."""
    return list(worker.marks.select_related("requester", "task_type__requester").order_by("-made_at", "-pk"))


def liking_of(worker: Worker, requester: Requester) -> str:
    """favourite, hidden or ''."""
    return worker.marks.filter(requester=requester).values_list("liking", flat=True).first() or ""
