"""What can still be done to one task: more places, another end, looking through, other terms, disposal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.settling import until_settled
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_balance
from tukro.people.models import Requester, Worker
from tukro.qualifications.rules import Requirement
from tukro.work import jobs
from tukro.work.actions.doing.assigning import (
    NothingLeft,
    TaskClosed,
    accept_task,
    return_assignment,
    submit_assignment,
)
from tukro.work.actions.once import AlreadyProcessed
from tukro.work.actions.publishing import (
    BadTerms,
    BelowWall,
    cancel_batch,
    ensure_task_type,
    pause_batch,
    resume_batch,
)
from tukro.work.actions.publishing.task_changes import (
    Unreviewed,
    Withdrawn,
    WorkBegun,
    WrongStatus,
    add_places,
    change_expiry,
    dispose_task,
    mark_reviewing,
    retype_task,
)
from tukro.work.actions.publishing.tasks import Offer, create_task, create_task_on_terms
from tukro.work.actions.reviewing import approve_assignment, reject_assignments
from tukro.work.models import Listing, RequestToken, Task, TaskType
from tukro.work.queries import TaskRow, task_row, tasks_asking, tasks_of, tasks_to_review

pytestmark = pytest.mark.django_db

NOW = make.NOW
LONG_AGO = datetime(2015, 1, 1, tzinfo=NOW.tzinfo)


def row(task: Task, now: datetime = NOW) -> TaskRow:
    return task_row(owner(task), task.public_id, now=now)


def owner(task: Task) -> Requester:
    return Requester.objects.get(pk=task.requester_id)


def counters(task: Task, now: datetime = NOW) -> tuple[str, int, int, int]:
    tally = row(task, now).tally
    return tally.status, tally.available, tally.pending, tally.decided


def take(task: Task, by: Worker | None = None, now: datetime = NOW) -> tuple[Worker, str]:
    who = by or make.worker()
    return who, accept_task(worker=who, task_id=task.public_id, now=now).assignment_id


def hand_in(taken: tuple[Worker, str], now: datetime = NOW) -> str:
    who, assignment_id = taken
    submit_assignment(worker=who, assignment_id=assignment_id, fields=[("digit", "7")], now=now)
    return assignment_id


def done(*, of: Requester | None = None) -> Task:
    """A task of one place that was handed in and approved."""
    task = make.wire_task(of=of)
    approve_assignment(requester=owner(task), assignment_id=hand_in(take(task)), now=NOW)
    return task


def end(task: Task, now: datetime = NOW) -> None:
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=LONG_AGO, now=now)


# --- status and counters (mturk-api 4.1, 4.3) ---


def test_counters_follow_the_worked_example_of_the_documentation() -> None:
    task = make.wire_task(places=5)
    assert counters(task) == ("Assignable", 5, 0, 0)
    taken = [take(task) for _ in range(3)]
    assert counters(task) == ("Assignable", 2, 3, 0)
    taken += [take(task) for _ in range(2)]
    hand_in(taken[0])
    hand_in(taken[1])
    assert counters(task) == ("Unassignable", 0, 3, 0)
    who, assignment_id = taken.pop()
    return_assignment(worker=who, assignment_id=assignment_id, reason_code="unclear", now=NOW)
    assert counters(task) == ("Assignable", 1, 2, 0)
    for one in [*taken[2:], take(task)]:
        hand_in(one)
    assert counters(task) == ("Reviewable", 0, 0, 0)
    approve_assignment(requester=owner(task), assignment_id=taken[0][1], now=NOW)
    assert counters(task) == ("Reviewable", 0, 0, 1)


def test_an_expired_task_with_somebody_inside_is_unassignable_until_the_last_one_is_out() -> None:
    task = make.wire_task(places=3)
    taken = take(task)
    end(task)
    assert counters(task) == ("Unassignable", 0, 1, 0)
    hand_in(taken)
    assert counters(task) == ("Reviewable", 0, 0, 0)


def test_a_passed_deadline_counts_as_passed_before_the_sweep() -> None:
    task = make.wire_task()
    take(task)
    later = NOW + timedelta(seconds=611)
    assert counters(task, later) == ("Assignable", 1, 0, 0)
    end(task, later)
    dispose_task(requester=owner(task), task_id=task.public_id, now=later)
    assert jobs.expire_late(later) == 1
    assert requester_balance(owner(task))[1] == Money(0)


def test_a_paused_task_is_unassignable_and_goes_on_when_resumed() -> None:
    task = make.wire_task()
    assert task.batch is not None
    pause_batch(requester=owner(task), batch_id=task.batch.public_id, now=NOW)
    assert counters(task) == ("Unassignable", 0, 0, 0)
    made_meanwhile = make.wire_task(of=owner(task))
    assert counters(made_meanwhile)[0] == "Unassignable"
    resume_batch(requester=owner(task), batch_id=task.batch.public_id, now=NOW)
    assert counters(task) == counters(made_meanwhile) == ("Assignable", 1, 0, 0)


# --- expiry ---


def test_ending_gives_the_money_of_free_places_back_once() -> None:
    task = make.wire_task(places=3)
    take(task)
    end(task)
    end(task)
    assert row(task).expires_at == NOW
    assert requester_balance(owner(task)) == (Money.parse("999.94"), Money.parse("0.06"))
    assert [event.name for event in history(task.public_id)] == ["HITCreated", "HITExpired"]
    with pytest.raises(TaskClosed):
        take(task)


def test_a_later_end_opens_the_task_again_and_sets_its_money_aside_again() -> None:
    task = make.wire_task(places=3)
    end(task)
    until = NOW + timedelta(days=2)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=until, now=NOW)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=until, now=NOW)
    assert (row(task).status, row(task).expires_at) == ("Assignable", until)
    assert requester_balance(owner(task))[1] == Money.parse("0.18")
    names = [event.name for event in history(task.public_id)]
    assert names == ["HITCreated", "HITExpired", "HITExtended"]
    take(task)


def test_an_end_may_come_earlier_but_no_later_than_a_year_from_now() -> None:
    task = make.wire_task()
    soon = NOW + timedelta(minutes=5)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=soon, now=NOW)
    assert row(task).expires_at == soon
    with pytest.raises(BadTerms):
        change_expiry(
            requester=owner(task), task_id=task.public_id, expires_at=NOW + timedelta(days=366), now=NOW
        )


def test_without_money_an_ended_task_stays_ended() -> None:
    poor = make.requester(funds="0.10")
    task = make.wire_task(of=poor)
    end(task)
    make.wire_task(of=poor)
    with pytest.raises(InsufficientFunds) as refused:
        change_expiry(requester=poor, task_id=task.public_id, expires_at=NOW + timedelta(days=1), now=NOW)
    assert refused.value.facts == {"needed": Money.parse("0.06"), "available": Money.parse("0.04")}
    assert row(task).status == "Reviewable"


def test_a_withdrawn_standing_batch_goes_on_with_its_task_but_a_cancelled_file_does_not() -> None:
    task = make.wire_task()
    filed = make.task(of=owner(task))
    for one in (task, filed):
        assert one.batch is not None
        cancel_batch(requester=owner(one), batch_id=one.batch.public_id, now=NOW)
        assert row(one).status == "Reviewable"
    until = NOW + timedelta(days=1)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=until, now=NOW)
    assert row(task).status == "Assignable"
    with pytest.raises(Withdrawn):
        change_expiry(requester=owner(task), task_id=filed.public_id, expires_at=until, now=NOW)


# --- more places ---


def test_more_places_make_a_finished_task_assignable_and_end_the_looking_through() -> None:
    task = done()
    mark_reviewing(requester=owner(task), task_id=task.public_id, reviewing=True, now=NOW)
    add_places(requester=owner(task), task_id=task.public_id, places=2, now=NOW)
    assert counters(task) == ("Assignable", 2, 0, 1)
    for _ in range(2):
        hand_in(take(task))
    assert row(task).status == "Reviewable"


def test_an_expired_task_remembers_more_places_and_pays_for_them_when_its_end_is_moved() -> None:
    task = make.wire_task(places=2)
    end(task)
    add_places(requester=owner(task), task_id=task.public_id, places=3, now=NOW)
    assert (row(task).status, row(task).tally.places) == ("Reviewable", 5)
    assert requester_balance(owner(task))[1] == Money(0)
    change_expiry(requester=owner(task), task_id=task.public_id, expires_at=NOW + timedelta(days=1), now=NOW)
    assert counters(task) == ("Assignable", 5, 0, 0)
    assert requester_balance(owner(task))[1] == Money.parse("0.30")


def test_a_task_made_with_fewer_than_ten_places_stays_below_ten() -> None:
    small = make.wire_task(places=8)
    add_places(requester=owner(small), task_id=small.public_id, places=1, now=NOW)
    with pytest.raises(BelowWall):
        add_places(requester=owner(small), task_id=small.public_id, places=1, now=NOW)
    large = make.wire_task(places=10)
    add_places(requester=owner(large), task_id=large.public_id, places=90, now=NOW)
    assert row(large).tally.available == 100


def test_a_token_adds_places_once_a_day_and_is_free_when_it_was_refused() -> None:
    poor = make.requester(funds="0.12")
    task = make.wire_task(of=poor)
    with pytest.raises(InsufficientFunds):
        add_places(requester=poor, task_id=task.public_id, places=2, token="t", now=NOW)
    add_places(requester=poor, task_id=task.public_id, places=1, token="t", now=NOW)
    with pytest.raises(AlreadyProcessed):
        add_places(requester=poor, task_id=task.public_id, places=1, token="t", now=NOW)
    assert jobs.forget_tokens(NOW + timedelta(hours=23)) == 0
    assert jobs.forget_tokens(NOW + timedelta(hours=24)) == 1
    assert not RequestToken.objects.exists()


# --- looking through ---


def test_reviewing_is_no_switch() -> None:
    task = done()
    karim = owner(task)
    with pytest.raises(WrongStatus):
        mark_reviewing(requester=karim, task_id=task.public_id, reviewing=False, now=NOW)
    mark_reviewing(requester=karim, task_id=task.public_id, reviewing=True, now=NOW)
    assert row(task).status == "Reviewing"
    with pytest.raises(WrongStatus) as refused:
        mark_reviewing(requester=karim, task_id=task.public_id, reviewing=True, now=NOW)
    assert refused.value.facts["status"] == "Reviewing"
    mark_reviewing(requester=karim, task_id=task.public_id, reviewing=False, now=NOW)
    assert row(task).status == "Reviewable"


def test_a_place_that_is_offered_again_ends_the_looking_through() -> None:
    task = make.wire_task()
    assignment_id = hand_in(take(task))
    karim = owner(task)
    mark_reviewing(requester=karim, task_id=task.public_id, reviewing=True, now=NOW)
    reject_assignments(
        requester=karim,
        assignment_ids=[assignment_id],
        reason_code="wrong",
        feedback="It is a 4.",
        reopen=True,
        now=NOW,
    )
    assert counters(task) == ("Assignable", 1, 0, 1)
    hand_in(take(task))
    assert row(task).status == "Reviewable"


# --- another type ---


@pytest.mark.parametrize(("reward", "held"), [("0.20", "0.48"), ("0.01", "0.04")])
def test_another_type_changes_terms_group_and_money(reward: str, held: str) -> None:
    task = make.wire_task(places=2)
    other = ensure_task_type(
        requester=owner(task), terms=make.terms(title="Dearer", reward=reward, category="other"), now=NOW
    )
    retype_task(requester=owner(task), task_id=task.public_id, type_id=other.public_id, now=NOW)
    assert (row(task).type_id, row(task).title) == (other.public_id, "Dearer")
    assert requester_balance(owner(task))[1] == Money.parse(held)
    assert accept_task(worker=cast.rahima(), task_id=task.public_id, now=NOW).group_id == other.group_id


def test_a_returned_try_does_not_stand_in_the_way_of_another_type_but_work_does() -> None:
    task = make.wire_task()
    karim = owner(task)
    other = ensure_task_type(requester=karim, terms=make.terms(category="other", title="Other"), now=NOW)
    who, assignment_id = take(task)
    with pytest.raises(WorkBegun):
        retype_task(requester=karim, task_id=task.public_id, type_id=other.public_id, now=NOW)
    return_assignment(worker=who, assignment_id=assignment_id, reason_code="unclear", now=NOW)
    retype_task(requester=karim, task_id=task.public_id, type_id=other.public_id, now=NOW)
    foreign = ensure_task_type(requester=make.requester(), terms=make.terms(), now=NOW)
    with pytest.raises(NotFound) as refused:
        retype_task(requester=karim, task_id=task.public_id, type_id=foreign.public_id, now=NOW)
    assert refused.value.facts == {"task_type_id": foreign.public_id}


# --- disposal ---


def test_only_a_finished_task_without_open_verdicts_can_be_disposed_of() -> None:
    task = make.wire_task()
    karim = owner(task)
    with pytest.raises(WrongStatus) as refused:
        dispose_task(requester=karim, task_id=task.public_id, now=NOW)
    assert refused.value.facts == {
        "task_id": task.public_id,
        "status": "Assignable",
        "allowed": ("Reviewing", "Reviewable"),
    }
    assignment_id = hand_in(take(task))
    with pytest.raises(Unreviewed):
        dispose_task(requester=karim, task_id=task.public_id, now=NOW)
    approve_assignment(requester=karim, assignment_id=assignment_id, now=NOW)
    dispose_task(requester=karim, task_id=task.public_id, now=NOW)
    assert row(task).status == "Disposed"
    assert tasks_of(karim, after=None, limit=10, now=NOW) == []
    for verb in (dispose_task, lambda **given: add_places(places=1, **given)):
        with pytest.raises(WrongStatus) as refused:
            verb(requester=karim, task_id=task.public_id, now=NOW)
        assert refused.value.facts["status"] == "Disposed"
    assert [event.name for event in history(task.public_id)] == ["HITCreated", "HITDisposed"]


def test_nobody_waits_forever_for_what_is_reviewable_but_only_tasks_of_the_wire_go() -> None:
    task = done()
    filed = make.task(of=owner(task))
    taken = accept_task(worker=make.worker(), task_id=filed.public_id, now=NOW)
    assert taken
    Task.objects.update(reviewable_at=NOW)
    assert jobs.dispose_old(NOW + timedelta(days=119)) == 0
    assert jobs.dispose_old(NOW + timedelta(days=120)) == 1
    assert row(task).status == "Disposed"


# --- whose, and in what order ---


def test_what_is_another_requesters_does_not_exist() -> None:
    task = make.wire_task()
    stranger = make.requester()
    with pytest.raises(NotFound) as refused:
        task_row(stranger, task.public_id, now=NOW)
    assert refused.value.facts == {"task_id": task.public_id}
    for verb in (
        dispose_task,
        lambda **given: add_places(places=1, **given),
        lambda **given: change_expiry(expires_at=LONG_AGO, **given),
        lambda **given: mark_reviewing(reviewing=True, **given),
        lambda **given: retype_task(type_id=task.task_type.public_id, **given),
    ):
        with pytest.raises(NotFound):
            verb(requester=stranger, task_id=task.public_id, now=NOW)


def test_lists_go_page_by_page_the_newest_first_and_to_review_the_last_end_first() -> None:
    karim = cast.karim()
    made = [make.wire_task(of=karim, lifetime_seconds=days * 86400).public_id for days in (1, 3, 2)]
    first = tasks_of(karim, after=None, limit=2, now=NOW)
    rest = tasks_of(karim, after=first[-1].pk, limit=2, now=NOW)
    assert [one.task_id for one in (*first, *rest)] == made[::-1]
    later = NOW + timedelta(days=4)
    seen: list[TaskRow] = []
    while page := tasks_to_review(
        karim, after=(seen[-1].expires_at, seen[-1].pk) if seen else None, limit=1, now=later
    ):
        seen += page
    assert [one.task_id for one in seen] == [made[1], made[2], made[0]]
    assert tasks_to_review(karim, status="Reviewing", after=None, limit=9, now=later) == []


def test_tasks_are_found_by_the_qualification_type_they_ask_for() -> None:
    karim = cast.karim()
    asked = make.qualification_type(of=karim)
    requirement = Requirement(asked.public_id, "Exists")
    task = make.wire_task(of=karim, of_terms=make.terms(category="other", requirements=[requirement]))
    make.wire_task(of=karim)
    found = tasks_asking(karim, asked.public_id, after=None, limit=9, now=NOW)
    assert [one.task_id for one in found] == [task.public_id]
    assert found[0].requirements == (requirement,)


# --- how much it asks of the database ---


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def test_lists_are_one_query_whatever_their_length() -> None:
    karim = cast.karim()
    later = NOW + timedelta(days=8)
    for hits in (1, 6):
        while Task.objects.count() < hits:
            hand_in(take(make.wire_task(of=karim, places=2)))
        assert queries(lambda: tasks_of(karim, after=None, limit=100, now=NOW)) == 1
        assert queries(lambda: tasks_to_review(karim, after=None, limit=100, now=later)) == 1
        assert queries(lambda: tasks_asking(karim, "0" * 20, after=None, limit=100, now=NOW)) == 1


@pytest.mark.django_db(transaction=True)
def test_making_a_task_is_one_call_of_the_database_and_on_terms_one_look_more() -> None:
    karim = cast.karim()
    offer = Offer(asked=make.asked(), places=3, lifetime_seconds=3600)
    terms = make.terms(category="other")
    create_task_on_terms(requester=karim, terms=terms, offer=offer, now=NOW)
    type_id = TaskType.objects.get().public_id
    for _ in range(2):
        assert queries(lambda: create_task(requester=karim, type_id=type_id, offer=offer, now=NOW)) == 1
        again = queries(lambda: create_task_on_terms(requester=karim, terms=terms, offer=offer, now=NOW))
        assert again == 2


# --- what follows a moment later ---


def follow(job: Callable[[datetime], int]) -> None:
    """Run a job that reads the journal, when nobody may still write before what it would read."""
    until_settled()
    job(NOW)


@pytest.mark.django_db(transaction=True)
def test_a_task_becomes_reviewable_once_each_time() -> None:
    task = make.wire_task()
    hand_in(take(task))
    follow(jobs.note_reviewable)
    follow(jobs.note_reviewable)
    add_places(requester=owner(task), task_id=task.public_id, places=1, now=NOW)
    follow(jobs.note_reviewable)
    taken = take(task)
    follow(jobs.note_reviewable)
    assert [event.name for event in history(task.public_id)].count("HITReviewable") == 1
    hand_in(taken)
    follow(jobs.note_reviewable)
    assert [event.name for event in history(task.public_id)].count("HITReviewable") == 2


@pytest.mark.django_db(transaction=True)
def test_the_open_list_counts_what_was_made_extended_and_ended_since() -> None:
    karim = cast.karim()
    first = make.wire_task(of=karim, lifetime_seconds=3600)
    make.wire_task(of=karim, lifetime_seconds=7200, places=3)
    follow(jobs.refresh_listings)
    listing = Listing.objects.get()
    assert (listing.open_tasks, listing.open_places) == (2, 4)
    assert listing.expires_at == NOW + timedelta(hours=2)
    end(first)
    follow(jobs.refresh_listings)
    listing.refresh_from_db()
    assert (listing.open_tasks, listing.open_places) == (1, 3)


def test_nothing_is_left_when_the_only_place_is_taken() -> None:
    task = make.wire_task()
    take(task)
    with pytest.raises(NothingLeft):
        take(task)
