"""The result file comes back with verdicts: faults by line, the plan, and all of it in one go."""

from __future__ import annotations

import csv
import io
import threading
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests import cast, make
from tests.together import PATIENCE, outcomes, together, until_one_waits_for_a_lock
from tukro.campaigns.actions.results import result_lines
from tukro.campaigns.actions.reviewing import (
    FileHasFaults,
    ReviewColumnsMissing,
    ReviewFileTooLarge,
    ReviewFileUnreadable,
    apply_review_file,
    read_review_file,
)
from tukro.campaigns.models import ReviewFile, ReviewLine
from tukro.campaigns.queries.verdicts import Plan, overtaken, plan_of
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester, Worker, WorkerState
from tukro.work.actions.closing import release_rejections
from tukro.work.actions.reviewing import approve_assignments, ask_revision, reject_assignments
from tukro.work.models import Assignment, Batch

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def batch(karim: Requester) -> Batch:
    return make.batch(of=karim, rows=4)


@pytest.fixture
def answers(batch: Batch) -> list[Assignment]:
    return [make.submitted(of=batch) for _no in range(4)]


def read(batch: Batch, text: str | bytes, *, now: datetime = make.NOW + HOUR) -> ReviewFile:
    content = text.encode() if isinstance(text, str) else text
    return read_review_file(
        requester=batch.requester,
        batch_id=batch.public_id,
        file=io.BytesIO(content),
        file_name="reviewed.csv",
        now=now,
    )


def apply(review_file: ReviewFile, *, reopen: bool = False, now: datetime = make.NOW + HOUR) -> ReviewFile:
    return apply_review_file(
        requester=review_file.requester, review_id=review_file.public_id, reopen=reopen, now=now
    )


def plan(review_file: ReviewFile, *, now: datetime = make.NOW + HOUR) -> Plan:
    return plan_of(review_file, now=now)


def states(answers: list[Assignment]) -> list[str]:
    return [Assignment.objects.get(pk=answer.pk).state for answer in answers]


def lines(*rows: str) -> str:
    return "\n".join(["AssignmentId,HITId,Approve,Reject", *rows])


def row(answer: Assignment, approve: str = "", reject: str = "") -> str:
    return f"{answer.public_id},{answer.task.public_id},{approve},{reject}"


def reject_first(batch: Batch, answer: Assignment) -> None:
    reject_assignments(
        requester=batch.requester,
        assignment_ids=[answer.public_id],
        reason_code="wrong",
        feedback="Too fast",
        now=make.NOW,
    )


def test_the_downloaded_file_comes_back_with_verdicts(batch: Batch, answers: list[Assignment]) -> None:
    text = "".join(result_lines(batch, file_address=str, now=make.NOW))
    table = list(csv.DictReader(io.StringIO(text)))
    for line, (approve, reject) in zip(
        table, [("X", ""), ("x", ""), ("", "Wrong digit"), ("", "")], strict=True
    ):
        line["Approve"], line["Reject"] = approve, reject
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0].keys())
    writer.writeheader()
    writer.writerows(table)

    review_file = read(batch, out.getvalue())

    assert (review_file.line_count, review_file.fault_count) == (3, 0)
    assert plan(review_file) == Plan(
        approve=2, reject=1, overturn=0, overturn_cost=Money.zero(), unchanged=0, overtaken=0
    )
    assert states(answers) == ["submitted"] * 4, "nothing is decided before it is confirmed"
    apply(review_file)
    assert states(answers) == ["approved", "approved", "rejected", "submitted"]
    assert Assignment.objects.get(pk=answers[2].pk).feedback == "Wrong digit"


@pytest.mark.parametrize(
    "header",
    [
        "assignmentId,HITId,Approve,Reject",
        " ASSIGNMENTID ,hitid,APPROVE,reject",
        "\N{ZERO WIDTH NO-BREAK SPACE}AssignmentId,HITId,Approve,Reject",
    ],
)
def test_four_columns_in_any_case_are_enough(batch: Batch, answers: list[Assignment], header: str) -> None:
    review_file = read(batch, f"{header}\n{row(answers[0], 'x')}\n")
    apply(review_file)
    assert states(answers)[0] == "approved"


