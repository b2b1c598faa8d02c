"""What one accept reads: a few pages, whatever the worker has done before and however much is open."""

from __future__ import annotations

import pytest
from django.db import connection

from tests import cast, make
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import accept_next
from tukro.work.models import Assignment

# Committed, because what a transaction has closed itself still lies in its way.
pytestmark = pytest.mark.django_db(transaction=True)


def buffers_of_accept(worker: Worker, group_id: str) -> int:
    """Pages that the accept of one task looks at, indexes, journal and all."""
    number = Assignment.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "explain (analyze, buffers, format json) select work_accept_next(%s, %s, %s, %s, %s, false)",
            [group_id, worker.pk, worker.public_id, f"3TEST{number}", make.NOW],
        )
        plan = cursor.fetchone()[0][0]["Plan"]
    assert Assignment.objects.count() == number + 1
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def test_accept_does_not_read_the_workers_history() -> None:
    rahima, newcomer = cast.rahima(), cast.tanvir()
    batch = make.batch(rows=600)
    group = batch.task_type.group_id
    for _ in range(400):
        make.submitted(by=rahima, of=batch)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze work_assignment, work_lane, work_task, people_worker")
    for worker in (newcomer, rahima):  # compiles and plans
        buffers_of_accept(worker, group)

    of_newcomer = buffers_of_accept(newcomer, group)
    of_veteran = buffers_of_accept(rahima, group)

    assert of_veteran <= of_newcomer + 20
    assert of_veteran < 150


def test_accept_reads_as_little_before_the_first_statistics() -> None:
    batch = make.batch(rows=300, places=2)
    group = batch.task_type.group_id
    rahima = cast.rahima()
    for _ in range(20):
        accept_next(worker=rahima, group_id=group, now=make.NOW)
    assert buffers_of_accept(rahima, group) < 150
