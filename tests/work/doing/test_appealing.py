"""Appeals: the money waits while one is open, whoever else acts then; and what a repair replaced."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests import cast, make
from tests.together import outcomes, together
from tests.web.market import proof_batch, taken
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester
from tukro.work.actions.closing import release_rejections
from tukro.work.actions.doing.appealing import (
    AppealedBefore,
    AppealTooLate,
    BadAppeal,
    NothingToAppeal,
    appeal,
    withdraw_appeal,
)
from tukro.work.actions.doing.assigning import TooLate, submit_assignment
from tukro.work.actions.doing.proof_files import StoredFile, TooManyFiles, add_file, remove_file
from tukro.work.actions.publishing.task_changes import change_expiry, dispose_task
from tukro.work.actions.reviewing import approve_assignment, ask_revision, reject_assignments
from tukro.work.models import Appeal, Assignment, Batch, EarlierFile, OverturnedRejection
from tukro.work.queries import work_faults

WEEK = make.NOW + timedelta(days=7)
YEAR = make.NOW + timedelta(days=365)
FILE = StoredFile("why.png", "image/png", 10, "0" * 64, "aa/why.png")


def rejected(karim: Requester, *, of: Batch | None = None) -> Assignment:
    made = make.submitted(of=of or make.batch(of=karim))
    reject_assignments(
        requester=karim,
        assignment_ids=[made.public_id],
        reason_code="wrong",
        feedback="It is a 4.",
        now=make.NOW,
    )
    made.refresh_from_db()
    return made


def say(one: Assignment, text: str = "It is a 7: look at the bar.", **more: Any) -> Appeal:
    given: dict[str, Any] = {"now": make.NOW, **more}
    return appeal(worker=one.worker, assignment_id=one.public_id, text=text, **given)


@pytest.mark.django_db
def test_the_money_waits_for_as_long_as_an_appeal_is_open() -> None:
    karim = cast.karim()
    appealed, silent = rejected(karim), rejected(karim)
    made = say(appealed, files=[FILE])
    assert [one.name for one in made.files.all()] == ["why.png"]
    assert say(appealed, " It is a 7: look at the bar. ").pk == made.pk, "twice is once"
    assert release_rejections(now=YEAR) == 1
    appealed.refresh_from_db()
    silent.refresh_from_db()
    assert (appealed.released_at, silent.released_at) == (None, YEAR)
    assert requester_balance(karim)[1] == Money.parse("0.06"), "reward and fee of the appealed one"
    assert work_faults() == []


@pytest.mark.django_db
def test_an_appeal_can_be_won_though_the_task_was_deleted() -> None:
    karim = cast.karim()
    one = rejected(karim, of=make.batch(of=karim, places=1))
    say(one)
    task = one.task
    change_expiry(requester=karim, task_id=task.public_id, expires_at=make.NOW, now=make.NOW)
    dispose_task(requester=karim, task_id=task.public_id, now=make.NOW)
    approve_assignment(requester=karim, assignment_id=one.public_id, override=True, now=YEAR)
    assert worker_balance(one.worker)[0] == Money.parse("0.05")
    assert requester_balance(karim)[1] == Money.zero(), "nothing stays set aside"
    assert work_faults() == []


@pytest.mark.django_db
def test_overturning_closes_the_appeal_in_the_workers_favour_however_late() -> None:
    karim = cast.karim()
    appealed, silent = rejected(karim), rejected(karim)
    say(appealed)
    with pytest.raises(TooLate):
        approve_assignment(requester=karim, assignment_id=silent.public_id, now=YEAR, override=True)
    approve_assignment(requester=karim, assignment_id=appealed.public_id, now=YEAR, override=True)
    closed = Appeal.objects.get(assignment=appealed)
    kept = OverturnedRejection.objects.get()
    assert (kept.assignment, kept.reason_code, kept.feedback) == (appealed, "wrong", "It is a 4.")
    assert (closed.outcome, closed.closed_at, closed.closed_by) == (
        "overturned",
        YEAR,
        f"requester:{karim.public_id}",
    )
    assert worker_balance(appealed.worker)[0] == Money.parse("0.05")
    told = Event.objects.filter(subject=appealed.public_id, name__startswith="Appeal").order_by("id")
    assert [(one.name, one.facts.get("outcome")) for one in told] == [
        ("AppealOpened", None),
        ("AppealClosed", "overturned"),
    ]
    with pytest.raises(AppealedBefore):
        withdraw_appeal(worker=appealed.worker, assignment_id=appealed.public_id, now=YEAR)


@pytest.mark.django_db
@pytest.mark.parametrize(("taken_back", "released"), [(make.NOW, WEEK), (YEAR, YEAR)])
def test_a_withdrawn_appeal_gives_the_money_back_at_the_end_of_its_time(
    taken_back: datetime, released: datetime
) -> None:
    one = rejected(cast.karim())
    say(one)
    for _ in range(2):
        withdraw_appeal(worker=one.worker, assignment_id=one.public_id, now=taken_back)
    one.refresh_from_db()
    assert one.release_at == released
    with pytest.raises(AppealedBefore):
        say(one, "Once more")
    assert release_rejections(now=released) == 1
    assert work_faults() == []


@pytest.mark.django_db
def test_what_cannot_be_appealed_against() -> None:
    karim = cast.karim()
    one, handed_in = rejected(karim), make.submitted(of=make.batch(of=karim))
    with pytest.raises(NotFound):
        appeal(worker=make.worker(), assignment_id=one.public_id, text="Mine", now=make.NOW)
    with pytest.raises(NotFound):
        withdraw_appeal(worker=one.worker, assignment_id=one.public_id, now=make.NOW)
    with pytest.raises(NothingToAppeal):
        say(handed_in)
    for text in (" ", "x" * 5000):
        with pytest.raises(BadAppeal):
            say(one, text)
    with pytest.raises(TooManyFiles):
        say(one, files=[FILE] * 6)
    with pytest.raises(AppealTooLate):
        say(one, now=WEEK)
    assert not Appeal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_appeal_release_and_overturning_at_the_same_moment_leave_one_truth() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=8)
    late = WEEK - timedelta(seconds=1)
    for one in [rejected(karim, of=batch) for _ in range(8)]:
        results = together(
            partial(say, one, now=late),
            partial(say, one, now=late),
            partial(release_rejections, now=WEEK),
            partial(
                approve_assignment, requester=karim, assignment_id=one.public_id, now=late, override=True
            ),
        )
        assert set(outcomes(results)) <= {"done", "AppealTooLate", "NothingToAppeal", "AppealedBefore"}
        one.refresh_from_db()
        assert one.state == "approved"
        assert worker_balance(one.worker)[0] == Money.parse("0.05")
        assert not Appeal.objects.filter(outcome="open").exists()
        assert work_faults() == []


@pytest.mark.django_db
def test_answers_before_a_repair_stay_with_what_was_asked() -> None:
    karim = cast.karim()
    one = make.submitted(of=make.batch(of=karim))
    for no, digit in enumerate(("1", "9")):
        now = make.NOW + timedelta(hours=no)
        ask_revision(
            requester=karim,
            assignment_id=one.public_id,
            reason_code="unclear",
            feedback=f"Look again {no}",
            now=now,
        )
        submit_assignment(
            worker=one.worker,
            assignment_id=one.public_id,
            fields=[("digit", digit)],
            now=now + timedelta(minutes=5),
        )
    kept = one.earlier.order_by("no")
    assert [(e.no, e.body["fields"], e.asked, e.reason_code) for e in kept] == [
        (1, [["digit", "7"]], "Look again 0", "unclear"),
        (2, [["digit", "1"]], "Look again 1", "unclear"),
    ]
    assert [e.submitted_at for e in kept] == [make.NOW, make.NOW + timedelta(minutes=5)]
    assert [e.deadline_at - e.asked_at for e in kept] == [timedelta(days=1)] * 2


@pytest.mark.django_db
def test_a_file_of_an_earlier_answer_outlives_its_removal() -> None:
    batch = proof_batch()
    worker = make.worker()
    accepted = taken(worker, batch)
    one = Assignment.objects.get(public_id=accepted.assignment_id)
    at = one.accepted_at

    def put(name: str, now: datetime) -> str:
        stored = StoredFile(name, "image/png", 10, name.ljust(64, "0"), f"aa/{name}")
        return add_file(
            worker=worker,
            assignment_id=one.public_id,
            field="proof",
            stored=stored,
            now=now,
        ).public_id

    earlier = put("a.png", at)
    fields = [("summary", "A good text"), ("mood", "good")]
    submit_assignment(worker=worker, assignment_id=one.public_id, fields=fields, now=at)
    ask_revision(
        requester=batch.requester,
        assignment_id=one.public_id,
        reason_code="bad_proof",
        feedback="Too small",
        now=at,
    )
    later = at + timedelta(minutes=1)
    fresh = put("b.png", later)
    take = partial(remove_file, worker=worker, assignment_id=one.public_id, now=later)
    assert take(file_id=fresh) == "aa/b.png"
    assert take(file_id=earlier) == "", "the bytes stay"
    assert [file.name for file in EarlierFile.objects.filter(assignment=one)] == ["a.png"]
    assert not one.files.exists()
