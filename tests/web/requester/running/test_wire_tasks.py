"""The requester's pages for what programs made: batches of the wire, their tasks, review and results."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.web.joining import signed_in
from tests.web.reading import streamed
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance
from tukro.people.models import Requester
from tukro.work.actions.doing.appealing import appeal
from tukro.work.actions.publishing.task_changes import change_expiry
from tukro.work.actions.reviewing import approve_assignment, reject_assignment
from tukro.work.models import Assignment, Batch, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(karim: Requester) -> Client:
    return signed_in(karim.user)


def wire_task(of: Requester, **options: Any) -> Task:
    return make.wire_task(of=of, now=timezone.now(), **options)


def handed_in(task: Task) -> Assignment:
    assert task.batch
    return make.submitted(of=task.batch, now=timezone.now())


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def test_a_batch_of_programs_is_listed_with_sensible_words(client: Client, karim: Requester) -> None:
    task = wire_task(karim, places=3)
    wire_task(karim, places=2)
    handed_in(task)
    assert task.batch
    for address in ("/requester/", "/requester/batches"):
        page = read(client, address)
        assert "Made by a program" in page
        assert "1 of 5" in page
    page = read(client, f"/requester/batches/{task.batch.public_id}")
    assert "1 of 5 answers are handed in." in page
    assert "Running" in page
    assert "Answers per task" not in page
    assert "Extend" not in page
    assert "$0.30" in page  # five places of five cents and the fee of one


def test_a_batch_of_programs_is_over_when_its_tasks_are(client: Client, karim: Requester) -> None:
    task = wire_task(karim)
    assert task.batch
    address = f"/requester/batches/{task.batch.public_id}"
    assert "Running" in read(client, address)
    now = timezone.now()
    change_expiry(requester=karim, task_id=task.public_id, expires_at=now, now=now)
    assert "Time is over" in read(client, address)


def test_the_balance_tells_what_is_set_aside_for_programs(client: Client, karim: Requester) -> None:
    task = wire_task(karim, places=2)
    assert task.batch
    page = read(client, "/requester/balance")
    assert f"/requester/batches/{task.batch.public_id}" in page
    assert requester_balance(karim)[1] == Money.parse("0.12")
    assert page.count("$0.12") >= 2


def test_tasks_are_listed_with_their_state_the_newest_first(client: Client, karim: Requester) -> None:
    first = wire_task(karim, annotation="page 1")
    second = wire_task(karim, places=2)
    handed_in(first)
    assert first.batch
    page = read(client, f"/requester/batches/{first.batch.public_id}/tasks")
    assert page.index(second.public_id) < page.index(first.public_id)
    assert "page 1" in page
    assert "Over" in page
    assert "Open" in page


def test_the_list_of_tasks_goes_on_where_it_ended(
    client: Client, karim: Requester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tukro.web.requester.running.tasks.PAGE", 2)
    made = [wire_task(karim) for _ in range(3)]
    assert made[0].batch
    address = f"/requester/batches/{made[0].batch.public_id}/tasks"
    page = read(client, address)
    assert f"?after={made[1].public_id}" in page
    assert made[0].public_id not in page
    rest = read(client, f"{address}?after={made[1].public_id}")
    assert made[0].public_id in rest
    assert f"/tasks/{made[1].public_id}" not in rest


def test_what_a_page_published_is_listed_task_by_task_too(client: Client, karim: Requester) -> None:
    batch = make.batch(of=karim, rows=2, now=timezone.now())
    page = read(client, f"/requester/batches/{batch.public_id}/tasks")
    assert all(task.public_id in page for task in batch.tasks.all())
    assert "Made by a program" not in page


def test_a_task_shows_how_far_it_is_and_what_it_asks(client: Client, karim: Requester) -> None:
    task = wire_task(karim, places=2, annotation="page <1>")
    handed_in(task)
    page = read(client, f"/requester/tasks/{task.public_id}")
    assert "1 of 2 answers are handed in." in page
    assert "page &lt;1&gt;" in page
    assert "&lt;HTMLQuestion" in page
    assert f"/review?task={task.public_id}" in page


def test_somebody_elses_task_is_not_there(client: Client) -> None:
    task = wire_task(make.requester())
    for address in ("", "/end", "/delete"):
        assert client.get(f"/requester/tasks/{task.public_id}{address}").status_code == 404
    assert client.post(f"/requester/tasks/{task.public_id}/extend", {"places": "1"}).status_code == 404
    assert task.batch
    assert client.get(f"/requester/batches/{task.batch.public_id}/tasks").status_code == 404


def test_a_task_is_extended_by_answers_and_time(client: Client, karim: Requester) -> None:
    task = wire_task(karim)
    end = task.expires_at
    page = f"/requester/tasks/{task.public_id}"
    token = client.get(page).context["form"]["token"].value()
    for _pressed_twice in range(2):
        typed = {"places": "2", "time_0": "2", "time_1": "3600", "token": token}
        assert client.post(f"{page}/extend", typed).status_code == 302
    task.refresh_from_db()
    assert (task.places, task.expires_at) == (3, end + timedelta(hours=2))


def test_extending_says_what_is_wrong_and_does_nothing(client: Client, karim: Requester) -> None:
    task = wire_task(karim)
    address = f"/requester/tasks/{task.public_id}/extend"
    for given, told in (
        ({"places": "0"}, "Write how many answers or how much time to add."),
        ({"places": "9"}, "A task that was made with fewer than 10 places stays below that."),
        ({"time_0": "900", "time_1": "86400"}, "A task can be open for at most 365 days from now."),
        # More than any date could hold.
        (
            {"time_0": "999999999", "time_1": "86400"},
            "A task can be open for at most 365 days from now.",
        ),
    ):
        answer = client.post(address, given)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    task.refresh_from_db()
    assert task.places == 1


def test_too_many_answers_are_named_as_such_and_not_as_too_much_time(
    client: Client, karim: Requester
) -> None:
    task = wire_task(karim, places=10)
    answer = client.post(f"/requester/tasks/{task.public_id}/extend", {"places": "999999999"})
    assert answer.context["form"].errors == {
        "places": ["A task can have at most 1,000,000,000 answers, counting those that it has."]
    }


def test_a_task_that_costs_more_than_there_is_stays_as_it_is() -> None:
    poor = make.requester(funds="0.06")
    task = wire_task(poor)
    answer = signed_in(poor.user).post(f"/requester/tasks/{task.public_id}/extend", {"places": "1"})
    assert answer.status_code == 422
    assert "The balance does not cover it" in answer.content.decode()
    assert "Add money" in answer.content.decode()


def test_ending_asks_first_and_gives_the_money_of_free_places_back(client: Client, karim: Requester) -> None:
    task = wire_task(karim, places=2)
    address = f"/requester/tasks/{task.public_id}/end"
    assert "Places that nobody has taken: 2." in read(client, address)
    assert client.post(address).status_code == 302
    assert requester_balance(karim)[1] == Money.zero()
    assert client.get(address).status_code == 302  # it is over; there is nothing to ask


def test_a_task_is_deleted_when_it_is_over_and_judged(client: Client, karim: Requester) -> None:
    task = wire_task(karim)
    address = f"/requester/tasks/{task.public_id}/delete"
    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 409
    made = handed_in(task)
    assert client.post(address).status_code == 409
    approve_assignment(requester=karim, assignment_id=made.public_id, now=timezone.now())
    assert "Delete the task?" in read(client, address)
    answer = client.post(address)
    assert task.batch
    assert answer["Location"] == f"/requester/batches/{task.batch.public_id}/tasks"
    assert task.public_id not in read(client, answer["Location"]).replace("Deleted", "")
    task.refresh_from_db()
    assert task.disposed_at


def test_the_grid_shows_answers_of_programs_tasks_and_of_one_task_alone(
    client: Client, karim: Requester
) -> None:
    one, two = wire_task(karim, annotation="page 1"), wire_task(karim)
    first, second = handed_in(one), handed_in(two)
    tasks = {made.task.public_id: made for made in (first, second)}
    assert one.batch
    address = f"/requester/batches/{one.batch.public_id}/review"
    page = read(client, address)
    for task_id, made in tasks.items():
        assert f"Tick task {task_id} by {made.worker.public_id}" in page
    assert "page 1" in page
    assert "Row " not in page
    only = read(client, f"{address}?task={one.public_id}")
    assert tasks[one.public_id].public_id in only
    assert tasks[two.public_id].public_id not in only
    single = read(client, f"/requester/assignments/{first.public_id}")
    assert first.task.public_id in single


def test_answers_of_programs_tasks_are_judged_on_the_page(client: Client, karim: Requester) -> None:
    made = handed_in(wire_task(karim))
    assert made.task.batch
    address = f"/requester/batches/{made.task.batch.public_id}/review"
    assert client.post(f"{address}/decide", {"approve_one": made.public_id}).status_code == 302
    made.refresh_from_db()
    assert made.state == "approved"


def test_a_rejection_on_a_deleted_task_cannot_be_overturned_on_the_page(
    client: Client, karim: Requester
) -> None:
    made = handed_in(wire_task(karim))
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=timezone.now())
    client.post(f"/requester/tasks/{made.task.public_id}/delete")
    answer = client.post(f"/requester/assignments/{made.public_id}/overturn", {"feedback": ""})
    assert answer.status_code == 422
    assert "The task was deleted, so its answers cannot be judged any more." in answer.content.decode()


def test_an_open_appeal_on_a_deleted_task_is_granted_on_the_page(client: Client, karim: Requester) -> None:
    made = handed_in(wire_task(karim))
    reject_assignment(requester=karim, assignment_id=made.public_id, feedback="", now=timezone.now())
    appeal(worker=made.worker, assignment_id=made.public_id, text="It is a 7.", now=timezone.now())
    delete = f"/requester/tasks/{made.task.public_id}/delete"
    assert "only while an appeal against it is open" in read(client, delete)
    client.post(delete)
    address = f"/requester/assignments/{made.public_id}"
    assert address in read(client, "/requester/appeals")
    assert f"{address}/overturn" in read(client, address)
    assert client.post(f"{address}/overturn", {"feedback": ""}).status_code == 302
    made.refresh_from_db()
    assert made.state == "approved"


def test_results_of_programs_tasks_have_mturks_columns(client: Client, karim: Requester) -> None:
    task = wire_task(karim, annotation="page 1", places=2)
    other = wire_task(karim)
    made = handed_in(task)
    batch = Batch.objects.get()
    answer = client.get(f"/requester/batches/{batch.public_id}/results.csv")
    [line] = csv.DictReader(io.StringIO(streamed(answer).decode()))
    assert line["HITId"] in {task.public_id, other.public_id}
    assert line["HITTypeId"] == task.task_type.public_id
    assert (line["AssignmentId"], line["AssignmentStatus"]) == (made.public_id, "Submitted")
    assert line["Answer.digit"] == "7"
    if line["HITId"] == task.public_id:
        assert (line["RequesterAnnotation"], line["MaxAssignments"]) == ("page 1", "2")
    else:
        assert (line["RequesterAnnotation"], line["MaxAssignments"]) == ("", "1")


def test_pausing_and_cancelling_reach_programs_tasks(client: Client, karim: Requester) -> None:
    task = wire_task(karim)
    assert task.batch
    address = f"/requester/batches/{task.batch.public_id}"
    assert client.post(f"{address}/pause").status_code == 302
    assert "Paused" in read(client, address)
    assert "Paused" in read(client, f"/requester/tasks/{task.public_id}")
    assert client.post(f"{address}/resume").status_code == 302
    assert "A task that your program makes afterwards opens it again." in read(client, f"{address}/cancel")
    assert client.post(f"{address}/cancel").status_code == 302
    assert requester_balance(karim)[1] == Money.zero()
    again = wire_task(karim)
    assert again.batch == task.batch
    assert "Running" in read(client, address)
