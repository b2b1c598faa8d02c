"""Links to tasks as MTurk's clients print them, and the page of one task before it is accepted."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.web.market import html_batch, signed_in, taken
from tests.web.reading import frame_source
from tukro.people.models import Worker
from tukro.work.models import Assignment, Batch, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


@pytest.fixture
def batch() -> Batch:
    return html_batch()


@pytest.mark.parametrize("page", ["preview", "previewandaccept", "accept"])
@pytest.mark.parametrize("name", ["groupId", "hitTypeId"])
def test_a_link_by_group_or_by_type_leads_to_the_group(
    rahima: Worker, batch: Batch, page: str, name: str
) -> None:
    terms = batch.task_type
    for given in (terms.group_id, terms.public_id):
        answer = signed_in(rahima).get(f"/mturk/{page}?{name}={given}")
        assert (answer.status_code, answer["Location"]) == (
            HTTPStatus.FOUND,
            f"/projects/{terms.group_id}/tasks",
        )
    assert not Assignment.objects.exists()


def test_the_newer_address_knows_the_type_as_well(rahima: Worker, batch: Batch) -> None:
    terms, client = batch.task_type, signed_in(rahima)
    answer = client.get(f"/projects/{terms.public_id}/tasks?ref=x&format=json")
    assert answer["Location"] == f"/projects/{terms.group_id}/tasks?ref=x&format=json"
    client.post(f"/projects/{terms.public_id}/tasks/accept_random")
    assert Assignment.objects.get(worker=rahima).task.batch == batch


def test_a_stranger_signs_in_first_and_comes_back(batch: Batch) -> None:
    link = f"/mturk/preview?groupId={batch.task_type.public_id}"
    answer = Client().get(link)
    assert answer.status_code == HTTPStatus.FOUND
    assert f"next=/mturk/preview%3FgroupId%3D{batch.task_type.public_id}" in answer["Location"]


@pytest.mark.parametrize(
    "query", ["", "groupId=", "groupId=3NOSUCH", "hitId=3NOSUCH", "hitId=%00", "groupId='"]
)
def test_a_link_to_nothing_is_not_found(rahima: Worker, batch: Batch, query: str) -> None:
    client = signed_in(rahima)
    assert client.get(f"/mturk/preview?{query}").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/projects/3NOSUCH/tasks").status_code == HTTPStatus.NOT_FOUND
    other = f"/projects/3NOSUCH/tasks/{batch.tasks.all()[0].public_id}"
    assert client.get(other).status_code == HTTPStatus.NOT_FOUND


def test_a_link_to_a_task_shows_that_task_and_its_button_accepts_it(rahima: Worker, batch: Batch) -> None:
    first, second = batch.tasks.order_by("pk")
    client = signed_in(rahima)
    for task in (second, first):
        link = client.get(f"/mturk/preview?hitId={task.public_id}")
        page = client.get(link["Location"])
        assert f"hitId={task.public_id}&" in frame_source(page)
        assert f'action="{link["Location"]}/accept"' in page.content.decode()
    accepted = client.post(f"/projects/{batch.task_type.group_id}/tasks/{second.public_id}/accept")
    made = Assignment.objects.get(worker=rahima)
    assert made.task == second
    assert accepted["Location"].endswith(f"{second.public_id}?assignment_id={made.public_id}")
    mixed = client.post(f"/projects/{html_batch().task_type.group_id}/tasks/{first.public_id}/accept")
    assert mixed.status_code == HTTPStatus.NOT_FOUND


def test_a_task_that_is_not_offered_any_more_says_so(rahima: Worker, batch: Batch) -> None:
    task = batch.tasks.all()[0]
    Task.objects.filter(pk=task.pk).update(expires_at=timezone.now())
    page = signed_in(rahima).get(f"/projects/{batch.task_type.group_id}/tasks/{task.public_id}")
    assert "Nothing is left of this work at this moment." in page.content.decode()
    assert "<iframe" not in page.content.decode()


def test_the_work_page_still_needs_the_assignments_own_id(rahima: Worker, batch: Batch) -> None:
    accepted = taken(rahima, batch)
    page = f"/projects/{accepted.group_id}/tasks/{accepted.task_id}?assignment_id="
    assert signed_in(rahima).get(page).status_code == HTTPStatus.NOT_FOUND
