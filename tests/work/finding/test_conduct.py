"""What the record says of a requester."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.notices.actions.talking import begin_as_worker, reply
from tukro.people.models import Requester
from tukro.work import jobs
from tukro.work.actions.doing.assigning import return_assignment
from tukro.work.actions.reviewing import approve_assignment, reject_assignments
from tukro.work.models import Conduct
from tukro.work.queries import open_groups, requester_profile
from tukro.work.rules import CONDUCT_KEPT, CONDUCT_SAMPLE

# Followers read what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

LATER = make.NOW + timedelta(days=1)
WORKED = timedelta(minutes=2)  # thirty answers an hour: 1.50 dollars


def decided(karim: Requester, count: int, *, rejected: int = 0) -> list[str]:
    """Ids of answers to Karim's task, each done in two minutes and decided an hour after it was handed in."""
    batch = make.batch(of=karim, places=count)
    ids = []
    for no in range(count):
        answer = make.submitted(of=batch, after=WORKED)
        at = make.NOW + WORKED + timedelta(hours=1)
        if no < rejected:
            reject_assignments(
                requester=karim,
                assignment_ids=[answer.public_id],
                reason_code="wrong",
                feedback="The digit is another one.",
                now=at,
            )
        else:
            approve_assignment(requester=karim, assignment_id=answer.public_id, now=at)
        ids.append(answer.public_id)
    return ids


def conduct_of(requester: Requester) -> Conduct:
    jobs.refresh_conduct(LATER)
    found = requester_profile(requester.public_id, worker=make.worker()).conduct
    assert found is not None
    return found


def test_decisions_are_counted_and_medians_taken() -> None:
    karim = cast.karim()
    decided(karim, 10, rejected=2)
    found = conduct_of(karim)

    assert (found.approved, found.rejected, found.silent) == (8, 2, 0)
    assert found.approval == pytest.approx(0.8)
    assert found.wait_median == 3600
    assert (found.hourly_low, found.hourly) == (Money.parse("1.50"), Money.parse("1.50"))


def test_too_few_decisions_say_nothing() -> None:
    karim = cast.karim()
    decided(karim, CONDUCT_SAMPLE - 1)
    found = conduct_of(karim)
    assert (found.approval, found.wait_median) == (None, None)


def test_each_event_counts_once_however_often_the_job_runs() -> None:
    karim = cast.karim()
    decided(karim, 3)
    conduct_of(karim)
    assert conduct_of(karim).approved == 3


def test_a_rejection_that_is_taken_back_counts_as_approved_and_is_remembered() -> None:
    karim = cast.karim()
    first, *_ = decided(karim, 10, rejected=1)
    conduct_of(karim)
    approve_assignment(requester=karim, assignment_id=first, override=True, now=LATER)
    found = conduct_of(karim)

    assert (found.approved, found.rejected, found.overturned, found.approval) == (10, 1, 1, 1.0)
    assert len(found.waits) == 10  # the second decision is not a second wait


def test_silence_is_told_apart_and_returns_say_why() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, places=5, of_terms=make.terms(auto_approve_seconds=3600))
    make.submitted(of=batch)
    for reason in ("broken", "too_hard"):
        taken = make.accepted(by=rahima, of=batch)
        return_assignment(worker=rahima, assignment_id=taken.public_id, reason_code=reason, now=make.NOW)
    jobs.auto_approve_due(LATER)
    found = conduct_of(karim)

    assert (found.approved, found.silent, found.returned, found.broken) == (1, 1, 2, 1)


def test_who_gave_themselves_no_time_to_review_let_none_run_out() -> None:
    karim = cast.karim()
    make.submitted(of=make.batch(of=karim, of_terms=make.terms(auto_approve_seconds=0)))
    jobs.auto_approve_due(LATER)
    found = conduct_of(karim)

    assert (found.approved, found.silent) == (1, 0)


def test_only_the_latest_decisions_are_kept_for_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tukro.work.actions.finding.conduct.CONDUCT_KEPT", 4)
    karim = cast.karim()
    decided(karim, 6)
    found = conduct_of(karim)
    assert (len(found.waits), len(found.hourly_pays), found.approved) == (4, 4, 6)
    assert CONDUCT_KEPT >= CONDUCT_SAMPLE


def test_a_step_asks_the_same_number_of_questions_however_much_was_decided() -> None:
    karim = cast.karim()
    decided(karim, 2)
    with CaptureQueriesContext(connection) as few:
        jobs.refresh_conduct(LATER)
    decided(karim, 8)
    with CaptureQueriesContext(connection) as many:
        jobs.refresh_conduct(LATER)
    assert len(many) <= len(few)


def test_the_open_list_shows_it_beside_each_group() -> None:
    karim = cast.karim()
    decided(karim, 10)
    jobs.refresh_conduct(LATER)
    make.batch(of=karim, of_terms=make.terms(title="more"))
    [row] = [row for row in open_groups(None, now=make.NOW).rows if row.title == "more"]
    assert (row.approval, row.wait_median) == (1.0, 3600)


def test_an_unknown_requester_is_not_found() -> None:
    rahima = cast.rahima()
    for unknown in ("A12345678", "x y", ""):
        with pytest.raises(NotFound):
            requester_profile(unknown, worker=rahima)


def test_questions_and_replies_are_counted_with_the_time_between() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    group = make.batch(of=karim).task_type.group_id
    hour = timedelta(hours=1)
    asked = begin_as_worker(worker=rahima, about=group, text="May I round?", now=make.NOW)
    begin_as_worker(worker=rahima, about=group, text="Up or down?", now=make.NOW + hour)  # still one question
    found = conduct_of(karim)
    assert (found.asked, found.replied, found.reply_share, found.reply_median) == (1, 0, None, None)

    conversation = asked.conversation.public_id
    talk: dict[str, Any] = {"side": "requester", "person": karim, "conversation_id": conversation}
    reply(**talk, text="Down.", now=make.NOW + 2 * hour)
    reply(**talk, text="Thank you.", now=make.NOW + 3 * hour)
    found = conduct_of(karim)
    assert (found.asked, found.replied, found.reply_waits) == (1, 1, [7200])
    assert found.unanswered == {}
