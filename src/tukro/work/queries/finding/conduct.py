"""What is known of a requester before one works for them."""

from __future__ import annotations

from dataclasses import dataclass

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.people.models import Requester, Worker
from tukro.work.models import Conduct
from tukro.work.queries.finding.marks import liking_of


@dataclass(frozen=True, slots=True)
class Profile:
    """``conduct`` is None when nothing of theirs was ever decided; ``liking``: how the worker marked them."""

    requester: Requester
    conduct: Conduct | None
    liking: str


def requester_profile(requester_id: str, *, worker: Worker) -> Profile:
    """A requester as workers see them. Refuses NotFound."""
    found = Requester.objects.select_related("conduct").filter(public_id=requester_id)
    requester = found.first() if looks_like_id(requester_id) else None
    if requester is None:
        raise NotFound()
    return Profile(requester, getattr(requester, "conduct", None), liking_of(worker, requester))
