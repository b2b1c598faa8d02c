"""The searches that a worker keeps."""

from __future__ import annotations

from tukro.kernel.errors import NotFound
from tukro.people.models import Worker
from tukro.work.models import SavedSearch


def searches_of(worker: Worker) -> list[SavedSearch]:
    """By name."""
    return list(worker.saved_searches.order_by("name", "pk"))


def search_of(worker: Worker, search_id: str) -> SavedSearch:
    """One of the worker's own. Refuses NotFound."""
    found = worker.saved_searches.filter(public_id=search_id).first()
    if found is None:
        raise NotFound()
    return found
