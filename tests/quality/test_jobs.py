"""What the jobs of quality catch up with: looks that a stop of the house left open, and reviewable tasks."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.make import NOW
from tests.quality.policies import answer_key, known, parameter, plural, submission, task_with
from tests.settling import until
from tukro.journal.actions import record
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.quality import actions
from tukro.quality.jobs import finish_reviews, review_due
from tukro.quality.models import Action, Cursor, Review
from tukro.quality.queries import pending
from tukro.quality.rules import Submission
from tukro.work.jobs import note_reviewable

APPROVE = known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"))
AGREEMENT = plural(
    parameter("QuestionIds", "digit"),
    parameter("QuestionAgreementThreshold", "50"),
    parameter("ApproveIfWorkerAgreementScoreIsAtLeast", "100"),
)


def follow_all() -> None:
    """Read the journal to its end; other databases of the server can hold the reader up for a moment."""
    newest = Event.objects.latest("id").pk

    def at_the_end() -> bool:
        review_due(NOW)
        return Cursor.objects.filter(event_id__gte=newest).exists()

    until(at_the_end, "the journal was not read to its end")


@pytest.mark.django_db(transaction=True)
def test_a_submission_that_the_door_did_not_come_round_to_is_reviewed() -> None:
    work = submission(task_with(assignment_level=APPROVE), digit="7")
    follow_all()
    work.refresh_from_db()
    assert work.state == "approved"
    assert pending([work.public_id]) == frozenset()


@pytest.mark.django_db(transaction=True)
def test_a_task_is_looked_at_each_time_that_the_journal_says_it_became_reviewable() -> None:
    task = task_with(hit_level=AGREEMENT)
    submission(task, digit="7")
    for _ in range(2):
        record(name="HITReviewable", actor=HOUSE, subject=task.public_id, at=NOW)
        follow_all()
        review_due(NOW)
    assert Review.objects.filter(level="hit").count() == 2


@pytest.mark.django_db(transaction=True)
def test_reading_again_what_was_read_does_nothing_twice() -> None:
    task = task_with(assignment_level=APPROVE, hit_level=AGREEMENT)
    submission(task, digit="7")
    record(name="HITReviewable", actor=HOUSE, subject=task.public_id, at=NOW)
    follow_all()
    before = list(Action.objects.order_by("id").values())
    Cursor.objects.update(event_id=0)  # as if the house had stopped before the place was kept
    follow_all()
    assert list(Action.objects.order_by("id").values()) == before
    assert Review.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_look_that_fails_holds_up_no_other_and_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = task_with(hit_level=AGREEMENT), task_with(hit_level=AGREEMENT)
    for task in (bad, good):
        submission(task, digit="7")
        record(name="HITReviewable", actor=HOUSE, subject=task.public_id, at=NOW)
    real = actions._submissions

    def faulty(task_id: str) -> list[Submission]:
        if task_id == bad.public_id:
            raise RuntimeError("the disk is full")
        return real(task_id)

    monkeypatch.setattr(actions, "_submissions", faulty)
    follow_all()
    assert list(Review.objects.exclude(done_at=None).values_list("task_id", flat=True)) == [good.public_id]
    monkeypatch.undo()
    assert finish_reviews(NOW) == 1
    assert not Review.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_what_was_intended_when_the_house_stopped_is_carried_out_and_one_fault_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = task_with(assignment_level=APPROVE)
    work = [submission(task, digit="7") for _ in range(3)]
    for one in work:
        assert actions.begin_on_submission(assignment_id=one.public_id, now=NOW) is not None
    real = actions._act

    def faulty(action: Action, now: datetime) -> None:
        if action.target_id == work[1].public_id:
            raise RuntimeError("the disk is full")
        real(action, now)

    monkeypatch.setattr(actions, "_act", faulty)
    assert finish_reviews(NOW) == 2
    monkeypatch.undo()
    assert finish_reviews(NOW) == 1
    for one in work:
        one.refresh_from_db()
    assert [one.state for one in work] == ["approved"] * 3


@pytest.mark.django_db(transaction=True)
def test_the_last_submission_sets_off_the_look_at_the_task() -> None:
    """From the worker's button to the verdict: work's follower finds the task, quality's looks at it."""
    task = task_with(hit_level=AGREEMENT, places=2)
    work = [submission(task, digit="7") for _ in range(2)]

    def is_reviewed() -> bool:
        note_reviewable(NOW)
        review_due(NOW)
        return Review.objects.filter(level="hit").exists()

    until(is_reviewed, "the task was not found reviewable")
    for one in work:
        one.refresh_from_db()
    assert [one.state for one in work] == ["approved", "approved"]
    assert Review.objects.count() == 1