def test_an_x_on_a_rejected_answer_overturns_and_pays(batch: Batch, answers: list[Assignment]) -> None:
    reject_first(batch, answers[0])
    review_file = read(batch, lines(row(answers[0], "X")))
    assert plan(review_file).overturn == 1
    apply(review_file)
    assert states(answers)[0] == "approved"
    assert worker_balance(answers[0].worker)[0] == Money.parse("0.05")


def test_a_rejection_whose_money_went_back_is_paid_from_the_balance(
    batch: Batch, answers: list[Assignment], karim: Requester
) -> None:
    reject_first(batch, answers[0])
    later = make.NOW + timedelta(days=8)
    release(later)
    before = requester_balance(karim)[0]
    price = batch.task_type.reward + batch.task_type.fee

    review_file = read(batch, lines(row(answers[0], "X")), now=later)

    assert plan(review_file).overturn_cost == price
    apply(review_file, now=later)
    assert requester_balance(karim)[0] == before - price


def test_without_funds_nothing_of_the_file_is_done() -> None:
    poor = make.requester(funds="0.12")
    batch = make.batch(of=poor, rows=2)
    answers = [make.submitted(of=batch) for _no in range(2)]
    reject_first(batch, answers[0])
    later = make.NOW + timedelta(days=2)
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[1], "", "Wrong")), now=later)

    with pytest.raises(InsufficientFunds), transaction.atomic():
        apply(review_file, reopen=True, now=later)

    assert states(answers) == ["rejected", "submitted"]
    assert ReviewFile.objects.get().applied_at is None


@pytest.mark.parametrize(
    ("approve", "reject", "code"),
    [
        ("X", "Wrong", "both"),
        ("yes", "", "not_x"),
        ("", "x" * 2001, "reason_too_long"),
    ],
)
def test_a_line_that_cannot_be_meant_is_told_by_its_number(
    batch: Batch, answers: list[Assignment], approve: str, reject: str, code: str
) -> None:
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[1], approve, reject)))
    assert [(fault["line"], fault["code"]) for fault in review_file.faults] == [(3, code)]


def test_ids_that_are_not_there_or_not_ones_own_look_the_same(
    batch: Batch, answers: list[Assignment], karim: Requester
) -> None:
    foreign = make.submitted(of=make.batch())
    elsewhere = make.submitted(of=make.batch(of=karim, of_terms=make.terms(title="Other")))
    review_file = read(
        batch,
        lines(
            row(foreign, "X"),
            row(elsewhere, "X"),
            "3NOTHING,,X,",
            ",,X,",
            f"{answers[0].public_id},{answers[1].task.public_id},X,",
        ),
    )
    assert [(fault["line"], fault["code"]) for fault in review_file.faults] == [
        (line, "unknown") for line in (2, 3, 4, 5, 6)
    ]


def test_an_answer_that_stands_in_the_file_twice_is_a_fault(batch: Batch, answers: list[Assignment]) -> None:
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[0], "", "Wrong")))
    assert [fault["code"] for fault in review_file.faults] == ["repeated"]


def test_what_cannot_be_undone_is_a_fault(batch: Batch, answers: list[Assignment], karim: Requester) -> None:
    approve_assignments(requester=karim, assignment_ids=[answers[0].public_id], now=make.NOW)
    reject_first(batch, answers[1])
    ask_revision(
        requester=karim,
        assignment_id=answers[2].public_id,
        reason_code="other",
        feedback="Say more",
        now=make.NOW,
    )
    late = make.NOW + timedelta(days=31)
    review_file = read(
        batch, lines(row(answers[0], "", "Wrong"), row(answers[1], "X"), row(answers[2], "X")), now=late
    )
    assert [fault["code"] for fault in review_file.faults] == [
        "paid_already",
        "rejected_too_long_ago",
        "not_handed_in",
    ]


def test_a_rejection_of_who_closed_the_account_is_not_overturned(
    batch: Batch, answers: list[Assignment]
) -> None:
    reject_first(batch, answers[0])
    Worker.objects.filter(pk=answers[0].worker_id).update(state=WorkerState.CLOSED)
    review_file = read(batch, lines(row(answers[0], "X")))
    assert [fault["code"] for fault in review_file.faults] == ["worker_gone"]


