"""The statistics of a young market are of a few rows: what is planned on them may not walk what comes after.

A plan is kept by its process; one that reads a whole table was the cheapest when the table had a page, and
makes every act dearer than the one before until somebody takes the statistics anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from tests import cast, make
from tukro.people.actions.keys import make_access_key
from tukro.people.actions.wire import Act, note_call
from tukro.people.models import Requester, Worker
from tukro.runtime.jobs import follow_growth
from tukro.work.actions.closing import close_expired
from tukro.work.actions.doing.assigning import accept_next, submit_assignment
from tukro.work.actions.publishing.tasks import Offer, create_task
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.queries import group_details, open_groups, task_for_preview

# Committed: what is checked at a commit has to come to it, and the counts are told after it.
pytestmark = pytest.mark.django_db(transaction=True)

_GROWING = (
    *("work_task", "work_lane", "work_assignment", "people_wire_seen", "people_worker"),
    *("ledger_account", "ledger_transfer", "ledger_entry"),
)
_MANY = 120


def rows_walked(*tables: str) -> int:
    """Rows of growing tables (or of those named) that were read by walks over whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute(
            "select sum(seq_tup_read) from pg_stat_user_tables where relname = any(%s)",
            [list(tables or _GROWING)],
        )
        return int(cursor.fetchone()[0])


def entries_read(index: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_force_next_flush()")
        cursor.execute("select idx_tup_read from pg_stat_user_indexes where indexrelname = %s", [index])
        return int(cursor.fetchone()[0])


def take_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum analyze {', '.join(_GROWING)}")


def hand_in(worker: Worker, group_id: str) -> str:
    taken = accept_next(worker=worker, group_id=group_id, now=make.NOW)
    submit_assignment(worker=worker, assignment_id=taken.assignment_id, fields=[("digit", "7")], now=make.NOW)
    return taken.assignment_id


def test_the_hundredth_hit_walks_no_further_than_the_first() -> None:
    requester = cast.karim()
    key = make_access_key(requester=requester, now=make.NOW)
    first = make.wire_task(of=requester)
    offer = Offer(asked=make.asked(), places=1, lifetime_seconds=86400)

    def make_hit(no: int) -> None:
        act = Act(b"signature %d" % no, b"attempt %d" % no)
        assert note_call(key_id=key.key_id, act=act, use=None, now=make.NOW)
        create_task(requester=requester, type_id=first.task_type.public_id, offer=offer, now=make.NOW)

    for no in range(10):
        make_hit(no)
    take_statistics()
    before = rows_walked()
    for no in range(10, 10 + _MANY):
        make_hit(no)
    assert rows_walked() - before < _MANY


def test_the_hundredth_answer_and_its_pay_walk_no_further_than_the_first() -> None:
    karim = cast.karim()
    batch = make.batch(rows=2 * _MANY, of=karim)
    first = hand_in(make.worker(), batch.task_type.group_id)
    approve_assignment(requester=karim, assignment_id=first, now=make.NOW)
    workers = [make.worker() for _ in range(_MANY)]  # each is paid for the first time
    take_statistics()
    before = rows_walked()
    handed_in = [hand_in(worker, batch.task_type.group_id) for worker in workers]
    assert rows_walked() - before < _MANY

    before = entries_read("account_once")
    _approve_each(karim, handed_in)
    assert entries_read("account_once") - before < 20 * _MANY


def test_what_is_handed_in_and_judged_is_found_by_its_id_among_all_that_wait() -> None:
    karim = cast.karim()
    batch = make.batch(rows=2 * _MANY, of=karim)
    first = hand_in(make.worker(), batch.task_type.group_id)
    approve_assignment(requester=karim, assignment_id=first, now=make.NOW)
    take_statistics()  # nothing is in anybody's hands, nothing waits
    taken = [make.accepted(of=batch) for _ in range(_MANY)]

    before = entries_read("assignment_queue") + entries_read("assignment_late")
    for one in taken:
        submit_assignment(
            worker=one.worker, assignment_id=one.public_id, fields=[("digit", "7")], now=make.NOW
        )
    assert entries_read("assignment_queue") + entries_read("assignment_late") - before < _MANY

    before = entries_read("assignment_silence")
    _approve_each(karim, [one.public_id for one in taken])
    assert entries_read("assignment_silence") - before < _MANY


@pytest.fixture
def quick_pages() -> Iterator[None]:
    """Plans as on the server of ``tukro up``, whose pages are in memory or on a quick disk."""
    with connection.cursor() as cursor:
        cursor.execute("set random_page_cost = 1.1")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset random_page_cost")


@pytest.mark.usefixtures("quick_pages")
def test_when_many_have_accepted_the_list_and_the_preview_walk_no_assignments() -> None:
    batch = make.batch(rows=2 * _MANY)
    group_id = batch.task_type.group_id
    onlooker = make.worker()

    def look() -> None:
        assert open_groups(onlooker, now=make.NOW).rows
        assert group_details(group_id, worker=onlooker, now=make.NOW).group.open_tasks
        assert task_for_preview(group_id, worker=onlooker, now=make.NOW)

    for _ in range(8):  # often enough that the plans are kept
        make.accepted(of=batch)
        look()
    take_statistics()
    for _ in range(8):
        look()
    for _ in range(_MANY):
        make.accepted(of=batch)

    follow_growth(make.NOW)  # a job, every five seconds

    before = rows_walked("work_assignment")
    look()
    assert rows_walked("work_assignment") == before


def _approve_each(requester: Requester, assignments: list[str]) -> None:
    for assignment_id in assignments:
        approve_assignment(requester=requester, assignment_id=assignment_id, now=make.NOW)


def test_a_step_of_closing_reads_what_it_closes_though_all_expire_at_one_moment() -> None:
    batch = make.batch(rows=_MANY)
    take_statistics()
    before = entries_read("task_to_close")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # as nobody would walk through a large table
        assert close_expired(now=batch.expires_at, limit=10) == 10
    assert 10 <= entries_read("task_to_close") - before <= 20
