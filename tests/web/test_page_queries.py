"""How often the pages of a worker's way ask the database: list, preview, accept, work page, submit."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import proof_batch, signed_in

pytestmark = pytest.mark.django_db

# The session with its person, then what the page asks: a preview reads whether the group is listed, its row
# and one task; a work page the assignment with its terms, the files handed in so far, how long the queue is.
QUERIES = {"list": 5, "preview": 4, "accept": 2, "work page": 4, "submit": 5}
ANSWER = {"summary": "a short summary", "mood": "good"}


@pytest.fixture
def rahima() -> Client:
    client = signed_in(cast.rahima())
    for no in range(3):
        proof_batch(of_terms=make.terms(title=f"Job {no}"))
    client.get("/projects")  # her eligibility is known
    return client


def test_the_way_of_a_worker_as_pages(
    rahima: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group = proof_batch().task_type.group_id
    with django_assert_num_queries(QUERIES["list"]):
        rahima.get("/projects")
    with django_assert_num_queries(QUERIES["preview"]):
        rahima.get(f"/projects/{group}/tasks")
    with django_assert_num_queries(QUERIES["accept"]):
        work = rahima.post(f"/projects/{group}/tasks/accept_random")["Location"]
    with django_assert_num_queries(QUERIES["work page"]):
        rahima.get(work)
    with django_assert_num_queries(QUERIES["submit"]):
        rahima.post(work.replace("?", "/submit?"), ANSWER)
