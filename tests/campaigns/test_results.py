"""The result file: MTurk's columns to the byte, flat in memory, safe for spreadsheets when asked."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tukro.campaigns.actions import results
from tukro.campaigns.actions.results import moment_text, rate_text, result_lines
from tukro.campaigns.queries.reviewing import Filters, batch_of, matching
from tukro.people.models import Requester
from tukro.work.actions.doing.assigning import expire_late, return_assignment, submit_assignment
from tukro.work.actions.reviewing import approve_assignments, ask_revision, reject_assignments
from tukro.work.models import Assignment, Batch, ProofFile

FIXED = (
    '"HITId","HITTypeId","Title","Description","Keywords","Reward","CreationTime","MaxAssignments",'
    '"RequesterAnnotation","AssignmentDurationInSeconds","AutoApprovalDelayInSeconds","Expiration",'
    '"NumberOfSimilarHITs","LifetimeInSeconds","AssignmentId","WorkerId","AssignmentStatus","AcceptTime",'
    '"SubmitTime","AutoApprovalTime","ApprovalTime","RejectionTime","RequesterFeedback","WorkTimeInSeconds",'
    '"LifetimeApprovalRate","Last30DaysApprovalRate","Last7DaysApprovalRate",'
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def karim() -> Requester:
    return cast.karim()


@pytest.fixture
def batch(karim: Requester) -> Batch:
    rows = [{"image": "1.png", "শব্দ": 'বই, "খাতা"'}, {"image": "2.png", "শব্দ": "এক\nদুই 😀"}]
    return make.batch(of=karim, rows=rows)


def text_of(batch: Batch, *, now: datetime = make.NOW, **how: bool) -> str:
    return "".join(result_lines(batch, file_address="https://x/{}".format, now=now, **how))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_empty_batch_has_the_header_to_the_byte(batch: Batch) -> None:
    assert text_of(batch) == FIXED + '"Input.image","Input.শব্দ","Approve","Reject"\n'


def test_answers_follow_the_inputs_in_alphabetical_order(batch: Batch) -> None:
    make.submitted(of=batch, fields=[("zeta", "1"), ("alpha", "2")])
    make.submitted(of=batch, fields=[("alpha", "3"), ("Beta", "4")])
    header = text_of(batch).partition("\n")[0]
    assert header == FIXED + (
        '"Input.image","Input.শব্দ","Answer.Beta","Answer.alpha","Answer.zeta","Approve","Reject"'
    )


def test_one_line_says_all_that_mturk_says(batch: Batch, karim: Requester) -> None:
    rahima = cast.rahima()
    answer = make.submitted(of=batch, by=rahima, fields=[("digit", "৭")], after=timedelta(seconds=95))
    reject_assignments(
        requester=karim,
        assignment_ids=[answer.public_id],
        reason_code="wrong",
        feedback='No: "3"',
        now=make.NOW + timedelta(hours=1),
    )

    (row,) = rows_of(text_of(batch, now=make.NOW + timedelta(hours=2)))

    task, terms = answer.task, batch.task_type
    assert row == {
        "HITId": task.public_id,
        "HITTypeId": terms.public_id,
        "Title": "Which digit is this?",
        "Description": "Look at a small picture and say which digit it shows.",
        "Keywords": "image, digits",
        "Reward": "$0.05",
        "CreationTime": "Mon Nov 02 01:00:00 PST 2026",
        "MaxAssignments": "1",
        "RequesterAnnotation": task.annotation or f"BatchId:{batch.public_id};",
        "AssignmentDurationInSeconds": "600",
        "AutoApprovalDelayInSeconds": "259200",
        "Expiration": "Mon Nov 09 01:00:00 PST 2026",
        "NumberOfSimilarHITs": "",
        "LifetimeInSeconds": "",
        "AssignmentId": answer.public_id,
        "WorkerId": rahima.public_id,
        "AssignmentStatus": "Rejected",
        "AcceptTime": "Mon Nov 02 01:00:00 PST 2026",
        "SubmitTime": "Mon Nov 02 01:01:35 PST 2026",
        "AutoApprovalTime": "Thu Nov 05 01:01:35 PST 2026",
        "ApprovalTime": "",
        "RejectionTime": "Mon Nov 02 02:00:00 PST 2026",
        "RequesterFeedback": 'No: "3"',
        "WorkTimeInSeconds": "95",
        "LifetimeApprovalRate": "0% (0/1)",
        "Last30DaysApprovalRate": "0% (0/1)",
        "Last7DaysApprovalRate": "0% (0/1)",
        "Input.image": task.input["image"],
        "Input.শব্দ": task.input["শব্দ"],
        "Answer.digit": "৭",
        "Approve": "",
        "Reject": "",
    }


def test_a_repaired_answer_took_what_was_worked_on_it(batch: Batch, karim: Requester) -> None:
    answer = make.submitted(of=batch, after=timedelta(seconds=95))
    asked = make.NOW + timedelta(days=2)
    ask_revision(
        requester=karim,
        assignment_id=answer.public_id,
        reason_code="unclear",
        feedback="Which digit?",
        now=asked,
    )
    mended = asked + timedelta(seconds=25)
    submit_assignment(
        worker=answer.worker, assignment_id=answer.public_id, fields=[("digit", "7")], now=mended
    )
    (row,) = rows_of(text_of(batch, now=mended))
    assert row["WorkTimeInSeconds"] == "120"
    for filters, found in (
        (Filters(longest_seconds=119), []),
        (Filters(longest_seconds=120), [answer]),
        (Filters(shortest_seconds=121), []),
    ):
        assert list(matching(batch, filters)) == found


def test_silence_counts_as_approval_from_its_moment_on(batch: Batch) -> None:
    make.submitted(of=batch)
    over = make.NOW + timedelta(days=3)
    (before,) = rows_of(text_of(batch, now=over - timedelta(seconds=1)))
    (after,) = rows_of(text_of(batch, now=over))
    assert (before["AssignmentStatus"], before["ApprovalTime"]) == ("Submitted", "")
    assert (after["AssignmentStatus"], after["ApprovalTime"]) == ("Approved", after["AutoApprovalTime"])


def test_the_annotation_starts_with_the_batch(batch: Batch) -> None:
    make.submitted(of=batch)
    (row,) = rows_of(text_of(batch))
    assert row["RequesterAnnotation"].startswith(f"BatchId:{batch.public_id};")


def test_every_field_is_quoted_and_newlines_stay_inside(batch: Batch) -> None:
    make.submitted(of=batch, fields=[("note", 'a "b"\r\nc, d')])
    text = text_of(batch)
    assert '"a ""b""\r\nc, d"' in text
    (row,) = rows_of(text)
    assert row["Answer.note"] == 'a "b"\r\nc, d'


def test_only_work_that_was_handed_in_has_a_line(karim: Requester) -> None:
    batch = make.batch(of=karim, rows=7)
    submitted, approved, rejected, revising = (make.submitted(of=batch) for _no in range(4))
    make.accepted(of=batch)
    returned, abandoned = (make.accepted(of=batch) for _no in range(2))
    approve_assignments(requester=karim, assignment_ids=[approved.public_id], now=make.NOW)
    verdict: dict[str, Any] = {"requester": karim, "feedback": "No", "now": make.NOW}
    reject_assignments(assignment_ids=[rejected.public_id], reason_code="wrong", **verdict)
    ask_revision(assignment_id=revising.public_id, reason_code="unclear", **verdict)
    return_assignment(
        worker=returned.worker, assignment_id=returned.public_id, reason_code="other", now=make.NOW
    )
    Assignment.objects.filter(pk=abandoned.pk).update(deadline_at=make.NOW - timedelta(hours=1))
    assert expire_late(now=make.NOW) == 1

    listed = [(row["AssignmentId"], row["AssignmentStatus"]) for row in rows_of(text_of(batch))]

    assert listed == [
        (submitted.public_id, "Submitted"),
        (approved.public_id, "Approved"),
        (rejected.public_id, "Rejected"),
    ]


def test_rates_count_this_requesters_verdicts_in_their_windows(batch: Batch, karim: Requester) -> None:
    rahima = cast.rahima()
    old = make.batch(of=karim, rows=3, of_terms=make.terms(title="Other digits"))
    for days in (60, 20, 3):
        answer = make.submitted(of=old, by=rahima)
        approve_assignments(requester=karim, assignment_ids=[answer.public_id], now=make.NOW)
        Assignment.objects.filter(pk=answer.pk).update(decided_at=make.NOW - timedelta(days=days))
    other = make.batch()
    foreign = make.submitted(of=other, by=rahima)
    approve_assignments(requester=other.requester, assignment_ids=[foreign.public_id], now=make.NOW)
    make.submitted(of=batch, by=rahima)

    (row,) = rows_of(text_of(batch))

    assert row["LifetimeApprovalRate"] == "100% (3/3)"
    assert row["Last30DaysApprovalRate"] == "100% (2/2)"
    assert row["Last7DaysApprovalRate"] == "100% (1/1)"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2019, 10, 26, 17, 28, 52, tzinfo=UTC), "Sat Oct 26 10:28:52 PDT 2019"),
        (datetime(2026, 1, 5, 8, 0, 0, tzinfo=UTC), "Mon Jan 05 00:00:00 PST 2026"),
        (None, ""),
    ],
)
def test_moments_look_as_on_mturk(moment: datetime | None, text: str) -> None:
    assert moment_text(moment) == text


@pytest.mark.parametrize(
    ("approved", "judged", "text"),
    [(0, 0, "0% (0/0)"), (2, 3, "67% (2/3)"), (1, 3, "33% (1/3)"), (1, 2, "50% (1/2)"), (7, 7, "100% (7/7)")],
)
def test_rates_look_as_on_mturk(approved: int, judged: int, text: str) -> None:
    assert rate_text(approved, judged) == text


def test_formulas_are_tamed_for_spreadsheets_only(batch: Batch) -> None:
    answer = make.submitted(of=batch, fields=[("note", '=HYPERLINK("http://x")'), ("plain", "ok")])
    raw, tame = text_of(batch), text_of(batch, for_spreadsheets=True)
    assert rows_of(raw)[0]["Answer.note"] == '=HYPERLINK("http://x")'
    assert tame.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    (row,) = rows_of(tame.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    assert (row["Answer.note"], row["Answer.plain"]) == ('\'=HYPERLINK("http://x")', "ok")
    assert row["AssignmentId"] == answer.public_id


def test_files_stand_in_their_answers_column_as_addresses(batch: Batch) -> None:
    answer = make.submitted(of=batch, fields=[("note", "see files")])
    for public_id in ("3FIRST", "3SECOND"):
        ProofFile.objects.create(
            public_id=public_id, assignment=answer, field="shot", name="x.png", media_type="image/png",
            size=1, sha256="", path="x", uploaded_at=make.NOW,
        )  # fmt: skip
    (row,) = rows_of(text_of(batch))
    assert row["Answer.shot"] == "https://x/3FIRST|https://x/3SECOND"


def test_the_file_is_read_in_chunks(karim: Requester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "CHUNK", 2)
    batch = make.batch(of=karim, rows=5)
    for _no in range(5):
        make.submitted(of=batch)
    batch = batch_of(karim, batch.public_id)
    with CaptureQueriesContext(connection) as queries:
        pieces = list(result_lines(batch, file_address=str, now=make.NOW))
    assert [len(rows_of(pieces[0] + piece)) for piece in pieces[1:]] == [2, 2, 1]
    # Names once; answers, their files and their workers' records per piece; the look that finds the end.
    assert len(queries) == 1 + 3 * 3 + 1


def test_answers_of_crowd_elements_are_one_column_or_one_per_value(batch: Batch) -> None:
    given = '[{"mood": {"label": "good", "sure": true}, "note": "=1", "boxes": {"list": [{"left": 3}]}}]'
    make.submitted(of=batch, fields=[("taskAnswers", given)])
    make.submitted(of=batch, fields=[("taskAnswers", "[1"), ("other", "x")])

    rows = rows_of(text_of(batch))
    assert [row["Answer.taskAnswers"] for row in rows] == [given, "[1"]

    text = text_of(batch, spread_out=True, for_spreadsheets=True)
    answers = [
        {name: value for name, value in row.items() if name.startswith("Answer.")} for row in rows_of(text)
    ]
    assert answers == [
        {
            "Answer.boxes.list": '[{"left": 3}]',
            "Answer.mood.label": "good",
            "Answer.mood.sure": "true",
            "Answer.note": "'=1",
            "Answer.other": "",
            "Answer.taskAnswers": "",
        },
        {
            "Answer.boxes.list": "",
            "Answer.mood.label": "",
            "Answer.mood.sure": "",
            "Answer.note": "",
            "Answer.other": "x",
            "Answer.taskAnswers": "[1",
        },
    ]
