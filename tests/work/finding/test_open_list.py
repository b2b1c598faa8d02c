"""What a worker finds, in which order, and what stays hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests import cast, make
from tukro.kernel.money import Money
from tukro.people.models import Worker
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.rules import Requirement
from tukro.work.actions.publishing import cancel_batch, pause_batch, resume_batch
from tukro.work.models import Listing
from tukro.work.queries import EVERYTHING, Wanted, group_details, open_groups
from tukro.work.queries.finding import preview
from tukro.work.queries.heard import kept_from, openings

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(hours=1)
BEFORE = make.NOW - timedelta(hours=1)


def titles(
    worker: Worker | None = None,
    *,
    wanted: Wanted = EVERYTHING,
    sort: str = "updated_desc",
    after: str = "",
    limit: int = 20,
) -> list[str]:
    page = open_groups(worker, now=LATER, wanted=wanted, sort=sort, after=after, limit=limit)
    return [row.title for row in page.rows]


def group(title: str, *, minutes: int = 0, reward: str = "0.05", rows: int = 1, **more: Any) -> None:
    make.batch(
        rows=rows,
        of_terms=make.terms(title=title, reward=reward, **more),
        now=make.NOW + timedelta(minutes=minutes),
    )


def test_groups_stand_in_the_asked_order() -> None:
    group("one", minutes=1, reward="0.30", rows=2)
    group("two", minutes=2, reward="0.10", rows=3)
    group("three", minutes=3, reward="0.20", rows=1)

    assert titles(sort="updated_desc") == ["three", "two", "one"]
    assert titles(sort="updated_asc") == ["one", "two", "three"]
    assert titles(sort="reward_desc") == ["one", "three", "two"]
    assert titles(sort="reward_asc") == ["two", "three", "one"]
    assert titles(sort="num_hits_desc") == ["two", "one", "three"]
    assert titles(sort="num_hits_asc") == ["three", "one", "two"]
    assert titles(sort="no such sort") == titles(sort="updated_desc")


@pytest.mark.parametrize(
    ("wanted", "fit"),
    [(EVERYTHING, 8), (Wanted(search="group"), 7), (Wanted(min_reward=Money.parse("0.11")), 4)],
)
@pytest.mark.parametrize("sort", ["updated_desc", "reward_asc", "num_hits_desc", "hourly_desc"])
def test_pages_follow_each_other_without_a_gap_or_a_double(sort: str, wanted: Wanted, fit: int) -> None:
    for no in range(7):
        group(f"group {no}", minutes=no // 2, reward=f"0.{10 + no // 3}")
    group("another one", minutes=2)
    whole = titles(sort=sort, limit=50, wanted=wanted)

    paged, cursor = [], ""
    while True:
        page = open_groups(None, now=LATER, sort=sort, wanted=wanted, after=cursor, limit=2)
        paged += [row.title for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break

    assert paged == whole
    assert len(paged) == fit


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24=", "WyJ1cGRhdGVkX2Rlc2MiLCJ4IiwiWSJd", "e30=", "🦊"])
def test_a_bad_cursor_is_the_first_page(cursor: str) -> None:
    group("one")
    assert titles(after=cursor) == ["one"]


def test_words_are_found_by_their_beginnings_in_bengali_and_english() -> None:
    group("ছবির কাজগুলি দেখুন", description="সংখ্যা চিনুন", keywords="ছবি")
    group("Transcribe receipts", description="Write down what a receipt says", keywords="text")

    assert titles(wanted=Wanted(search="কাজ")) == ["ছবির কাজগুলি দেখুন"]
    assert titles(wanted=Wanted(search="trans rece")) == ["Transcribe receipts"]
    assert titles(wanted=Wanted(search="transcribe pictures")) == []
    assert titles(wanted=Wanted(search="'); drop table--")) == []
    assert titles(wanted=Wanted(search="\\ ' & | !")) == []


def test_one_spelling_finds_the_other() -> None:
    # The letter yya as one sign and as two: keyboards differ, NFC does not.
    group("সময়ের হিসাব")
    assert titles(wanted=Wanted(search="সময়")) == ["সময়ের হিসাব"]


def test_filters_narrow_the_list() -> None:
    group("cheap", reward="0.02")
    group("dear", reward="0.50", category="survey")

    assert titles(wanted=Wanted(min_reward=Money.parse("0.10"))) == ["dear"]
    assert titles(wanted=Wanted(category="survey")) == ["dear"]
    assert titles(wanted=Wanted(category="survey", min_reward=Money.parse("1.00"))) == []


def test_qualified_only_hides_what_asks_for_more() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    reads = make.qualification_type(of=karim)
    asks = make.terms(title="asks", requirements=[Requirement(reads.public_id, "GreaterThan", (50,))])
    make.batch(of=karim, of_terms=asks)
    group("free for all")

    assert titles(rahima, wanted=Wanted(qualified_only=True)) == ["free for all"]
    rows = {row.title: row.qualified for row in open_groups(rahima, now=LATER).rows}
    assert rows == {"free for all": True, "asks": False}

    grant(requester=karim, type_id=reads.public_id, worker=rahima, value=80, now=LATER)
    assert sorted(titles(rahima, wanted=Wanted(qualified_only=True))) == ["asks", "free for all"]


def test_nobody_is_offered_what_they_post_themselves(settings: Settings) -> None:
    settings.PLAY_MONEY = False
    rahima = cast.rahima()
    own = make.batch(of=make.requester(of=rahima.user), of_terms=make.terms(title="own")).task_type
    group("another's")

    assert (titles(rahima), titles(cast.tanvir())) == (["another's"], ["another's", "own"])
    assert group_details(own.group_id, worker=rahima, now=LATER).own
    assert kept_from([rahima.pk], openings(since=BEFORE, now=LATER, limit=9)) == {(rahima.pk, own.pk)}

    settings.MODE = "sandbox"
    assert titles(rahima) == ["another's", "own"]
    assert not group_details(own.group_id, worker=rahima, now=LATER).own
    assert kept_from([rahima.pk], openings(since=BEFORE, now=LATER, limit=9)) == set()


def test_a_blocked_worker_does_not_see_the_requester() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    make.batch(of=karim)
    block_worker(requester=karim, worker=rahima, reason="copied answers", now=LATER)

    assert titles(rahima) == []
    assert len(titles(cast.tanvir())) == 1


def test_an_emptied_group_is_hidden_at_once_and_shown_again_when_a_place_is_free() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=1, places=2)
    make.accepted(of=batch)
    assert len(titles()) == 1
    make.accepted(of=batch)
    assert titles() == []


def test_places_of_a_large_group_are_those_of_the_open_list(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make.batch(rows=3, places=2)
    make.accepted(of=batch)

    def places() -> int:
        return group_details(batch.task_type.group_id, worker=None, now=LATER).group.open_places

    assert places() == 5
    monkeypatch.setattr(preview, "COUNTED_TASKS", 2)
    Listing.objects.update(open_places=77)  # what the job counted last
    assert places() == 77


def test_paused_cancelled_and_expired_groups_are_hidden() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, lifetime_seconds=86400)
    pause_batch(requester=karim, batch_id=batch.public_id, now=LATER)
    assert titles() == []
    resume_batch(requester=karim, batch_id=batch.public_id, now=LATER)
    assert len(titles()) == 1
    assert open_groups(None, now=make.NOW + timedelta(days=2)).rows == []
    cancel_batch(requester=karim, batch_id=batch.public_id, now=LATER)
    assert titles() == []


def test_a_row_tells_what_the_worker_has_had() -> None:
    rahima = cast.rahima()
    batch = make.batch(rows=2, places=2)
    make.accepted(by=rahima, of=batch)
    row = open_groups(rahima, now=LATER).rows[0]
    assert (row.mine, row.all_done) == (1, False)
    make.accepted(by=rahima, of=batch)
    row = open_groups(rahima, now=LATER, done_too=True).rows[0]
    assert (row.mine, row.all_done) == (2, True)


def test_a_group_without_anything_left_for_the_worker_is_shown_only_when_asked_for() -> None:
    rahima = cast.rahima()
    make.accepted(by=rahima, of=make.batch(places=2))
    assert open_groups(rahima, now=LATER).rows == []
    assert len(open_groups(rahima, now=LATER, done_too=True).rows) == 1
    assert len(open_groups(cast.tanvir(), now=LATER).rows) == 1


def test_a_page_costs_two_queries_whatever_its_length(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    for no in range(5):
        group(f"group {no}")
    open_groups(rahima, now=LATER)  # judges the worker once
    with django_assert_num_queries(2):
        assert len(open_groups(rahima, now=LATER, limit=50).rows) == 5
