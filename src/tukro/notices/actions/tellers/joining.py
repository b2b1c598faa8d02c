"""What staff decided about a worker's account."""

from __future__ import annotations

from tukro.journal.models import Event
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.people.models import Worker


def _of_worker(event: Event, template: str, facts: Facts, link: str) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.subject).first()
    return Told(worker.user, template, facts, kind="account", link=link) if worker else None


def _approved(event: Event) -> Told | None:
    again = event.facts.get("from") == "suspended"
    return _of_worker(event, "worker_approved", {"again": again}, "/dashboard")


def _refused(event: Event) -> Told | None:
    return _of_worker(event, "worker_refused", {"reason": event.facts["reason"]}, "/account/worker")


def _suspended(event: Event) -> Told | None:
    return _of_worker(event, "worker_suspended", {"reason": event.facts["reason"]}, "/account/worker")


TELLERS: dict[str, Teller] = {
    "WorkerApproved": _approved,
    "WorkerRefused": _refused,
    "WorkerSuspended": _suspended,
}
