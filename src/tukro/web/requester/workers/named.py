"""The worker whom a requester's page, form or address names."""

from __future__ import annotations

from tukro.people.aliases import UnknownWorker, worker_known_as
from tukro.people.models import Worker
from tukro.web.entry.access import RequesterRequest


def worker_named(request: RequesterRequest, typed: str) -> Worker:
    """By the id under which this requester knows them. Refuses UnknownWorker."""
    worker_id = typed.strip().upper()
    worker = worker_known_as(worker_id, request.requester)
    if worker is None:
        raise UnknownWorker(worker=worker_id)
    return worker
