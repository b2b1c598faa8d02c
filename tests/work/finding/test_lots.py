"""Scarce groups are drawn by lot: nobody is first, everybody has a chance, nobody gets a place too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests import cast, make
from tests.together import together
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.people.models import Worker
from tukro.qualifications.actions.blocking import block_worker
from tukro.work import jobs
from tukro.work.actions.doing.assigning import ByLot, accept_next, accept_task
from tukro.work.actions.finding import lots
from tukro.work.actions.finding.lots import (
    BadLotteryPolicy,
    change_lottery_policy,
    forget_wish,
    hold_draw,
    wish_for,
)
from tukro.work.models import Assignment, Batch, Lane, TaskType, Wish, WishState
from tukro.work.queries import open_groups

pytestmark = pytest.mark.django_db

SOON = make.NOW + timedelta(seconds=5)  # wishes are collected
DRAWN = make.NOW + timedelta(seconds=30)


@pytest.fixture
def scarce() -> None:
    """Groups that open with fewer than ten places are drawn after fifteen seconds."""
    change_lottery_policy(by=cast.shirin().actor, smaller_than=10, seconds=15, now=make.NOW)


def wishing(count: int, group_id: str) -> list[Worker]:
    workers = [make.worker() for _ in range(count)]
    for worker in workers:
        wish_for(worker=worker, group_id=group_id, now=SOON)
    return workers


def group_of(batch: Batch) -> str:
    return batch.task_type.group_id


@pytest.mark.usefixtures("scarce")
def test_nobody_takes_a_scarce_group_before_its_draw() -> None:
    batch, rahima = make.batch(rows=2), cast.rahima()
    with pytest.raises(ByLot) as refused:
        accept_next(worker=rahima, group_id=group_of(batch), now=SOON)
    assert refused.value.facts["draw_at"] == make.NOW + timedelta(seconds=15)
    with pytest.raises(ByLot):
        accept_task(worker=rahima, task_id=batch.tasks.all()[0].public_id, now=SOON)
    assert not Assignment.objects.exists()


@pytest.mark.usefixtures("scarce")
def test_large_groups_and_those_that_are_open_already_are_taken_at_once() -> None:
    large = make.batch(rows=10)
    assert make.accepted(of=large, now=SOON)
    karim = cast.karim()
    first = make.batch(of=karim, rows=20)
    more = make.batch(of=karim, rows=2, now=SOON)  # of the same group
    assert group_of(first) == group_of(more)
    assert make.accepted(of=more, now=SOON)


def test_without_a_policy_nothing_is_drawn() -> None:
    assert make.accepted(of=make.batch())
    assert TaskType.objects.get().draw_at is None


@pytest.mark.usefixtures("scarce")
def test_the_lot_gives_each_place_once_and_tells_the_others_that_they_lost() -> None:
    batch = make.batch(rows=3)
    wishing(8, group_of(batch))
    assert jobs.hold_draws(SOON) == 0
    jobs.hold_draws(DRAWN)

    assert Counter(Wish.objects.values_list("state", flat=True)) == {"won": 3, "lost": 5}
    won = set(Wish.objects.filter(state="won").values_list("worker_id", "assignment_id"))
    assert won == set(Assignment.objects.values_list("worker_id", "public_id"))
    assert Event.objects.filter(name="LotWon").count() == 3
    assert Event.objects.get(name="LotDrawn").facts == {"wishes": 8, "won": 3}
    assert jobs.hold_draws(DRAWN) == 0


@pytest.mark.usefixtures("scarce")
def test_what_is_left_after_the_draw_is_taken_as_usual() -> None:
    batch = make.batch(rows=3)
    wishing(1, group_of(batch))
    jobs.hold_draws(DRAWN)
    assert make.accepted(of=batch, now=DRAWN)
    assert Assignment.objects.count() == 2


@pytest.mark.usefixtures("scarce")
def test_who_may_not_take_it_by_then_loses_and_a_wish_can_be_taken_back() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=3)
    blocked, gone, stays = wishing(3, group_of(batch))
    block_worker(requester=karim, worker=blocked, reason="copied", now=SOON)
    forget_wish(worker=gone, group_id=group_of(batch))
    forget_wish(worker=gone, group_id=group_of(batch))
    jobs.hold_draws(DRAWN)
    assert dict(Wish.objects.values_list("worker_id", "state")) == {blocked.pk: "lost", stays.pk: "won"}


@pytest.mark.usefixtures("scarce")
def test_a_wish_in_the_moment_of_the_draw_is_not_lost() -> None:
    batch = make.batch(rows=2)
    wishing(1, group_of(batch))
    jobs.hold_draws(DRAWN)
    late = Wish.objects.create(worker=cast.rahima(), task_type=batch.task_type, made_at=DRAWN)
    jobs.hold_draws(DRAWN)
    late.refresh_from_db()
    assert late.state == WishState.WON


@pytest.mark.usefixtures("scarce")
def test_a_draw_that_nobody_holds_does_not_keep_work_from_people() -> None:
    batch = make.batch()
    assert make.accepted(of=batch, now=make.NOW + timedelta(seconds=80))


@pytest.mark.usefixtures("scarce")
def test_each_has_the_same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[Wish]] = []

    class Reversed:
        def shuffle(self, wishes: list[Wish]) -> None:
            wishes.sort(key=lambda wish: -wish.worker_id)
            drawn.append(wishes)

    monkeypatch.setattr(lots, "_by_chance", Reversed())
    batch = make.batch(rows=1)
    *_, last = wishing(4, group_of(batch))
    jobs.hold_draws(DRAWN)
    assert [wish.worker_id for wish in Wish.objects.filter(state="won")] == [last.pk]
    assert len(drawn[0]) == 4


@pytest.mark.usefixtures("scarce")
def test_the_open_list_says_that_a_group_is_drawn_and_who_wished() -> None:
    batch, rahima = make.batch(), cast.rahima()
    wish_for(worker=rahima, group_id=group_of(batch), now=SOON)
    wish_for(worker=rahima, group_id=group_of(batch), now=SOON)
    [row] = open_groups(rahima, now=SOON).rows
    assert (row.draw_at, row.wish) == (make.NOW + timedelta(seconds=15), "waiting")
    [row] = open_groups(cast.tanvir(), now=SOON).rows
    assert row.wish == ""


def test_only_groups_that_are_drawn_can_be_wished_for() -> None:
    with pytest.raises(NotFound):
        wish_for(worker=cast.rahima(), group_id=group_of(make.batch()), now=SOON)


@pytest.mark.parametrize(("smaller_than", "seconds"), [(-1, 15), (1001, 15), (5, 4), (5, 301)])
def test_the_policy_has_bounds(smaller_than: int, seconds: int) -> None:
    with pytest.raises(BadLotteryPolicy):
        change_lottery_policy(
            by=cast.shirin().actor, smaller_than=smaller_than, seconds=seconds, now=make.NOW
        )


@pytest.mark.usefixtures("scarce")
def test_old_wishes_are_forgotten() -> None:
    wishing(1, group_of(make.batch()))
    jobs.hold_draws(DRAWN)
    jobs.hold_draws(DRAWN + timedelta(days=2))
    assert not Wish.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("scarce")
def test_draws_and_takers_at_once_never_give_a_place_twice() -> None:
    batch = make.batch(rows=2, places=2)
    group_id = group_of(batch)
    wishers = wishing(8, group_id)

    acts: list[Callable[[], object]] = [partial(hold_draw, now=DRAWN)] * 3
    acts += [partial(accept_next, worker=worker, group_id=group_id, now=DRAWN) for worker in wishers[:4]]
    together(*acts)
    jobs.hold_draws(DRAWN)

    assert Assignment.objects.count() == 4
    assert sum(Lane.objects.values_list("taken", flat=True)) == 4
    assert not Wish.objects.filter(state="waiting").exists()
    won = Wish.objects.filter(state="won").values_list("assignment_id", flat=True)
    assert set(won) <= set(Assignment.objects.values_list("public_id", flat=True))
