"""Assignments on the wire: reading, listing, approving, rejecting, files; by boto3 over TCP."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from tests import cast, make
from tests.api import market
from tests.api.conftest import Wire
from tests.api.market import at_once, code, refused, statements_of
from tukro.ledger.models import Transfer
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Requester
from tukro.questions import proof
from tukro.web.uploads import receive, store
from tukro.work.actions.closing import release_rejections
from tukro.work.actions.doing.assigning import expire_late, submit_assignment
from tukro.work.actions.doing.proof_files import StoredFile, add_file
from tukro.work.actions.reviewing import ask_revision
from tukro.work.models import Assignment
from tukro.work.queries.of_requester.handed_in import LINK_LIVES, file_behind, file_link

NOBODY = "3NOSUCHTHING0000000000000000000"
DOES_NOT_EXIST = ("RequestError", "AssignmentDoesNotExist")
WRONG_STATE = ("RequestError", "InvalidAssignmentState")
INVALID = ("ParameterValidationError", "")  # boto3 knows no members of an error outside the model


@pytest.fixture
def karim(wire: Wire) -> Requester:  # the server's database comes first
    return cast.karim()


def states(of: Assignment, **moments: timedelta) -> Assignment:
    """The assignment with some of its moments moved."""
    for name, by in moments.items():
        setattr(of, name, getattr(of, name) + by)
    of.save(update_fields=list(moments))
    return of


# --- reading ------------------------------------------------------------------------------------------


def test_an_assignment_comes_with_its_hit_and_every_member_of_its_state(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim), fields=[("digit", "7"), ("note", "")])
    answer = wire.client_of(karim).get_assignment(AssignmentId=made.public_id)
    read = answer["Assignment"]
    assert answer["HIT"]["HITId"] == read["HITId"] == made.task.public_id
    assert set(read) == {
        "AssignmentId", "WorkerId", "HITId", "AssignmentStatus", "AutoApprovalTime", "AcceptTime",
        "SubmitTime", "Deadline", "Answer",
    }  # fmt: skip
    assert (read["AssignmentId"], read["WorkerId"]) == (made.public_id, made.worker.public_id)
    assert read["AssignmentStatus"] == "Submitted"
    assert read["Deadline"] - read["AcceptTime"] == timedelta(seconds=600)
    assert read["AutoApprovalTime"] - read["SubmitTime"] == timedelta(days=3)
    assert read["Answer"].splitlines()[0] == '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
    assert answered(read["Answer"]) == [("digit", "FreeText", "7"), ("note", "FreeText", None)]


def test_moments_are_numbers_and_feedback_is_there_when_it_was_given(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, rows=2)
    one, two = market.submitted(batch), market.submitted(batch)
    client = wire.client_of(karim)
    client.approve_assignment(AssignmentId=one.public_id, RequesterFeedback="Thank you")
    client.reject_assignment(AssignmentId=two.public_id, RequesterFeedback="")
    raw: list[bytes] = []
    client.meta.events.register(
        "before-parse.mturk.*", lambda response_dict, **_: raw.append(response_dict["body"])
    )
    approved = client.get_assignment(AssignmentId=one.public_id)["Assignment"]
    rejected = client.get_assignment(AssignmentId=two.public_id)["Assignment"]
    assert (approved["AssignmentStatus"], approved["RequesterFeedback"]) == ("Approved", "Thank you")
    assert "RejectionTime" not in approved
    assert rejected["AssignmentStatus"] == "Rejected"
    assert "ApprovalTime" not in rejected
    assert "RequesterFeedback" not in rejected
    members = json.loads(raw[0])["Assignment"]
    assert isinstance(members["ApprovalTime"], int | float)
    assert isinstance(members["SubmitTime"], int | float)


def test_work_in_hand_given_back_or_unknown_does_not_exist(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, places=3)
    in_hand = make.accepted(of=batch, now=market.now())
    sent_back = market.submitted(batch)
    ask_revision(
        requester=karim,
        assignment_id=sent_back.public_id,
        reason_code="unclear",
        feedback="?",
        now=market.now(),
    )
    foreign = market.submitted(market.batch(make.requester()))
    client = wire.client_of(karim)
    for name in (in_hand.public_id, sent_back.public_id, foreign.public_id, NOBODY):
        for call, given in (
            (client.get_assignment, {}),
            (client.approve_assignment, {}),
            (client.approve_assignment, {"OverrideRejection": True}),
            (client.reject_assignment, {"RequesterFeedback": "no"}),
            (client.get_file_upload_url, {"QuestionIdentifier": "photo"}),
            (client.list_bonus_payments, {}),
        ):
            answer = refused(call, AssignmentId=name, **given)
            assert code(answer) == DOES_NOT_EXIST
            assert f"Assignment {name} does not exist." in answer["Message"]
    assert client.list_assignments_for_hit(HITId=batch.tasks.get().public_id)["NumResults"] == 0


def test_work_whose_repair_did_not_come_is_there_again(wire: Wire, karim: Requester) -> None:
    answer = market.submitted(market.batch(karim))
    asked = market.now() - timedelta(days=2)
    Assignment.objects.filter(pk=answer.pk).update(auto_approve_at=market.now())
    ask_revision(
        requester=karim, assignment_id=answer.public_id, reason_code="unclear", feedback="?", now=asked
    )
    expire_late(now=market.now())
    client = wire.client_of(karim)
    found = client.get_assignment(AssignmentId=answer.public_id)["Assignment"]
    assert found["AssignmentStatus"] == "Submitted"
    client.approve_assignment(AssignmentId=answer.public_id)


def test_a_hit_that_is_not_there_has_no_assignments(wire: Wire, karim: Requester) -> None:
    foreign = market.batch(make.requester()).tasks.get()
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.approve_assignment(AssignmentId=made.public_id)
    market.delete_task(made, karim)
    for name in (foreign.public_id, made.task.public_id, NOBODY):
        answer = refused(client.list_assignments_for_hit, HITId=name)
        assert code(answer) == ("RequestError", "HITDoesNotExist")
        assert f"Hit {name} does not exist." in answer["Message"]


def test_the_work_of_a_deleted_hit_is_gone_with_it(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.reject_assignment(AssignmentId=made.public_id, RequesterFeedback="no")
    market.delete_task(made, karim)
    assert code(refused(client.get_assignment, AssignmentId=made.public_id)) == DOES_NOT_EXIST
    overturned = refused(client.approve_assignment, AssignmentId=made.public_id, OverrideRejection=True)
    assert code(overturned) == WRONG_STATE


def test_without_statuses_all_three_are_listed_the_first_handed_in_first(
    wire: Wire, karim: Requester
) -> None:
    batch = market.batch(karim, places=4)
    made = [market.submitted(batch) for _ in range(3)]
    make.accepted(of=batch, now=market.now())
    made[0].submitted_at, made[2].submitted_at = made[2].submitted_at, made[0].submitted_at
    for one in made:
        one.save(update_fields=["submitted_at"])
    client = wire.client_of(karim)
    client.approve_assignment(AssignmentId=made[0].public_id)
    client.reject_assignment(AssignmentId=made[1].public_id, RequesterFeedback="no")
    task_id = batch.tasks.get().public_id
    in_order = [made[2], made[1], made[0]]
    ways: list[dict[str, list[str]]] = [{}, {"AssignmentStatuses": []}]
    for given in ways:
        answer = client.list_assignments_for_hit(HITId=task_id, **given)
        assert [one["AssignmentId"] for one in answer["Assignments"]] == [one.public_id for one in in_order]
        assert answer["NumResults"] == 3
    for statuses, expected in (
        (["Submitted"], [made[2]]),
        (["Approved", "Rejected"], [made[1], made[0]]),
    ):
        answer = client.list_assignments_for_hit(HITId=task_id, AssignmentStatuses=statuses)
        assert [one["AssignmentId"] for one in answer["Assignments"]] == [one.public_id for one in expected]
    answer = refused(client.list_assignments_for_hit, HITId=task_id, AssignmentStatuses=["Accepted"])
    assert answer["Error"]["Code"] == "ValidationException"


def test_the_paginator_goes_through_all_and_an_empty_page_ends_it(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, places=5)
    made = [market.submitted(batch) for _ in range(5)]
    client = wire.client_of(karim)
    task_id = batch.tasks.get().public_id
    pages = list(
        client.get_paginator("list_assignments_for_hit").paginate(
            HITId=task_id, PaginationConfig={"PageSize": 2}
        )
    )
    assert [page["NumResults"] for page in pages] == [2, 2, 1, 0]
    assert ["NextToken" in page for page in pages] == [True, True, True, False]
    listed = [one["AssignmentId"] for page in pages for one in page["Assignments"]]
    assert listed == [one.public_id for one in made]
    foreign = refused(
        client.list_assignments_for_hit,
        HITId=task_id,
        AssignmentStatuses=["Submitted"],
        NextToken=pages[0]["NextToken"],
    )
    assert code(foreign)[0] == "ParameterValidationError"


def test_a_page_holds_ten_when_nobody_says_how_many(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, places=12)
    for _ in range(11):
        market.submitted(batch)
    client = wire.client_of(karim)
    task_id = batch.tasks.get().public_id
    assert client.list_assignments_for_hit(HITId=task_id)["NumResults"] == 10
    assert client.list_assignments_for_hit(HITId=task_id, MaxResults=100)["NumResults"] == 11
    answer = refused(client.list_assignments_for_hit, HITId=task_id, MaxResults=101)
    assert answer["Error"]["Code"] == "ValidationException"


def test_silence_is_approval_for_readers_before_the_house_has_paid(wire: Wire, karim: Requester) -> None:
    made = states(market.submitted(market.batch(karim)), auto_approve_at=-timedelta(days=4))
    client = wire.client_of(karim)
    read = client.get_assignment(AssignmentId=made.public_id)["Assignment"]
    assert read["AssignmentStatus"] == "Approved"
    assert abs(read["ApprovalTime"] - made.auto_approve_at) < timedelta(milliseconds=1)
    listed = {
        status: client.list_assignments_for_hit(HITId=made.task.public_id, AssignmentStatuses=[status])
        for status in ("Submitted", "Approved")
    }
    assert {status: answer["NumResults"] for status, answer in listed.items()} == {
        "Submitted": 0,
        "Approved": 1,
    }
    assert code(refused(client.approve_assignment, AssignmentId=made.public_id)) == WRONG_STATE
    assert (
        code(refused(client.reject_assignment, AssignmentId=made.public_id, RequesterFeedback=""))
        == WRONG_STATE
    )
    assert str(worker_balance(made.worker)[0]) == "0.05"


# --- judging ------------------------------------------------------------------------------------------


def test_approving_pays_once_and_a_second_time_is_refused(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    answer = client.approve_assignment(AssignmentId=made.public_id, RequesterFeedback="Thanks")
    assert set(answer) == {"ResponseMetadata"}
    again = refused(client.approve_assignment, AssignmentId=made.public_id)
    assert code(again) == WRONG_STATE
    assert again["Message"].startswith("This operation can be called with a status of: Submitted (")
    assert (
        code(refused(client.reject_assignment, AssignmentId=made.public_id, RequesterFeedback="x"))
        == WRONG_STATE
    )
    assert str(worker_balance(made.worker)[0]) == "0.05"


def test_a_rejection_can_be_overturned_and_pays_from_its_hold(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.reject_assignment(AssignmentId=made.public_id, RequesterFeedback="Blurred")
    assert code(refused(client.approve_assignment, AssignmentId=made.public_id)) == WRONG_STATE
    again = refused(client.reject_assignment, AssignmentId=made.public_id, RequesterFeedback="Blurred")
    assert code(again) == WRONG_STATE
    client.approve_assignment(AssignmentId=made.public_id, OverrideRejection=True)
    read = client.get_assignment(AssignmentId=made.public_id)["Assignment"]
    assert read["AssignmentStatus"] == "Approved"
    assert {"ApprovalTime", "RejectionTime"} <= set(read)
    assert "RequesterFeedback" not in read
    assert str(worker_balance(made.worker)[0]) == "0.05"


def test_override_on_submitted_work_approves_it(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    wire.client_of(karim).approve_assignment(AssignmentId=made.public_id, OverrideRejection=True)
    made.refresh_from_db()
    assert made.state == "approved"


def test_a_rejection_older_than_thirty_days_from_handing_in_stands(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.reject_assignment(AssignmentId=made.public_id, RequesterFeedback="Blurred")
    states(made, submitted_at=-timedelta(days=31))
    late = refused(client.approve_assignment, AssignmentId=made.public_id, OverrideRejection=True)
    assert code(late) == WRONG_STATE


def test_an_overturned_rejection_whose_money_has_gone_needs_funds(wire: Wire) -> None:
    poor = make.requester(funds="0.06")
    made = market.submitted(market.batch(poor))
    client = wire.client_of(poor)
    client.reject_assignment(AssignmentId=made.public_id, RequesterFeedback="Blurred")
    release_rejections(now=market.now() + timedelta(days=8))
    market.batch(poor)  # spends what came back
    answer = refused(client.approve_assignment, AssignmentId=made.public_id, OverrideRejection=True)
    assert code(answer) == ("RequestError", "InsufficientFunds")
    assert "insufficient funds" in answer["Message"]
    made.refresh_from_db()
    assert made.state == "rejected"


def test_rejecting_needs_feedback_which_may_be_empty(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    loose = wire.client_of(karim, parameter_validation=False)
    missing = refused(loose.reject_assignment, AssignmentId=made.public_id)
    assert missing["Error"]["Code"] == "ValidationException"
    assert "Member must not be null" in missing["Error"]["Message"]
    loose.reject_assignment(AssignmentId=made.public_id, RequesterFeedback="")
    made.refresh_from_db()
    assert (made.state, made.feedback) == ("rejected", "")


@pytest.mark.parametrize("feedback", ["x" * 1025, "bell\x07", "form\x0cfeed"])
def test_feedback_is_plain_text_of_a_kilobyte(wire: Wire, karim: Requester, feedback: str) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    for call in (client.approve_assignment, client.reject_assignment):
        answer = refused(call, AssignmentId=made.public_id, RequesterFeedback=feedback)
        assert code(answer) == INVALID
        assert "is not valid for the parameter RequesterFeedback." in answer["Error"]["Message"]
    client.approve_assignment(AssignmentId=made.public_id, RequesterFeedback="ভালো কাজ\n" + "x" * 1000)


def test_rejected_work_is_not_offered_again(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim)
    made = market.submitted(batch)
    available = requester_balance(karim)
    wire.client_of(karim).reject_assignment(AssignmentId=made.public_id, RequesterFeedback="no")
    assert batch.tasks.get().places == 1
    assert requester_balance(karim) == available  # the money waits for an appeal


def test_two_approvals_at_once_pay_once(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    clients = [wire.client_of(karim) for _ in range(4)]
    calls = [partial(client.approve_assignment, AssignmentId=made.public_id) for client in clients]
    assert sorted(at_once(*calls)) == ["RequestError", "RequestError", "RequestError", "done"]
    assert Transfer.objects.filter(kind="reward").count() == 1


def test_approving_and_rejecting_at_once_leave_one_verdict(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, rows=5)
    one, other = wire.client_of(karim), wire.client_of(karim)
    for made in [market.submitted(batch) for _ in range(5)]:
        name = made.public_id
        told = at_once(
            partial(one.approve_assignment, AssignmentId=name),
            partial(other.reject_assignment, AssignmentId=name, RequesterFeedback=""),
        )
        made.refresh_from_db()
        assert (told, made.state) in (
            (["done", "RequestError"], "approved"),
            (["RequestError", "done"], "rejected"),
        )


def test_approving_is_one_call_of_one_function(wire: Wire, karim: Requester) -> None:
    made = market.submitted(market.batch(karim))
    client = wire.client_of(karim)
    client.get_account_balance()  # the key is known
    asked = statements_of(lambda: client.approve_assignment(AssignmentId=made.public_id))
    assert [sql for sql in asked if "people_wire_call" not in sql] == [
        sql for sql in asked if sql.startswith("select * from work_approve(")
    ]
    assert len(asked) == 2


def test_a_hundred_assignments_cost_as_many_queries_as_one(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, places=6)
    client = wire.client_of(karim)
    client.get_account_balance()  # the key is known
    task_id = batch.tasks.get().public_id
    costs = []
    for _ in range(2):
        for _ in range(3):
            market.submitted(batch)
        asked = statements_of(lambda: client.list_assignments_for_hit(HITId=task_id, MaxResults=100))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 5


# --- files --------------------------------------------------------------------------------------------


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def with_photos(karim: Requester, files: Path) -> Assignment:
    """An answer to a proof form with two recordings of one field."""
    spec = [
        {"name": "photo", "label": "Photo", "kind": "file", "maximum": 2},
        {"name": "note", "label": "Note", "kind": "text"},
    ]
    form = proof.Form(instructions="Look", fields=proof.read_fields(spec))
    batch = market.batch(karim, question_kind="proof", question_body=form.dump(), rows=[{"row": "1"}])
    made = make.accepted(of=batch, now=market.now())
    for no in (1, 2):
        received = receive(SimpleUploadedFile(f"{no}.pdf", b"%PDF-1.4 " + b"x" * no))
        kept = StoredFile(
            received.name, received.media_type, len(received.content), received.sha256, store(received)
        )
        add_file(
            worker=made.worker, assignment_id=made.public_id, field="photo", stored=kept, now=market.now()
        )
    submit_assignment(
        worker=made.worker, assignment_id=made.public_id, fields=[("note", "ok")], now=market.now()
    )
    made.refresh_from_db()
    return made


def test_files_are_answers_and_open_by_an_address_of_a_minute(
    wire: Wire, karim: Requester, with_photos: Assignment, settings: Settings
) -> None:
    settings.SITE_URL = wire.url
    client = wire.client_of(karim)
    xml = client.get_assignment(AssignmentId=with_photos.public_id)["Assignment"]["Answer"]
    first, second = with_photos.files.order_by("pk")
    assert answered(xml) == [
        ("note", "FreeText", "ok"),
        ("photo", "UploadedFileSizeInBytes", str(first.size)),
        ("photo", "UploadedFileKey", first.public_id),
        ("photo.2", "UploadedFileSizeInBytes", str(second.size)),
        ("photo.2", "UploadedFileKey", second.public_id),
    ]
    for name, content in (("photo", b"%PDF-1.4 x"), ("photo.2", b"%PDF-1.4 xx")):
        address = client.get_file_upload_url(AssignmentId=with_photos.public_id, QuestionIdentifier=name)
        served = httpx.get(address["FileUploadURL"])
        assert (served.status_code, served.content) == (200, content)
        assert served.headers["Cache-Control"] == "private, no-store"
    for name in ("note", "photo.3"):
        answer = refused(
            client.get_file_upload_url, AssignmentId=with_photos.public_id, QuestionIdentifier=name
        )
        assert code(answer) == INVALID


def test_the_address_of_a_file_ends_and_cannot_be_forged(
    wire: Wire, karim: Requester, with_photos: Assignment
) -> None:
    file = with_photos.files.order_by("pk")[0]
    now = market.now()
    assert file_behind(file_link(file.public_id, now), now) == file
    over = file_link(file.public_id, now - LINK_LIVES)
    forged = file_link(file.public_id, now)[:-3] + "abc"
    for link in (over, forged, "x"):
        assert httpx.get(f"{wire.url}/files/linked/{link}").status_code == 404
    wire.client_of(karim).approve_assignment(AssignmentId=with_photos.public_id)
    market.delete_task(with_photos, karim)
    assert httpx.get(f"{wire.url}/files/linked/{file_link(file.public_id, market.now())}").status_code == 404


def answered(xml: str) -> list[tuple[str, str, str | None]]:
    """Question, element and text of every value in a QuestionFormAnswers document."""
    found = []
    for answer in ElementTree.fromstring(xml):
        name, *values = answer
        found += [(str(name.text), value.tag.partition("}")[2], value.text) for value in values]
    return found
