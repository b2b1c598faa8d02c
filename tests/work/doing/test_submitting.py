"""Handing in, drafts, giving back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests import cast, make
from tests.together import PATIENCE, outcomes, together, until_one_waits_for_a_lock
from tukro.journal.models import Event
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.questions.proof import Field, Form, Kind
from tukro.work.actions.doing.answer_checks import AnswerTooLong, BadAnswer
from tukro.work.actions.doing.assigning import (
    BadReason,
    TooLate,
    WrongState,
    return_assignment,
    save_draft,
    submit_assignment,
    submit_from_frame,
)
from tukro.work.actions.publishing import cancel_batch
from tukro.work.models import Assignment, Draft
from tukro.work.queries import work_faults, work_page

pytestmark = pytest.mark.django_db

FIELDS = [("digit", "৭"), ("note", "পরিষ্কার 🙂")]


def submit(made: Assignment, fields: list[tuple[str, str]] = FIELDS, after: int = 60) -> str:
    return submit_assignment(
        worker=made.worker,
        assignment_id=made.public_id,
        fields=fields,
        now=make.NOW + timedelta(seconds=after),
    ).state


def test_an_answer_is_kept_as_it_was_given_and_waits_for_review() -> None:
    made = make.accepted(of=make.batch(of_terms=make.terms(auto_approve_seconds=3600)))
    assert submit(made, after=60) == "submitted"
    made.refresh_from_db()
    assert (made.state, made.submitted_at) == ("submitted", make.NOW + timedelta(seconds=60))
    assert made.auto_approve_at == make.NOW + timedelta(seconds=3660)
    assert made.handed_in == {"fields": [list(pair) for pair in FIELDS]}


def test_check_boxes_of_one_name_are_joined_and_our_own_names_left_out() -> None:
    made = make.accepted()
    submit(made, [("a", "1"), ("assignmentId", "X"), ("b", "2"), ("a", "3"), ("csrfmiddlewaretoken", "t")])
    assert Assignment.objects.get().handed_in == {"fields": [["a", "1|3"], ["b", "2"]]}


def test_the_same_answer_twice_is_one_submission() -> None:
    made = make.accepted()
    assert submit(made) == submit(made, after=70) == "submitted"
    assert Event.objects.filter(name="AssignmentSubmitted").count() == 1
    with pytest.raises(WrongState):
        submit(made, [("digit", "8")])


def test_time_without_review_is_approval_at_once() -> None:
    made = make.accepted(of=make.batch(of_terms=make.terms(auto_approve_seconds=0, reward="0.25")))
    assert submit(made) == "approved"
    assert worker_balance(made.worker)[0] == Money.parse("0.25")
    assert work_faults() == []


def test_a_deadline_has_a_moment_of_grace_and_no_more() -> None:
    batch = make.batch(rows=2)
    on_the_way, late = make.accepted(of=batch), make.accepted(of=batch)
    assert submit(on_the_way, after=610) == "submitted"
    with pytest.raises(TooLate) as refused:
        submit(late, after=611)
    assert refused.value.facts == {"deadline_at": make.NOW + timedelta(seconds=600), "state": "accepted"}
    assert Assignment.objects.get(pk=late.pk).answer is None


def test_nobody_hands_in_for_another() -> None:
    made = make.accepted()
    with pytest.raises(NotFound):
        submit_assignment(worker=cast.tanvir(), assignment_id=made.public_id, fields=FIELDS, now=make.NOW)
    made.refresh_from_db()
    assert made.state == "accepted"


def test_the_frame_hands_in_with_the_id_alone() -> None:
    made = make.accepted()
    assert submit_from_frame(assignment_id=made.public_id, fields=FIELDS, now=make.NOW).state == "submitted"
    with pytest.raises(NotFound):
        submit_from_frame(assignment_id="3" + "A" * 29, fields=FIELDS, now=make.NOW)


def test_an_answer_has_a_size() -> None:
    made = make.accepted()
    with pytest.raises(AnswerTooLong):
        submit(made, [("a", "x" * 2_000_000)])
    made.refresh_from_db()
    assert made.state == "accepted"


def proof_assignment() -> Assignment:
    form = Form(
        "Say what you see in ${image}.",
        (
            Field("digit", Kind.NUMBER, "Digit"),
            Field("sure", Kind.CHOICE, "Sure?", required=False, options=("yes", "no")),
            Field("picture", Kind.FILE, "Screenshot", required=False),
        ),
    )
    return make.accepted(of=make.batch(question_kind="proof", question_body=form.dump()))


def test_our_own_form_refuses_what_it_does_not_ask_for() -> None:
    made = proof_assignment()
    with pytest.raises(BadAnswer) as refused:
        submit(made, [("digit", "seven"), ("sure", "maybe")])
    problems = refused.value.facts["problems"]
    assert [(p.field, p.code) for p in problems] == [  # type: ignore[attr-defined]  # a fact is an object; these are the form's problems
        ("digit", "not_a_number"),
        ("sure", "unknown_option"),
    ]
    made.refresh_from_db()
    assert made.state == "accepted"
    assert submit(made, [("digit", "7"), ("stray", "x")]) == "submitted"
    assert Assignment.objects.get().handed_in == {"fields": [["digit", "7"]]}


def test_a_draft_is_kept_until_the_answer_is_handed_in() -> None:
    made = make.accepted()
    save_draft(worker=made.worker, assignment_id=made.public_id, fields=[("digit", "1")], now=make.NOW)
    save_draft(worker=made.worker, assignment_id=made.public_id, fields=[("digit", "17")], now=make.NOW)
    assert work_page(made.worker, made.public_id).draft == [("digit", "17")]
    assert work_faults() == []
    submit(made)
    assert Draft.objects.count() == 0
    with pytest.raises(WrongState):
        save_draft(worker=made.worker, assignment_id=made.public_id, fields=[], now=make.NOW)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_meets_the_answer_is_not_kept_after_it() -> None:
    made = make.accepted()
    waits = threading.Event()

    def hand_in() -> None:
        with transaction.atomic():
            submit(made)
            waits.set()
            until_one_waits_for_a_lock()

    def keep() -> None:
        waits.wait(PATIENCE)
        save_draft(worker=made.worker, assignment_id=made.public_id, fields=[("digit", "1")], now=make.NOW)

    assert outcomes(together(hand_in, keep)) == {"done": 1, "WrongState": 1}
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "copied", ["hold = 0", "reward = reward + 1", "group_id = 'X'", "own_form = true", "worker_id = 0"]
)
def test_an_assignment_that_carries_other_terms_than_its_tasks_is_found(copied: str) -> None:
    make.accepted()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update work_assignment set {copied}")
        (fault,) = work_faults()
        transaction.set_rollback(True)
    assert fault.startswith("assignment carries other terms than it was accepted under")


def test_a_draft_belongs_to_its_worker_and_to_its_time() -> None:
    made = make.accepted()
    with pytest.raises(NotFound):
        save_draft(worker=cast.tanvir(), assignment_id=made.public_id, fields=[], now=make.NOW)
    with pytest.raises(TooLate):
        save_draft(
            worker=made.worker,
            assignment_id=made.public_id,
            fields=[],
            now=make.NOW + timedelta(seconds=611),
        )


def test_a_returned_place_is_free_and_its_money_stays_set_aside() -> None:
    karim = cast.karim()
    made = make.accepted(of=make.batch(of=karim))
    before = requester_balance(karim)
    return_assignment(
        worker=made.worker, assignment_id=made.public_id, reason_code="broken", note="no image", now=make.NOW
    )
    made.refresh_from_db()
    assert (made.state, made.reason_code, made.feedback) == ("returned", "broken", "no image")
    assert requester_balance(karim) == before
    assert make.accepted(of=made.task.batch).task_id == made.task_id


def test_a_place_returned_after_withdrawal_gives_its_money_back() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim)
    made = make.accepted(of=batch)
    cancel_batch(requester=karim, batch_id=batch.public_id, now=make.NOW)
    assert requester_balance(karim) == (Money.parse("999.94"), Money.parse("0.06"))
    return_assignment(worker=made.worker, assignment_id=made.public_id, reason_code="other", now=make.NOW)
    assert requester_balance(karim) == (Money.parse("1000.00"), Money.zero())
    assert work_faults() == []


def test_returning_needs_a_reason_of_the_list() -> None:
    made = make.accepted()
    for code, note in (("whim", ""), ("other", "x" * 1001)):
        with pytest.raises(BadReason):
            return_assignment(
                worker=made.worker, assignment_id=made.public_id, reason_code=code, note=note, now=make.NOW
            )
    made.refresh_from_db()
    assert made.state == "accepted"
