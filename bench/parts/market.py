"""A market to measure on: made by the house's own verbs where they are quick, by SQL where there is much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from tukro.kernel.ids import new_person_id
from tukro.kernel.money import Money
from tukro.money.actions.deposits import deposit_play_money
from tukro.people.models import Requester, User
from tukro.work.actions.publishing import CHUNK, Terms, finish_publishing, publish_rows, start_batch
from tukro.work.models import Batch

_WORKERS = """
with people as (
  insert into people_user (email, password, is_active, is_staff, is_superuser, language, digits, time_zone, joined_at)
  select 'worker' || n || '@example.org', '!', true, false, false, 'en', 'native', 'Asia/Dhaka', %(now)s
    from generate_series(1, %(count)s) n
  returning id
)
insert into people_worker (user_id, public_id, state, country, requested_at, reviewed_by, review_reason)
select id, 'AW' || id, 'active', 'BD', %(now)s, '', '' from people order by id
returning id, user_id, public_id
"""


def add_workers(count: int, *, now: datetime) -> list[tuple[int, int, str]]:
    """(key, user's key, public id) of new active workers."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, {"now": now, "count": count})
        return cursor.fetchall()


def add_requester(*, now: datetime) -> Requester:
    """With a million dollars of play money."""
    number = User.objects.count()
    user = User.objects.create_user(f"requester{number}@example.org")
    made = Requester.objects.create(
        user=user, public_id=new_person_id(), name=f"Requester {number}", created_at=now
    )
    deposit_play_money(requester=made, amount=Money.parse("1000000.00"), now=now)
    return made


def add_batch(
    requester: Requester, *, title: str, rows: int, places: int, now: datetime, reward: str = "0.05"
) -> Batch:
    """A published batch of ``rows`` tasks with ``places`` places each."""
    batch = start_batch(
        requester=requester,
        terms=Terms(
            title=title,
            description="Look at a small picture and say which digit it shows.",
            keywords="image, digits",
            category="image",
            reward=Money.parse(reward),
            duration_seconds=24 * 3600,
            auto_approve_seconds=3 * 24 * 3600,
        ),
        question_kind="html",
        question_body="<p>${image}</p>",
        name=title,
        places=places,
        row_count=rows,
        input_columns=["image"],
        lifetime_seconds=7 * 24 * 3600,
        now=now,
    )
    for first in range(1, rows + 1, CHUNK):
        publish_rows(
            batch_id=batch.public_id, first_no=first, rows=_inputs(first, min(CHUNK, rows + 1 - first)), now=now
        )
    finish_publishing(batch_id=batch.public_id, now=now)
    return batch


def _inputs(first: int, count: int) -> Sequence[dict[str, str]]:
    return [{"image": f"https://img.example.org/{no}.png"} for no in range(first, first + count)]


def settle() -> None:
    """What autovacuum would have done by the time a market has this size."""
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
