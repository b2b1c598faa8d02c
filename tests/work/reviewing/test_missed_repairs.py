"""A repair that does not come: the answer counts as it was handed in, and nobody works for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import cast, make
from tests.web.market import proof_batch
from tukro.journal.models import Event
from tukro.money.queries import worker_balance
from tukro.people.models import Requester
from tukro.questions.proof import Field, Form, Kind
from tukro.work import jobs
from tukro.work.actions.doing.assigning import TooLate, return_assignment, save_draft, submit_assignment
from tukro.work.actions.doing.proof_files import StoredFile, add_file, remove_file
from tukro.work.actions.publishing.task_changes import Unreviewed, dispose_task
from tukro.work.actions.reviewing import TooManyRepairs, approve_assignment, ask_revision
from tukro.work.models import Assignment, Draft, EarlierFile, ProofFile
from tukro.work.queries import requester_profile, work_faults
from tukro.work.queries.of_worker.in_hand import counts_of, standings_of
from tukro.work.queries.of_worker.repairs import versions_of
from tukro.work.rules import REVISIONS_AT_MOST

pytestmark = pytest.mark.django_db

ASKED = make.NOW + timedelta(days=1)
LATE = ASKED + timedelta(days=1, seconds=11)
REVIEW_TIME = timedelta(days=3)


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


def sent_back(answer: Assignment, *, now: datetime = ASKED) -> Assignment:
    ask_revision(
        requester=Requester.objects.get(pk=answer.requester_id),
        assignment_id=answer.public_id,
        reason_code="unclear",
        feedback="Which digit?",
        now=now,
    )
    answer.refresh_from_db()
    return answer


def give_back(answer: Assignment, now: datetime) -> bool:
    return return_assignment(
        worker=answer.worker, assignment_id=answer.public_id, reason_code="other", now=now
    ).stands


def test_it_waits_for_review_as_it_was_and_silence_pays_it(karim: Requester) -> None:
    answer = sent_back(make.submitted(of=make.batch(of=karim)))
    assert jobs.expire_late(LATE - timedelta(seconds=1)) == 0
    assert jobs.expire_late(LATE) == 1
    answer.refresh_from_db()
    assert (answer.state, answer.submitted_at, answer.decided_at) == ("submitted", make.NOW, None)
    assert answer.auto_approve_at == LATE + REVIEW_TIME
    assert answer.waits_since == LATE - timedelta(seconds=11)
    (told,) = Event.objects.filter(name="AssignmentStands")
    assert (told.subject, told.actor, told.at) == (answer.public_id, "house", LATE)
    assert [(one.asked, one.counts) for one in versions_of(answer)] == [("Which digit?", True)]
    assert work_faults() == []
    assert jobs.auto_approve_due(LATE + REVIEW_TIME) == 1
    assert worker_balance(answer.worker)[0] == make.terms().reward
    assert work_faults() == []


def test_it_is_on_nobodys_record_as_time_that_ran_out(karim: Requester) -> None:
    answer = sent_back(make.submitted(of=make.batch(of=karim)))
    jobs.expire_late(LATE)
    counted = standings_of([answer.worker_id])[answer.worker_id]
    assert (counted["submitted"], counted["abandoned"], counted["returned"]) == (1, 0, 0)
    assert counts_of(answer.worker)["abandoned"] == 0


def test_who_gives_the_repair_back_leaves_the_answer_as_it_is(karim: Requester) -> None:
    answer = sent_back(make.submitted(of=make.batch(of=karim)))
    now = ASKED + timedelta(hours=1)
    assert give_back(answer, now)
    answer.refresh_from_db()
    assert (answer.state, answer.auto_approve_at, answer.waits_since) == ("submitted", now + REVIEW_TIME, now)
    assert answer.feedback == "Which digit?"
    assert work_faults() == []
    assert not give_back(make.accepted(of=make.batch(of=karim)), now)


def test_what_was_never_handed_in_is_abandoned_in_the_same_sweep(karim: Requester) -> None:
    batch = make.batch(of=karim, rows=2)
    answer, begun = sent_back(make.submitted(of=batch)), make.accepted(of=batch)
    assert jobs.expire_late(LATE) == 2
    answer.refresh_from_db()
    begun.refresh_from_db()
    assert (answer.state, begun.state) == ("submitted", "abandoned")
    assert work_faults() == []


def test_what_was_typed_and_uploaded_for_it_is_no_part_of_the_answer(karim: Requester) -> None:
    form = Form("Take pictures", (Field("shot", Kind.IMAGE, "Picture"), Field("note", Kind.TEXT, "Note")))
    answer = make.accepted(of=proof_batch(form=form))
    given: dict[str, Any] = {"worker": answer.worker, "assignment_id": answer.public_id}

    def added(name: str, now: datetime) -> str:
        stored = StoredFile(name, "image/png", 3, name.zfill(64), f"proof/{name}")
        return add_file(**given, field="shot", stored=stored, now=now).public_id

    first = added("first.png", make.NOW)
    submit_assignment(**given, fields=[("note", "one")], now=make.NOW + timedelta(minutes=1))
    sent_back(answer)
    mending = ASKED + timedelta(minutes=1)
    remove_file(**given, file_id=first, now=mending)
    second = added("second.png", mending)
    save_draft(**given, fields=[("note", "half")], now=mending)
    jobs.expire_late(LATE)
    assert list(ProofFile.objects.values_list("public_id", "path")) == [(first, "proof/first.png")]
    assert list(EarlierFile.objects.values_list("public_id", flat=True)) == [second]
    assert not Draft.objects.exists()
    answer.refresh_from_db()
    (version,) = versions_of(answer)
    assert ([one.public_id for one in version.files], version.answers) == ([first], [("note", "one")])


def test_one_answer_is_sent_back_so_often_and_not_again(karim: Requester) -> None:
    answer = make.submitted(of=make.batch(of=karim))
    for no in range(REVISIONS_AT_MOST):
        now = ASKED + timedelta(hours=no)
        sent_back(answer, now=now)
        give_back(answer, now)
    with pytest.raises(TooManyRepairs) as refused:
        sent_back(answer, now=ASKED + timedelta(days=1))
    assert refused.value.facts == {"limit": REVISIONS_AT_MOST}
    assert approve_assignment(requester=karim, assignment_id=answer.public_id, now=ASKED + timedelta(days=1))


def test_before_the_sweep_it_counts_as_an_answer_that_waits(karim: Requester) -> None:
    task = make.wire_task(of=karim, places=1)
    answer = make.accepted(of=task.batch)
    submit_assignment(
        worker=answer.worker, assignment_id=answer.public_id, fields=[("digit", "1")], now=make.NOW
    )
    sent_back(answer)
    with pytest.raises(TooLate) as late:
        submit_assignment(
            worker=answer.worker, assignment_id=answer.public_id, fields=[("digit", "7")], now=LATE
        )
    assert late.value.facts["state"] == "revising"
    with pytest.raises(Unreviewed):
        dispose_task(requester=karim, task_id=task.public_id, now=LATE)


@pytest.mark.django_db(transaction=True)  # followers read what is committed
def test_the_time_of_a_repair_is_no_wait_for_the_requester(karim: Requester) -> None:
    batch = make.batch(of=karim, rows=10)
    for _ in range(10):
        sent_back(make.submitted(of=batch))
    jobs.expire_late(LATE)
    for one in Assignment.objects.all():
        approve_assignment(requester=karim, assignment_id=one.public_id, now=LATE + timedelta(hours=1))
    jobs.refresh_conduct(LATE + timedelta(hours=1))
    conduct = requester_profile(karim.public_id, worker=make.worker()).conduct
    assert conduct is not None
    assert (conduct.wait_median, conduct.sent_back) == (3611, 10)
