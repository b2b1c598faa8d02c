"""The worker or requester whom a public id names: for staff, and for acts that wait in the database."""

from __future__ import annotations

from tukro.kernel.errors import NotFound
from tukro.people.models import Requester, Worker


def worker_named(public_id: str) -> Worker:
    """With the user. Raises NotFound."""
    worker = Worker.objects.select_related("user").filter(public_id=public_id).first()
    if worker is None:
        raise NotFound(worker=public_id)
    return worker


def requester_named(public_id: str) -> Requester:
    """With the user. Raises NotFound."""
    requester = Requester.objects.select_related("user").filter(public_id=public_id).first()
    if requester is None:
        raise NotFound(requester=public_id)
    return requester


def person_named(name: str) -> Worker | Requester:
    """Whom ``worker:ID`` or ``requester:ID`` names. Raises NotFound."""
    match name.partition(":"):
        case "worker", ":", public_id:
            return worker_named(public_id)
        case "requester", ":", public_id:
            return requester_named(public_id)
    raise NotFound(person=name)
