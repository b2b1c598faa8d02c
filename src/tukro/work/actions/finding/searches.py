"""Searches that a worker keeps, and what they find: matched as the journal grows, told in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.search import words_query
from tukro.people.models import Worker, WorkerState
from tukro.work.actions.following import next_events
from tukro.work.models import SavedSearch, TaskType
from tukro.work.queries.finding.group_rows import GroupRow
from tukro.work.queries.finding.open_list import open_groups
from tukro.work.queries.finding.wanted import Wanted, read_wanted
from tukro.work.rules import ALERT_EVERY, ALERT_NAMES, MAX_SEARCH_NAME, SEARCHES_AT_MOST

_TELLS_AGAIN = timedelta(days=1)  # a group that keeps getting tasks is news once a day
# The open list counts new tasks some seconds after they were made; a closer look waits for it.
_LIST_CATCHES_UP = timedelta(seconds=10)
_OVERLAP = timedelta(minutes=1)  # a listing may become visible a moment after its time
_LOOKS_AT = 50  # groups of one look
_STEP = 100


class BadSearch(Refused):
    """``field`` (name, every), ``code`` (missing, too_long, unknown), ``limit``."""


class SearchNameTaken(Refused):
    """The worker has a search of this name. ``name``."""


class TooManySearches(Refused):
    """More would tell nobody anything. ``limit``."""


@transaction.atomic
def save_search(
    *, worker: Worker, name: str, wanted: Wanted, alert: bool, every_seconds: int, now: datetime
) -> SavedSearch:
    """Keep a search. Refuses BadSearch, SearchNameTaken, TooManySearches."""
    name = _checked(name, every_seconds)
    Worker.objects.select_for_update().only("pk").get(pk=worker.pk)
    if worker.saved_searches.count() >= SEARCHES_AT_MOST:
        raise TooManySearches(limit=SEARCHES_AT_MOST)
    _refuse_taken(worker, name)
    return SavedSearch.objects.create(
        public_id=new_id(),
        worker=worker,
        name=name,
        wanted=wanted.plain,
        words=words_query(wanted.search),
        alert=alert,
        every_seconds=every_seconds,
        looked_at=now,
        created_at=now,
    )


@transaction.atomic
def change_search(
    *, worker: Worker, search_id: str, name: str, alert: bool, every_seconds: int, now: datetime
) -> SavedSearch:
    """Another name, other alerts; what it looks for stays. Refuses NotFound, BadSearch, SearchNameTaken."""
    name = _checked(name, every_seconds)
    search = _own(worker, search_id)
    _refuse_taken(worker, name, but=search)
    if alert and not search.alert:
        search.looked_at = now  # what was listed in the silence is no news
    search.name, search.alert, search.every_seconds = name, alert, every_seconds
    search.stirred_at = search.stirred_at if alert else None
    search.quiet_until = search.told_at and search.told_at + timedelta(seconds=every_seconds)
    search.save(update_fields=["name", "alert", "every_seconds", "looked_at", "stirred_at", "quiet_until"])
    return search


@transaction.atomic
def forget_search(*, worker: Worker, search_id: str) -> None:
    """The search is gone. Refuses NotFound."""
    _own(worker, search_id).delete()


@transaction.atomic
def stir_searches(*, now: datetime) -> int:
    """Find the searches that something newly listed may fit. Returns how many events were read.

    A coarse sieve, one statement for all of it: the closer look asks the open list itself.
    """
    events = next_events("searches")
    tasks = {event.subject for event in events if event.name in ("HITCreated", "HITExtended")}
    goes_on = ("BatchPublished", "BatchResumed", "BatchReleased")
    batches = {event.subject for event in events if event.name in goes_on}
    types = TaskType.objects.filter(Q(tasks__public_id__in=tasks) | Q(batches__public_id__in=batches))
    if tasks or batches:
        keys = list(types.values_list("pk", flat=True).distinct())
        with connection.cursor() as cursor:
            cursor.execute(_STIR, {"types": keys, "now": now})
    return len(events)


_STIR = """
update work_savedsearch s set stirred_at = %(now)s
 where s.alert and s.stirred_at is null and exists (
       select from work_listing l join people_requester r on r.id = l.requester_id
        where l.task_type_id = any(%(types)s)
          and coalesce(s.wanted->>'category', l.category) = l.category
          and coalesce(s.wanted->>'language', l.language) = l.language
          and coalesce(s.wanted->>'requester_id', r.public_id) = r.public_id
          and coalesce((s.wanted->>'min_reward')::bigint, l.reward) <= l.reward
          and (l.on_phone or not coalesce((s.wanted->>'on_phone')::boolean, false))
          and (s.words = '' or l.words @@ to_tsquery('simple', s.words)))
