"""Appeals as requesters and staff see them: what is open, the longest waiting first."""

from __future__ import annotations

from django.db.models import QuerySet

from tukro.kernel.ids import looks_like_id
from tukro.people.models import Requester
from tukro.work.models import Appeal, AppealFile, AppealOutcome, Assignment


def open_appeals(*, of: Requester | None = None, after: str = "") -> QuerySet[Appeal]:
    """Open appeals of the house, or of one requester's work; ``after``: past this one."""
    found = Appeal.objects.filter(outcome=AppealOutcome.OPEN).order_by("pk")
    if of is not None:
        found = found.filter(requester_id=of.pk)
    if looks_like_id(after):
        found = found.filter(pk__gt=Appeal.objects.filter(public_id=after).values("pk")[:1])
    return found.select_related(
        "assignment__worker", "assignment__task__task_type__requester"
    ).prefetch_related("files")


def appeal_of(assignment: Assignment) -> tuple[Appeal | None, list[AppealFile]]:
    """The appeal against this assignment's rejection with its files."""
    made = Appeal.objects.filter(assignment=assignment).prefetch_related("files").first()
    return made, list(made.files.all()) if made else []
