"""One market behind two doors: what pages publish is on the wire, what programs make is on the pages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests import cast, make
from tests.api import market
from tests.api.conftest import Wire
from tests.api.market import code, refused
from tests.web.joining import signed_in
from tests.web.reading import streamed
from tukro.people.models import Requester
from tukro.quality.actions import review_submitted
from tukro.work.actions.doing.assigning import accept_task, submit_assignment
from tukro.work.models import Assignment, Batch

QUESTION = make.HTML_QUESTION.format(
    body="<!DOCTYPE html><html><head><title>t</title></head>"
    "<body><form><input name='digit'></form></body></html>",
    height=0,
)


@pytest.fixture
def karim(wire: Wire) -> Requester:  # the server's database comes first
    return cast.karim()


@pytest.fixture
def page(karim: Requester) -> Client:
    return signed_in(karim.user)


def created(client: Any, **changes: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "Title": "Which digit is this?",
        "Description": "Look at a small picture.",
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 3600,
        "MaxAssignments": 2,
        "Question": QUESTION,
        "RequesterAnnotation": "row 17",
    }
    made: dict[str, Any] = client.create_hit(**(usual | changes))["HIT"]
    return made


def worked_on(task_id: str, digit: str = "7") -> Assignment:
    worker, now = make.worker(), market.now()
    taken = accept_task(worker=worker, task_id=task_id, now=now).assignment_id
    submit_assignment(worker=worker, assignment_id=taken, fields=[("digit", digit)], now=now)
    return Assignment.objects.get(public_id=taken)


def test_what_pages_publish_is_read_and_judged_on_the_wire(wire: Wire, karim: Requester) -> None:
    batch = market.batch(karim, rows=2, places=2)
    one, two = market.submitted(batch), market.submitted(batch)
    client = wire.client_of(karim)
    tasks = {task.public_id: task for task in batch.tasks.all()}
    listed = client.list_hits()["HITs"]
    assert {hit["HITId"] for hit in listed} == set(tasks)
    for hit in listed:
        assert (hit["Title"], hit["Reward"], hit["MaxAssignments"]) == (batch.task_type.title, "0.05", 2)
        assert f"<p>{tasks[hit['HITId']].input['image']}</p>" in hit["Question"]
    client.approve_assignment(AssignmentId=one.public_id)
    client.reject_assignment(AssignmentId=two.public_id, RequesterFeedback="Blurred")
    page = signed_in(karim.user)
    grid = page.get(f"/requester/batches/{batch.public_id}/review?state=all").content.decode()
    assert one.public_id in grid
    shown = page.get(f"/requester/assignments/{two.public_id}").content.decode()
    assert "Rejected" in shown
    assert "Blurred" in shown


def test_a_hit_of_a_page_is_expired_and_deleted_on_the_wire(wire: Wire, karim: Requester) -> None:
    task = market.batch(karim).tasks.get()
    client = wire.client_of(karim)
    client.update_expiration_for_hit(HITId=task.public_id, ExpireAt=0)
    client.delete_hit(HITId=task.public_id)
    task.refresh_from_db()
    assert task.disposed_at
    assert client.list_hits()["NumResults"] == 0


def test_what_a_program_makes_is_on_the_pages(wire: Wire, karim: Requester, page: Client) -> None:
    client = wire.client_of(karim)
    hit = created(client)
    made = worked_on(hit["HITId"])
    [batch] = Batch.objects.all()
    for address in ("/requester/batches", f"/requester/batches/{batch.public_id}"):
        text = page.get(address).content.decode()
        assert "Made by a program" in text
        assert "1 of 2" in text
    assert hit["HITId"] in page.get(f"/requester/batches/{batch.public_id}/tasks").content.decode()
    grid = page.get(f"/requester/batches/{batch.public_id}/review").content.decode()
    assert made.public_id in grid
    assert "row 17" in grid


def test_verdicts_of_a_page_are_on_the_wire(wire: Wire, karim: Requester, page: Client) -> None:
    client = wire.client_of(karim)
    hit = created(client)
    made = worked_on(hit["HITId"])
    given = {"reason_code": "wrong", "feedback": "It is a 4."}
    assert page.post(f"/requester/assignments/{made.public_id}/reject", given).status_code == 302
    read = client.get_assignment(AssignmentId=made.public_id)["Assignment"]
    assert (read["AssignmentStatus"], read["RequesterFeedback"]) == ("Rejected", "It is a 4.")
    bonus = {"amount": "0.25", "reason": "For the trouble", "token": "form-1"}
    assert page.post(f"/requester/assignments/{made.public_id}/bonus", bonus).status_code == 302
    [payment] = client.list_bonus_payments(HITId=hit["HITId"])["BonusPayments"]
    assert (payment["BonusAmount"], payment["Reason"]) == ("0.25", "For the trouble")


def test_a_page_extends_ends_and_deletes_a_programs_hit(wire: Wire, karim: Requester, page: Client) -> None:
    client = wire.client_of(karim)
    hit_id = created(client)["HITId"]
    page.post(f"/requester/tasks/{hit_id}/extend", {"places": "1", "time_0": "1", "time_1": "3600"})
    extended = client.get_hit(HITId=hit_id)["HIT"]
    assert (extended["MaxAssignments"], extended["NumberOfAssignmentsAvailable"]) == (3, 3)
    page.post(f"/requester/tasks/{hit_id}/end")
    assert client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Reviewable"
    page.post(f"/requester/tasks/{hit_id}/delete")
    assert client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Disposed"
    assert "'Disposed'" in refused(client.delete_hit, HITId=hit_id)["Message"]


def test_results_and_verdicts_of_a_file_reach_programs_work(
    wire: Wire, karim: Requester, page: Client
) -> None:
    client = wire.client_of(karim)
    hit = created(client)
    made = worked_on(hit["HITId"])
    [batch] = Batch.objects.all()
    address = f"/requester/batches/{batch.public_id}/results"
    text = streamed(page.get(f"{address}.csv")).decode()
    [line] = csv.DictReader(io.StringIO(text))
    assert (line["HITId"], line["HITTypeId"]) == (hit["HITId"], hit["HITTypeId"])
    assert (line["RequesterAnnotation"], line["Answer.digit"]) == ("row 17", "7")
    verdicts = make.csv_file(f"AssignmentId,Approve,Reject\n{made.public_id},X,\n")
    confirm = page.post(f"{address}/upload", {"file": verdicts})["Location"]
    assert page.post(confirm).status_code == 302
    read = client.get_assignment(AssignmentId=made.public_id)["Assignment"]
    assert read["AssignmentStatus"] == "Approved"


def test_work_waits_unseen_until_its_review_policy_has_looked(wire: Wire, karim: Requester) -> None:
    client = wire.client_of(karim)
    known = {"Key": "AnswerKey", "MapEntries": [{"Key": "digit", "Values": ["7"]}]}
    hit = created(
        client,
        AssignmentReviewPolicy={"PolicyName": "ScoreMyKnownAnswers/2011-09-01", "Parameters": [known]},
    )
    made = worked_on(hit["HITId"])  # handed in, and the process died before the policy could look
    assert client.list_assignments_for_hit(HITId=hit["HITId"])["NumResults"] == 0
    answer = refused(client.get_assignment, AssignmentId=made.public_id)
    assert code(answer) == ("RequestError", "AssignmentDoesNotExist")
    review_submitted(assignment_id=made.public_id, now=market.now())
    assert client.list_assignments_for_hit(HITId=hit["HITId"])["NumResults"] == 1
    assert client.get_assignment(AssignmentId=made.public_id)["Assignment"]["AssignmentStatus"] == "Submitted"