"""


def tell_searches(*, now: datetime) -> int:
    """Look closer at stirred searches whose workers may be told again. Returns how many were looked at.

    Records SearchMatched for each that found work which its worker may take and was not told of lately.
    """
    due = (
        SavedSearch.objects.filter(stirred_at__lte=now - _LIST_CATCHES_UP)
        .filter(Q(quiet_until=None) | Q(quiet_until__lte=now))
        .order_by("stirred_at")
    )
    with transaction.atomic():
        locked = due.select_related("worker").select_for_update(of=("self",), skip_locked=True)
        searches = list(locked[:_STEP])
        for search in searches:
            _look(search, now)
    return len(searches)


def _look(search: SavedSearch, now: datetime) -> None:
    lately = (now - _TELLS_AGAIN).timestamp()
    told = {group: at for group, at in search.told.items() if at > lately}
    fresh = [row for row in _found(search, now) if row.group_id not in told]
    if fresh:
        search.told_at = now
        search.quiet_until = now + timedelta(seconds=search.every_seconds)
        told |= {row.group_id: now.timestamp() for row in fresh}
        facts = {
            "worker": search.worker.public_id,
            "name": search.name,
            "count": len(fresh),
            "groups": [_told(row) for row in fresh[:ALERT_NAMES]],
        }
        record(name="SearchMatched", actor=HOUSE, subject=search.public_id, at=now, facts=facts)
    search.told, search.stirred_at, search.looked_at = told, None, now - _OVERLAP
    search.save(update_fields=["told", "told_at", "quiet_until", "stirred_at", "looked_at"])


def _found(search: SavedSearch, now: datetime) -> Sequence[GroupRow]:
    """What the search finds in the open list itself that this worker could take now."""
    if search.worker.state != WorkerState.ACTIVE:
        return []
    wanted = replace(read_wanted(search.wanted), qualified_only=True)
    page = open_groups(search.worker, now=now, wanted=wanted, listed_since=search.looked_at, limit=_LOOKS_AT)
    return page.rows


def _told(row: GroupRow) -> dict[str, object]:
    return {
        "group": row.group_id,
        "title": row.title,
        "reward": row.reward.units,
        "requester": row.requester_name,
    }


def _checked(name: str, every_seconds: int) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadSearch(field="name", code="missing", limit=MAX_SEARCH_NAME)
    if len(name) > MAX_SEARCH_NAME:
        raise BadSearch(field="name", code="too_long", limit=MAX_SEARCH_NAME)
    if every_seconds not in ALERT_EVERY:
        raise BadSearch(field="every", code="unknown")
    return name


def _refuse_taken(worker: Worker, name: str, *, but: SavedSearch | None = None) -> None:
    others = worker.saved_searches.exclude(pk=but.pk) if but else worker.saved_searches.all()
    if others.filter(name=name).exists():
        raise SearchNameTaken(name=name)


def _own(worker: Worker, search_id: str) -> SavedSearch:
    search = worker.saved_searches.select_for_update().filter(public_id=search_id).first()
    if search is None:
        raise NotFound()
    return search