def test_a_file_with_faults_is_not_done(batch: Batch, answers: list[Assignment]) -> None:
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[1], "X", "Wrong")))
    with pytest.raises(FileHasFaults):
        apply(review_file)
    assert states(answers) == ["submitted"] * 4


def test_the_first_hundred_faults_are_kept_and_all_are_counted(batch: Batch) -> None:
    review_file = read(batch, lines(*(f"3NO{no},,X," for no in range(150))))
    assert (len(review_file.faults), review_file.fault_count) == (100, 150)


def test_confirming_twice_does_it_once(batch: Batch, answers: list[Assignment]) -> None:
    review_file = read(batch, lines(row(answers[0], "X")))
    first = apply(review_file)
    second = apply(review_file, now=make.NOW + 2 * HOUR)
    assert first.applied_at == second.applied_at
    assert worker_balance(answers[0].worker)[0] == Money.parse("0.05")


def test_verdicts_that_stand_already_change_nothing(
    batch: Batch, answers: list[Assignment], karim: Requester
) -> None:
    approve_assignments(requester=karim, assignment_ids=[answers[0].public_id], now=make.NOW)
    reject_first(batch, answers[1])
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[1], "", "Still wrong")))
    assert plan(review_file).unchanged == 2
    apply(review_file)
    assert Assignment.objects.get(pk=answers[1].pk).feedback == "Too fast"


def test_what_was_decided_otherwise_meanwhile_is_named_and_no_part_of_what_stood_so_already(
    batch: Batch, answers: list[Assignment], karim: Requester
) -> None:
    verdicts = [row(one, "", "Wrong digit") for one in answers[:3]] + [row(answers[3], "X")]
    review_file = read(batch, lines(*verdicts))
    approve_assignments(requester=karim, assignment_ids=[answers[0].public_id], now=make.NOW)
    reject_first(batch, answers[1])
    ask_revision(
        requester=karim,
        assignment_id=answers[3].public_id,
        reason_code="other",
        feedback="Say more",
        now=make.NOW,
    )
    expected = Plan(approve=0, reject=1, overturn=0, overturn_cost=Money.zero(), unchanged=1, overtaken=2)
    assert plan(review_file) == expected

    done = apply(review_file)

    assert states(answers) == ["approved", "rejected", "rejected", "revising"]
    assert plan(done) == expected, "what was done stays told as it was done"
    left = overtaken(done, now=make.NOW + HOUR, limit=10)
    assert [(one.line.no, one.line.assignment_id, one.stands) for one in left] == [
        (2, answers[0].pk, "approved"),
        (5, answers[3].pk, "revising"),
    ]


def test_an_x_on_what_was_rejected_meanwhile_overturns_and_is_told_so(
    batch: Batch, answers: list[Assignment]
) -> None:
    review_file = read(batch, lines(row(answers[0], "X")))
    reject_first(batch, answers[0])
    done = plan(apply(review_file))
    assert (done.overturn, done.overtaken, states(answers)[0]) == (1, 0, "approved")


def test_what_silence_approved_before_the_sweep_came_is_not_rejected_any_more(
    batch: Batch, answers: list[Assignment]
) -> None:
    review_file = read(batch, lines(row(answers[0], "", "Wrong"), row(answers[1], "X")))
    late = make.NOW + timedelta(days=4)
    done = apply(review_file, now=late)
    assert (plan(done, now=late).overtaken, plan(done, now=late).approve) == (1, 1)
    assert states(answers)[:2] == ["submitted", "approved"]
    again = read(batch, lines(row(answers[0], "", "Wrong")), now=late)
    assert [fault["code"] for fault in again.faults] == ["paid_already"]


def test_rejected_places_are_offered_again_when_asked(batch: Batch, answers: list[Assignment]) -> None:
    apply(read(batch, lines(row(answers[0], "", "Wrong"))), reopen=True)
    again = make.submitted(of=batch, by=make.worker(), now=make.NOW + 2 * HOUR)
    assert again.task_id == answers[0].task_id


