"""What there is to tell: read from the database for all listeners at once, on the one thread that may ask it.

Nothing is added to what changes the market: a look compares what it reads with what was told before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from tukro.money.queries import available_to, latest_payouts
from tukro.notices.queries.conversations import unread_of_workers
from tukro.people.actions.tokens import worker_with_token
from tukro.people.models import Worker
from tukro.people.queries.visiting import Listener, listeners
from tukro.qualifications.actions.eligibility import eligibility_of
from tukro.web.entry.sessions import hashed, seal
from tukro.web.news.topics import Facts, Told
from tukro.work.queries.finding.open_list import count_open
from tukro.work.queries.heard import (
    Opening,
    kept_from,
    last_listed,
    openings,
    queues_of,
    wishes_in_draws,
)

MOST_GROUPS = 20  # are named in one event
_LATE = timedelta(seconds=30)  # a listing may be seen so long after the moment that it names
_AT_LEAST_EVERY = timedelta(seconds=5)  # what time alone changes: deadlines, sessions that run out
_RESUMED_AT_MOST = timedelta(days=1)
_ANYBODY = 1  # the requirement set that asks nothing


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves a listener: the hashed key of a session, or the hash of a token."""

    hash: str
    is_token: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found. ``fits``: for each worker the groups of ``opened`` that their list shows, each
    with whether they may take it."""

    listeners: Mapping[str, Listener]
    facts: Mapping[int, Facts]
    opened: list[Opening]
    fits: Mapping[int, list[Told]]
    open_groups: int
    newest: datetime | None = None  # when the newest group was listed


class Reader:
    """Looks at the market. All of it runs on one thread, whose connection is the process's only one."""

    def __init__(self) -> None:
        self._snapshot = ""
        self._looked_at: datetime | None = None
        self._newest: datetime | None = None
        self._known: dict[int, datetime] = {}  # groups that were told lately, by type

    def whose(self, credential: Credential, token: str) -> Listener | None:
        """The worker behind a session or a token; the use of a token is noted."""
        now = timezone.now()
        if credential.is_token and worker_with_token(token, now=now) is None:
            return None
        return _listeners([credential], now).get(credential.hash)

    def begin(self, listener: Listener, since: datetime | None) -> Seen:
        """How things stand for one worker, and what was listed ``since``; or else just now."""
        now = timezone.now()
        newest = last_listed()
        begun = max(since, now - _RESUMED_AT_MOST) if since else (newest or now) - _LATE
        opened = openings(since=begun, now=now, limit=MOST_GROUPS)
        fits = _fits([listener.worker_id], opened, now) if since else {}
        return Seen({}, _facts([listener], now), opened, fits, count_open(now=now), newest)

    def look(self, credentials: Collection[Credential]) -> Seen | None:
        """What all listeners are to know; None when nothing can have changed since the look before."""
        now = timezone.now()
        snapshot = _snapshot()
        if snapshot == self._snapshot and self._looked_at and now - self._looked_at < _AT_LEAST_EVERY:
            return None
        opened = self._opened(now)
        found = _listeners(credentials, now)
        workers = {one.worker_id: one for one in found.values()}
        seen = Seen(
            listeners=found,
            facts=_facts(workers.values(), now),
            opened=opened,
            fits=_fits(workers, opened, now),
            open_groups=count_open(now=now) if opened and workers else 0,
        )
        self._snapshot, self._looked_at = snapshot, now  # only now: what failed is looked at again
        return seen

    def forget_connection(self) -> None:
        """After a fault: the next look opens a new one."""
        self._snapshot = ""
        connection.close()

    def _opened(self, now: datetime) -> list[Opening]:
        """Groups listed since the look before, the latest first. At the first look everything is old."""
        if self._newest is None:
            self._newest = last_listed() or now - _LATE
            self._known = {
                one.type_pk: one.listed_at
                for one in openings(since=self._newest - _LATE, now=now, limit=10 * MOST_GROUPS)
            }
            return []
        since = self._newest - _LATE
        found = openings(since=since, now=now, limit=10 * MOST_GROUPS)
        new = [one for one in found if self._known.get(one.type_pk) != one.listed_at]
        self._known = {type_pk: at for type_pk, at in self._known.items() if at > since}
        self._known |= {one.type_pk: one.listed_at for one in new}
        self._newest = max([self._newest, *(one.listed_at for one in new)])
        return new


def credential_of(*, cookie: str, token: str) -> Credential | None:
    """What the request brings; the token counts when there are both."""
    if token:
        return Credential(hashed(token), is_token=True)
    return Credential(hashed(cookie), is_token=False) if cookie else None


def _snapshot() -> str:
    """Another one as soon as any transaction that writes has begun or ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def _listeners(credentials: Collection[Credential], now: datetime) -> dict[str, Listener]:
    keys = [one.hash for one in credentials if not one.is_token]
    digests = [one.hash for one in credentials if one.is_token]
    return listeners(keys, digests, seal=seal(), now=now) if credentials else {}


def _facts(workers: Collection[Listener], now: datetime) -> dict[int, Facts]:
    ids = [one.worker_id for one in workers]
    if not ids:
        return {}
    queues, draws = queues_of(ids, now=now), wishes_in_draws(ids)
    messages, payouts = unread_of_workers(ids), latest_payouts(ids)
    available = available_to([one.public_id for one in workers])
    return {
        one.worker_id: Facts(
            queue=queues.get(one.worker_id, ()),
            draws=draws.get(one.worker_id, ()),
            notices=one.unread,
            messages=messages.get(one.worker_id, 0),
            earnings=available.get(one.public_id, 0),
            payouts=payouts.get(one.worker_id, ()),
        )
        for one in workers
    }


def _fits(worker_ids: Collection[int], opened: list[Opening], now: datetime) -> dict[int, list[Told]]:
    """What of it each worker's open list shows. A worker is judged only when a group asks for something."""
    if not opened or not worker_ids:
        return {}
    away = kept_from(worker_ids, opened)
    asks = any(one.requirement_set_id != _ANYBODY for one in opened)
    found: dict[int, list[Told]] = {}
    for worker_id in worker_ids:
        accept, hidden = {_ANYBODY}, frozenset[int]()
        if asks:
            eligible = eligibility_of(worker=Worker(pk=worker_id), now=now)
            accept, hidden = set(eligible.accept), frozenset(eligible.no_discover)
        told = [
            Told(one, one.requirement_set_id in accept)
            for one in opened
            if (worker_id, one.type_pk) not in away and one.requirement_set_id not in hidden
        ]
        if told:
            found[worker_id] = told
    return found
