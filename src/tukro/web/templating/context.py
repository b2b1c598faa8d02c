"""What every page may show of its reader: which roles they have and which one this page belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from tukro.people.models import Requester, User, Worker
from tukro.web.entry.access import requester_of, worker_of


@dataclass(frozen=True, slots=True)
class Roles:
    """``user``, ``worker`` and ``requester`` are None for who is not; ``now`` is the side this page is on:
    ``worker``, ``requester``, ``staff`` or ``""`` (public and account pages)."""

    user: User | None
    worker: Worker | None
    requester: Requester | None
    staff: bool
    now: str


def roles(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``roles``, whether this market is the ``sandbox``, and where its
    news are told (``news_url``, or '')."""
    user = getattr(request, "user", None)
    signed_in = user if isinstance(user, User) or getattr(user, "is_authenticated", False) else None
    match = request.resolver_match
    side = match.namespace if match else ""
    return {
        "roles": Roles(
            user=signed_in,
            worker=worker_of(signed_in),
            requester=requester_of(signed_in),
            staff=bool(signed_in and signed_in.is_staff),
            now=side if side in ("worker", "requester", "staff") else "",
        ),
        "sandbox": settings.MODE == "sandbox",
        "news_url": settings.NEWS_URL,
    }
