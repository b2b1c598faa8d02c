"""A task in hand, beside handing it in: more time, another task in its place."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests import make
from tests.together import together
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.work.actions.doing.assigning import (
    NoMoreTime,
    NothingElse,
    TooLate,
    WrongState,
    extend_deadline,
    return_assignment,
    skip_task,
    submit_assignment,
)
from tukro.work.actions.publishing import BadTerms, ensure_task_type
from tukro.work.actions.reviewing import ask_revision
from tukro.work.models import Assignment, Batch
from tukro.work.queries import counts_of, queue_of, return_reasons_of, work_faults, work_page
from tukro.work.queries.of_worker.in_hand import standings_of
from tukro.work.rules import GRACE_SECONDS, QUEUE_LIMIT, RETURN_REASONS

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def patient_batch(times: int = 2, *, rows: int = 1) -> Batch:
    """Ten minutes for a task, and five more so many times."""
    return make.batch(rows=rows, of_terms=make.terms(extensions=times, extension_seconds=300))


def test_more_time_is_granted_at_once_as_often_as_the_requester_allowed() -> None:
    made = make.accepted(of=patient_batch())
    first = extend_deadline(worker=made.worker, assignment_id=made.public_id, now=make.NOW)
    assert first == make.NOW + timedelta(minutes=15)
    assert work_page(made.worker, made.public_id).extensions_left == 1
    extend_deadline(worker=made.worker, assignment_id=made.public_id, now=first + SECOND)  # in the grace
    with pytest.raises(NoMoreTime) as no:
        extend_deadline(worker=made.worker, assignment_id=made.public_id, now=first)
    assert no.value.facts == {"allowed": 2}
    made.refresh_from_db()
    assert (made.extended, made.deadline_at) == (2, make.NOW + timedelta(minutes=20))
    last = Event.objects.filter(name="DeadlineExtended").latest("id")
    assert (last.subject, last.facts) == (made.public_id, {"seconds": 300, "times": 2})


def test_work_within_the_additional_time_counts() -> None:
    made = make.accepted(of=patient_batch())
    deadline = extend_deadline(worker=made.worker, assignment_id=made.public_id, now=make.NOW)
    done = submit_assignment(
        worker=made.worker, assignment_id=made.public_id, fields=[("digit", "7")], now=deadline - SECOND
    )
    assert (done.state, work_faults()) == ("submitted", [])


def test_tasks_have_no_more_time_unless_their_requester_says_so() -> None:
    made = make.accepted()
    with pytest.raises(NoMoreTime):
        extend_deadline(worker=made.worker, assignment_id=made.public_id, now=make.NOW)


def test_time_that_is_over_cannot_be_extended_nor_can_the_work_of_others() -> None:
    made = make.accepted(of=patient_batch())
    with pytest.raises(NotFound):
        extend_deadline(worker=make.worker(), assignment_id=made.public_id, now=make.NOW)
    over = made.deadline_at + timedelta(seconds=GRACE_SECONDS + 1)
    with pytest.raises(TooLate):
        extend_deadline(worker=made.worker, assignment_id=made.public_id, now=over)


def test_more_time_belongs_to_the_terms_and_needs_a_length() -> None:
    requester = make.requester()
    plain, patient = make.terms(), make.terms(extensions=1, extension_seconds=300)
    kinds = [
        ensure_task_type(requester=requester, terms=one, now=make.NOW) for one in (plain, patient, plain)
    ]
    assert kinds[0] == kinds[2] != kinds[1]
    with pytest.raises(BadTerms):
        ensure_task_type(requester=requester, terms=make.terms(extensions=1), now=make.NOW)


def test_a_skipped_task_makes_place_for_another_and_is_on_nobodys_record() -> None:
    batch = make.batch(rows=2)
    made = make.accepted(of=batch)
    taken = skip_task(worker=made.worker, assignment_id=made.public_id, now=make.NOW)
    made.refresh_from_db()
    assert taken.task_id != made.task.public_id
    assert (made.state, made.reason_code) == ("returned", "skipped")
    assert (counts_of(made.worker)["returned"], counts_of(made.worker)["accepted"]) == (0, 1)
    assert standings_of([made.worker.pk])[made.worker.pk]["returned"] == 0
    assert (return_reasons_of(batch), work_faults()) == ({"skipped": 1}, [])


def test_a_task_is_skipped_though_the_queue_is_full_for_it_grows_no_longer_by_that() -> None:
    worker, batch = make.worker(), make.batch(rows=QUEUE_LIMIT + 1)
    made = [make.accepted(by=worker, of=batch) for _ in range(QUEUE_LIMIT)]
    first, second = made[0], made[1]
    until = first.deadline_at
    taken = skip_task(worker=worker, assignment_id=first.public_id, now=make.NOW)
    first.refresh_from_db()
    assert (first.state, first.reason_code, first.deadline_at) == ("returned", "skipped", until)
    assert taken.task_id not in {one.task.public_id for one in made}
    assert (len(queue_of(worker, now=make.NOW)), work_faults()) == (QUEUE_LIMIT, [])
    # Now the skipped one is all that is left of the work, and it may come again.
    again = skip_task(worker=worker, assignment_id=second.public_id, now=make.NOW)
    assert again.task_id == first.task.public_id


def test_where_nothing_else_is_free_a_full_queue_stays_as_it_is() -> None:
    worker, batch = make.worker(), make.batch(rows=QUEUE_LIMIT)
    made = [make.accepted(by=worker, of=batch) for _ in range(QUEUE_LIMIT)]
    with pytest.raises(NothingElse):
        skip_task(worker=worker, assignment_id=made[0].public_id, now=make.NOW)
    made[0].refresh_from_db()
    assert (made[0].state, made[0].deadline_at) == ("accepted", made[1].deadline_at)
    assert len(queue_of(worker, now=make.NOW)) == QUEUE_LIMIT


def test_where_nothing_else_is_free_the_task_stays() -> None:
    made = make.accepted(of=make.batch(rows=1, places=2))
    with pytest.raises(NothingElse):
        skip_task(worker=made.worker, assignment_id=made.public_id, now=make.NOW)
    made.refresh_from_db()
    assert (made.state, Assignment.objects.count()) == ("accepted", 1)


def test_work_sent_back_for_repair_is_not_skipped() -> None:
    batch = make.batch(rows=2)
    made = make.submitted(of=batch)
    ask_revision(
        requester=batch.requester,
        assignment_id=made.public_id,
        reason_code="unclear",
        feedback="Which one?",
        now=make.NOW,
    )
    with pytest.raises(WrongState):
        skip_task(worker=made.worker, assignment_id=made.public_id, now=make.NOW)


def test_a_requester_sees_why_tasks_came_back_the_most_frequent_reason_first() -> None:
    batch = make.batch(rows=1, places=10)
    for reason in ("unpaid_screener", "personal_data", "unpaid_screener"):
        made = make.accepted(of=batch)
        return_assignment(worker=made.worker, assignment_id=made.public_id, reason_code=reason, now=make.NOW)
    assert list(return_reasons_of(batch).items()) == [("unpaid_screener", 2), ("personal_data", 1)]
    assert "skipped" not in RETURN_REASONS  # nobody can return a task off the record


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_take_no_more_time_than_is_allowed() -> None:
    made = make.accepted(of=patient_batch(1))

    def tap() -> datetime:
        return extend_deadline(worker=made.worker, assignment_id=made.public_id, now=make.NOW)

    taps = together(tap, tap)
    assert [type(no) for no in taps if isinstance(no, Exception)] == [NoMoreTime]
    made.refresh_from_db()
    assert (made.extended, made.deadline_at) == (1, make.NOW + timedelta(minutes=15))
