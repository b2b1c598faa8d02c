"""Narrower lists: language, phone, time, measured pay, and what the worker likes or hides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.work import jobs
from tukro.work.actions.finding import marking
from tukro.work.actions.finding.marking import (
    BadLiking,
    TooManyMarks,
    mark_group,
    mark_requester,
    unmark_group,
    unmark_requester,
)
from tukro.work.models import Batch, Mark, TaskType
from tukro.work.queries import EVERYTHING, Wanted, liking_of, marks_of, open_groups, read_wanted

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(hours=1)


def titles(worker: Worker | None = None, wanted: Wanted = EVERYTHING) -> set[str]:
    return {row.title for row in open_groups(worker, now=LATER, wanted=wanted).rows}


def group(title: str, *, kind: str = "html", **terms: Any) -> Batch:
    body = '{"instructions": "", "fields": []}' if kind == "proof" else "<p>${image}</p>"
    named = {"title": title, "description": title} | terms
    return make.batch(of_terms=make.terms(**named), question_kind=kind, question_body=body)


def worked(batch: Batch, seconds: list[int]) -> None:
    """Answers of the batch that took so long."""
    for taken in seconds:
        make.submitted(of=batch, after=timedelta(seconds=taken))
    jobs.refresh_listings(LATER)


def test_work_is_found_by_the_language_that_it_is_written_in_or_said_to_be_in() -> None:
    group("ছবির কাজ")
    group("Look at pictures")
    group("Write Bengali", language="bn")
    group("123 456")

    assert titles(wanted=Wanted(language="bn")) == {"ছবির কাজ", "Write Bengali"}
    assert titles(wanted=Wanted(language="en")) == {"Look at pictures"}
    assert "123 456" in titles()


def test_own_forms_suit_a_phone_and_pages_only_where_their_requester_says_so() -> None:
    group("form", kind="proof")
    group("page")
    group("page for phones", on_phone=True)
    group("form for desks", kind="proof", on_phone=False)

    assert titles(wanted=Wanted(on_phone=True)) == {"form", "page for phones"}


@pytest.mark.django_db(transaction=True)
def test_time_and_pay_per_hour_are_measured_with_their_spread_or_not_said() -> None:
    batch = make.batch(rows=8, of_terms=make.terms(title="measured", reward="0.10", estimate_seconds=600))
    group("estimated", estimate_seconds=120)
    group("unknown")

    worked(batch, [30, 60, 90, 120])
    assert titles(wanted=Wanted(longest=300)) == {"estimated"}
    [row] = [row for row in open_groups(None, now=LATER).rows if row.title == "measured"]
    assert (row.hourly, row.hourly_low, row.hourly_high, row.takes_seconds) == (None, None, None, 600)

    worked(batch, [150])
    [row] = [row for row in open_groups(None, now=LATER).rows if row.title == "measured"]
    assert (row.hourly, row.hourly_sample, row.takes_seconds) == (Money.parse("4.00"), 5, 90)
    assert (row.hourly_low, row.hourly_high) == (Money.parse("3.00"), Money.parse("6.00"))
    assert titles(wanted=Wanted(longest=100)) == {"measured"}
    assert titles(wanted=Wanted(min_hourly=Money.parse("4.00"))) == {"measured"}
    assert titles(wanted=Wanted(min_hourly=Money.parse("4.01"))) == set()


def test_hidden_work_is_not_listed_until_it_is_shown_again() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    shown, hidden = group("shown"), group("hidden")
    mark_group(worker=rahima, group_id=hidden.task_type.group_id, liking="hidden", now=LATER)

    assert titles(rahima) == {"shown"}
    assert titles(tanvir) == {"shown", "hidden"}
    likings = {row.title: row.liking for row in open_groups(rahima, now=LATER, hidden_too=True).rows}
    assert likings == {"shown": "", "hidden": "hidden"}

    mark_requester(worker=rahima, requester_id=shown.requester.public_id, liking="hidden", now=LATER)
    assert titles(rahima) == set()
    unmark_requester(worker=rahima, requester_id=shown.requester.public_id)
    unmark_group(worker=rahima, group_id=hidden.task_type.group_id)
    unmark_group(worker=rahima, group_id=hidden.task_type.group_id)
    assert titles(rahima) == {"shown", "hidden"}


def test_favourites_are_a_list_of_their_own() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    make.batch(of=karim, of_terms=make.terms(title="by Karim"))
    liked = group("liked")
    group("neither")
    mark_requester(worker=rahima, requester_id=karim.public_id, liking="favourite", now=LATER)
    mark_group(worker=rahima, group_id=liked.task_type.group_id, liking="favourite", now=LATER)

    assert titles(rahima, Wanted(favourites=True)) == {"by Karim", "liked"}
    assert liking_of(rahima, karim) == "favourite"
    assert {mark.task_type and mark.task_type.title for mark in marks_of(rahima)} == {None, "liked"}


def test_a_mark_replaces_the_one_before_and_rubbish_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rahima, karim = cast.rahima(), cast.karim()
    for liking in ("hidden", "favourite", "favourite"):
        mark_requester(worker=rahima, requester_id=karim.public_id, liking=liking, now=LATER)
    assert [mark.liking for mark in marks_of(rahima)] == ["favourite"]

    with pytest.raises(BadLiking):
        mark_requester(worker=rahima, requester_id=karim.public_id, liking="loved", now=LATER)
    for unknown in ("A123", "💥"):
        with pytest.raises(NotFound):
            mark_requester(worker=rahima, requester_id=unknown, liking="hidden", now=LATER)
        with pytest.raises(NotFound):
            mark_group(worker=rahima, group_id=unknown, liking="hidden", now=LATER)
    monkeypatch.setattr(marking, "MARKS_AT_MOST", 1)
    with pytest.raises(TooManyMarks):
        mark_group(worker=rahima, group_id=group("one").task_type.group_id, liking="hidden", now=LATER)


def test_the_database_refuses_a_mark_of_two_things_or_of_none() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    task_type = TaskType.objects.get(pk=group("one").task_type_id)
    for both in ({"requester": karim, "task_type": task_type}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(worker=rahima, liking="hidden", made_at=LATER, **both)


def test_filters_and_marks_cost_no_statement_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rahima = cast.rahima()
    for no in range(3):
        batch = group(f"group {no}")
        mark_group(worker=rahima, group_id=batch.task_type.group_id, liking="favourite", now=LATER)
    wanted = Wanted(language="en", favourites=True, search="group")
    open_groups(rahima, now=LATER)  # judges the worker once
    with django_assert_num_queries(2):
        assert len(open_groups(rahima, now=LATER, wanted=wanted).rows) == 3


def test_what_is_wanted_survives_being_kept() -> None:
    wanted = Wanted(search="ছবি", min_reward=Money.parse("0.25"), longest=300, on_phone=True)
    assert read_wanted(wanted.plain) == wanted
    assert read_wanted({"longest": 60, "of another version": 1}) == Wanted(longest=60)
