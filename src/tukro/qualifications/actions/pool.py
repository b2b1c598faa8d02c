"""A requester's workers from another market: brought as a list, joined to workers here when both agree.

An id of the old market is no secret (every requester there knows it), so a worker's word alone gives nothing:
the requester who knows the worker confirms it, and only then qualifications and blocks apply here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.models import FormerClaim, FormerWorker
from tukro.qualifications.rules.former import looks_like_former_id

_CHUNK = 1000


class BadFormerId(Refused):
    """No worker of the old market has such an id: ``A`` and more capital letters and digits. ``former_id``"""


class AlreadyConfirmed(Refused):
    """This former worker is known to be another worker here. ``worker_id``: as the requester knows them."""


@dataclass(frozen=True, slots=True)
class Former:
    """One worker as the old market's files tell. ``values``: by public id of the requester's types here."""

    former_id: str
    values: Mapping[str, int] = field(default_factory=dict)
    block_reason: str = ""
    approved: int = 0
    rejected: int = 0


@transaction.atomic
def bring_workers(*, requester: Requester, workers: Sequence[Former], now: datetime) -> int:
    """Keep these former workers; those kept before are told anew. Returns how many.

    Those who are joined to a worker here already keep what they hold. Refuses BadFormerId.
    """
    for one in workers:
        if not looks_like_former_id(one.former_id):
            raise BadFormerId(former_id=one.former_id)
    FormerWorker.objects.bulk_create(
        [
            FormerWorker(
                requester=requester,
                former_id=one.former_id,
                values=dict(one.values),
                block_reason=one.block_reason,
                approved=one.approved,
                rejected=one.rejected,
                brought_at=now,
            )
            for one in sorted(workers, key=lambda one: one.former_id)
        ],
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["requester", "former_id"],
        update_fields=["values", "block_reason", "approved", "rejected", "brought_at"],
    )
    facts = {"workers": len(workers)}
    record(
        name="FormerWorkersBrought", actor=requester.actor, subject=requester.public_id, at=now, facts=facts
    )
    return len(workers)


@transaction.atomic
def claim_former_id(*, worker: Worker, former_id: str, now: datetime) -> None:
    """The worker says which id was theirs; an empty one takes the word back. Refuses BadFormerId."""
    told = former_id.strip().upper()
    if not told:
        FormerClaim.objects.filter(worker=worker).delete()
        return
    if not looks_like_former_id(told):
        raise BadFormerId(former_id=told)
    FormerClaim.objects.update_or_create(worker=worker, defaults={"former_id": told, "claimed_at": now})
    record(
        name="FormerIdClaimed",
        actor=worker.actor,
        subject=worker.public_id,
        at=now,
        facts={"former_id": told},
    )


@transaction.atomic
def confirm_claim(*, requester: Requester, former_id: str, worker: Worker, now: datetime) -> None:
    """The requester agrees that this worker is that former one: qualifications and a block apply from now on.

    Twice is once. Refuses NotFound (no such former worker, or no such claim) and AlreadyConfirmed.
    """
    former = (
        FormerWorker.objects.select_for_update(of=("self",), no_key=True)
        .select_related("worker")
        .filter(requester=requester, former_id=former_id)
        .first()
    )
    claim = FormerClaim.objects.select_related("worker").filter(former_id=former_id, worker=worker).first()
    if former is None or (claim is None and former.worker is None):
        raise NotFound()
    if former.worker is not None:
        if former.worker == worker:
            return
        raise AlreadyConfirmed(worker_id=alias(former.worker, requester))
    assert claim is not None
    _join(former, claim.worker, now)


def _join(former: FormerWorker, worker: Worker, now: datetime) -> None:
    former.worker, former.confirmed_at = worker, now
    former.save(update_fields=["worker", "confirmed_at"])
    requester = former.requester
    kept = set(requester.qualification_types.filter(deleted_at=None, is_active=True).values_list("public_id"))
    for type_id, value in sorted(former.values.items()):
        if (type_id,) in kept:  # a type that was deleted since grants nothing
            grant(requester=requester, type_id=type_id, worker=worker, value=value, now=now)
    if former.block_reason:
        block_worker(requester=requester, worker=worker, reason=former.block_reason, now=now)
    facts = {"requester": requester.public_id, "former_id": former.former_id}
    record(name="FormerWorkerConfirmed", actor=requester.actor, subject=worker.public_id, at=now, facts=facts)