@pytest.mark.parametrize(
    ("encoding", "separator", "line_end"),
    [
        ("utf-8", ";", "\n"),
        ("utf-8-sig", ";", "\r\n"),
        ("utf-16", "\t", "\r\n"),
        ("cp1252", ",", "\r\n"),
    ],
)
def test_it_comes_back_however_a_spreadsheet_saved_it(
    batch: Batch, answers: list[Assignment], encoding: str, separator: str, line_end: str
) -> None:
    text = lines(row(answers[0], "x"), row(answers[1], "", "Trop court, désolé".replace(",", "")))
    saved = text.lower().replace(",", separator).replace("\n", line_end)
    for answer in answers:
        saved = saved.replace(answer.public_id.lower(), answer.public_id)
        saved = saved.replace(answer.task.public_id.lower(), answer.task.public_id)

    review_file = read(batch, saved.encode(encoding))

    assert review_file.faults == []
    assert list(review_file.lines.order_by("pk").values_list("verdict", "reason")) == [
        ("approve", ""),
        ("reject", "trop court désolé"),
    ]


def test_a_quote_left_open_does_not_swallow_the_verdicts_below_it(
    batch: Batch, answers: list[Assignment]
) -> None:
    review_file = read(batch, lines(row(answers[0], "", '"Too fast'), row(answers[1], "X")))
    assert [(fault["line"], fault["code"]) for fault in review_file.faults] == [(2, "quote_not_closed")]


def test_a_character_that_no_text_has_is_a_fault(batch: Batch, answers: list[Assignment]) -> None:
    review_file = read(batch, lines(row(answers[0], "X"), row(answers[1], "", "Too\x00fast")))
    assert [(fault["line"], fault["code"]) for fault in review_file.faults] == [(3, "nul_character")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 9])
def test_what_cannot_be_read_is_refused(batch: Batch, content: bytes) -> None:
    with pytest.raises(ReviewFileUnreadable):
        read(batch, content)
    assert ReviewFile.objects.count() == 0


def test_a_file_without_the_columns_is_refused_with_their_names(batch: Batch) -> None:
    with pytest.raises(ReviewColumnsMissing) as refusal:
        read(batch, "AssignmentId,Verdict\n3X,x\n")
    assert refusal.value.facts == {"columns": ["Approve", "Reject"]}


def test_a_file_that_is_too_large_is_refused(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tukro.campaigns.actions.reviewing.MAX_BYTES", 10)
    with pytest.raises(ReviewFileTooLarge):
        read(batch, lines())


def test_another_requesters_batch_and_file_do_not_exist(batch: Batch, answers: list[Assignment]) -> None:
    stranger = make.requester()
    with pytest.raises(NotFound):
        read_review_file(
            requester=stranger, batch_id=batch.public_id, file=io.BytesIO(b""), file_name="x", now=make.NOW
        )
    review_file = read(batch, lines(row(answers[0], "X")))
    with pytest.raises(NotFound):
        apply_review_file(requester=stranger, review_id=review_file.public_id, reopen=False, now=make.NOW)


def test_a_large_file_is_kept_in_chunks(
    batch: Batch, answers: list[Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.campaigns.actions.reviewing._CHUNK", 2)
    review_file = read(batch, lines(*(row(answer, "X") for answer in answers), row(answers[0], "X")))
    assert ReviewLine.objects.filter(review_file=review_file).count() == 4
    assert [fault["code"] for fault in review_file.faults] == ["repeated"]


def release(now: datetime) -> None:
    """The appeal window closes: money of rejected answers goes back."""
    release_rejections(now=now, limit=100)


@pytest.mark.django_db(transaction=True)
def test_a_file_and_somebody_who_approves_at_the_same_time_do_not_stand_in_each_others_way(
    batch: Batch, answers: list[Assignment]
) -> None:
    first, second = answers[0], answers[1]
    file = read(batch, lines(row(second, approve="x"), row(first, reject="blurred")))
    is_held = threading.Event()

    def approve_both() -> None:
        with transaction.atomic():
            Assignment.objects.select_for_update().get(pk=first.pk)
            is_held.set()
            until_one_waits_for_a_lock()
            ids = [first.public_id, second.public_id]
            approve_assignments(requester=batch.requester, assignment_ids=ids, now=make.NOW + HOUR)

    def apply_file() -> None:
        is_held.wait(PATIENCE)
        apply(file)

    assert outcomes(together(approve_both, apply_file)) == {"done": 2}
    assert states([first, second]) == ["approved", "approved"]
    done = plan(ReviewFile.objects.select_related("batch__task_type").get())
    assert (done.unchanged, done.overtaken) == (1, 1)
