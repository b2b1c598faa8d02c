"""Reading who may do what."""

from __future__ import annotations

from tukro.people.models import Requester, Worker
from tukro.qualifications.models import (
    Block,
    Qualification,
    RequirementSet,
    Standing,
)
from tukro.qualifications.rules import (
    NUMBER_APPROVED,
    PERCENT_APPROVED,
    Facts,
    Requirement,
    percent_approved,
    read,
    unmet,
)


def facts_of(worker: Worker) -> Facts:
    """Everything that requirements can ask about a worker."""
    held = Qualification.objects.filter(worker=worker, revoked_at=None).values_list(
        "type__public_id", "value"
    )
    standing = Standing.objects.filter(worker=worker).first() or Standing(worker=worker)
    percent = percent_approved(standing.submitted, standing.approved, standing.rejected)
    values = {**dict(held), NUMBER_APPROVED: standing.approved, PERCENT_APPROVED: percent}
    return Facts(locale=worker.country, values=values)


def unmet_requirements(worker: Worker, requirement_set: RequirementSet) -> list[Requirement]:
    """What stands between this worker and tasks that ask for this set."""
    return unmet(read(requirement_set.requirements), facts_of(worker))


def is_blocked(*, worker: Worker, requester: Requester) -> bool:
    return Block.objects.filter(worker=worker, requester=requester).exists()
