"""Saved searches: what they find is told, once, in batches, and only what the worker may take."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import cast, make
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.qualifications.rules import NUMBER_APPROVED, Requirement
from tukro.work import jobs
from tukro.work.actions.finding import searches
from tukro.work.actions.finding.marking import mark_group
from tukro.work.actions.finding.searches import (
    BadSearch,
    SearchNameTaken,
    TooManySearches,
    change_search,
    forget_search,
    save_search,
)
from tukro.work.models import SavedSearch
from tukro.work.queries import Wanted, searches_of

# Followers read what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def saved(worker: Worker, *, name: str = "mine", alert: bool = True, **wanted: Any) -> SavedSearch:
    return save_search(
        worker=worker,
        name=name,
        wanted=Wanted(**wanted),
        alert=alert,
        every_seconds=3600,
        now=make.NOW,
    )


def group(title: str, *, at: datetime, **terms: Any) -> str:
    named = {"title": title, "description": title} | terms
    return make.batch(of_terms=make.terms(**named), now=at).task_type.group_id


def told(at: datetime) -> list[list[str]]:
    """Titles of each message since the last call, after the job ran twice around ``at``."""
    before = set(Event.objects.filter(name="SearchMatched").values_list("pk", flat=True))
    jobs.alert_searches(at)
    jobs.alert_searches(at + timedelta(seconds=15))
    found = Event.objects.filter(name="SearchMatched").exclude(pk__in=before).order_by("pk")
    return [[one["title"] for one in event.facts["groups"]] for event in found]


def test_new_work_that_fits_is_told_and_other_work_is_not() -> None:
    rahima = cast.rahima()
    saved(rahima, search="receipt", min_reward=Money.parse("0.10"), language="en")
    group("Type a receipt", at=make.NOW + MINUTE, reward="0.20")
    group("Type a cheap receipt", at=make.NOW + MINUTE, reward="0.05")
    group("Look at pictures", at=make.NOW + MINUTE, reward="0.20")

    assert told(make.NOW + 2 * MINUTE) == [["Type a receipt"]]
    event = Event.objects.get(name="SearchMatched")
    assert (event.facts["worker"], event.facts["name"], event.facts["count"]) == (rahima.public_id, "mine", 1)
    assert told(make.NOW + 3 * MINUTE) == []


def test_what_was_open_before_is_no_news() -> None:
    group("old", at=make.NOW - HOUR)
    saved(cast.rahima())
    assert told(make.NOW + MINUTE) == []


def test_a_search_speaks_once_in_its_time_and_then_of_everything_since() -> None:
    saved(cast.rahima())
    group("one", at=make.NOW + MINUTE)
    assert told(make.NOW + 2 * MINUTE) == [["one"]]
    group("two", at=make.NOW + 5 * MINUTE)
    group("three", at=make.NOW + 10 * MINUTE)
    assert told(make.NOW + 20 * MINUTE) == []
    assert told(make.NOW + 63 * MINUTE) == [["three", "two"]]


def test_only_work_that_the_worker_may_take_and_has_not_hidden_is_told() -> None:
    rahima = cast.rahima()
    saved(rahima)
    need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,))
    group("for veterans", at=make.NOW + MINUTE, requirements=(need,))
    hidden = group("hidden", at=make.NOW + MINUTE)
    mark_group(worker=rahima, group_id=hidden, liking="hidden", now=make.NOW)
    assert told(make.NOW + 2 * MINUTE) == []


def test_silent_searches_and_suspended_workers_are_left_alone() -> None:
    saved(cast.rahima(), alert=False)
    tanvir = cast.tanvir()
    saved(tanvir)
    Worker.objects.filter(pk=tanvir.pk).update(state="suspended")
    group("new", at=make.NOW + MINUTE)
    assert told(make.NOW + 2 * MINUTE) == []


def test_tasks_made_on_the_wire_are_told_once_a_day_however_often_they_come() -> None:
    saved(cast.rahima())
    karim = cast.karim()
    for minutes in (1, 80, 160):
        make.wire_task(of=karim, now=make.NOW + minutes * MINUTE)
        jobs.refresh_listings(make.NOW + minutes * MINUTE)
        expected = [["Which digit is this?"]] if minutes == 1 else []
        assert told(make.NOW + (minutes + 1) * MINUTE) == expected


def test_long_news_are_counted_and_some_are_named() -> None:
    saved(cast.rahima())
    for no in range(7):
        group(f"group {no}", at=make.NOW + MINUTE)
    [named] = told(make.NOW + 2 * MINUTE)
    assert len(named) == 5
    assert Event.objects.get(name="SearchMatched").facts["count"] == 7


def test_searches_are_changed_and_forgotten_by_their_worker_alone() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    search = saved(rahima, name="  two   words ")
    assert search.name == "two words"
    changed: dict[str, Any] = {"name": "other", "alert": False, "every_seconds": 900, "now": make.NOW}
    with pytest.raises(NotFound):
        change_search(worker=tanvir, search_id=search.public_id, **changed)
    with pytest.raises(NotFound):
        forget_search(worker=tanvir, search_id=search.public_id)
    change_search(worker=rahima, search_id=search.public_id, **changed)
    assert [(one.name, one.alert) for one in searches_of(rahima)] == [("other", False)]
    forget_search(worker=rahima, search_id=search.public_id)
    assert searches_of(rahima) == []


def test_what_cannot_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rahima = cast.rahima()
    saved(rahima)
    for name in ("", " ", "x" * 81):
        with pytest.raises(BadSearch):
            saved(rahima, name=name)
    with pytest.raises(SearchNameTaken):
        saved(rahima)
    monkeypatch.setattr(searches, "SEARCHES_AT_MOST", 1)
    with pytest.raises(TooManySearches):
        saved(rahima, name="second")
