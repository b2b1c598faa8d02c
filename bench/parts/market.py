"""A market to measure on, made by the house's own verbs; workers, who are many, by SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from tukro.kernel.ids import new_person_id
from tukro.kernel.money import Money
from tukro.money.actions.deposits import deposit_play_money
from tukro.people.aliases import KEY
from tukro.people.models import Requester, User
from tukro.qualifications.rules import Requirement
from tukro.runtime import jobs
from tukro.work.actions.publishing import CHUNK, Terms, finish_publishing, publish_rows, start_batch
from tukro.work.models import Batch

_WORKERS = """
with people as (
  insert into people_user (email, password, is_active, is_staff, is_superuser, language, digits, time_zone,
                           joined_at)
  select 'worker' || n || '-' || %(first)s || '@example.org', '!', true, false, false, 'en', 'native',
         'Asia/Dhaka', %(now)s
    from generate_series(1, %(count)s) n
  returning id
)
insert into people_worker (user_id, public_id, state, country, requested_at, reviewed_by, review_reason)
select id, 'AW' || id, 'active', 'BD', %(now)s, '', '' from people order by id
returning id, user_id, public_id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A worker by key, key of the user, and public id."""

    pk: int
    user_pk: int
    public_id: str


def add_workers(count: int, *, now: datetime) -> list[Person]:
    """New active workers."""
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, {"now": now, "count": count, "first": User.objects.count()})
        return [Person(*row) for row in cursor.fetchall()]


def add_requester(*, now: datetime) -> Requester:
    """With a million dollars of play money."""
    number = User.objects.count()
    user = User.objects.create_user(f"requester{number}@example.org")
    made = Requester.objects.create(
        user=user, public_id=new_person_id(), name=f"Requester {number}", created_at=now, alias_key=KEY
    )
    deposit_play_money(requester=made, amount=Money.parse("1000000.00"), now=now)
    return made


def sign_in(user: User) -> str:
    """A session as signing in would have made it; returns what the cookie holds."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def sign_in_workers(workers: Sequence[Person]) -> list[str]:
    users = User.objects.in_bulk([worker.user_pk for worker in workers])
    return [sign_in(users[worker.user_pk]) for worker in workers]


def add_batch(
    requester: Requester,
    *,
    title: str,
    rows: int,
    places: int,
    now: datetime,
    description: str = "Look at a small picture and say which digit it shows.",
    keywords: str = "image, digits",
    category: str = "image",
    reward: Money | None = None,
    requirements: Sequence[Requirement] = (),
    question: tuple[str, str] = ("html", "<p>${image}</p>"),
) -> Batch:
    """A published batch of ``rows`` tasks with ``places`` places each; ``question``: kind and body."""
    batch = start_batch(
        requester=requester,
        terms=Terms(
            title=title,
            description=description,
            keywords=keywords,
            category=category,
            reward=reward or Money.parse("0.05"),
            duration_seconds=24 * 3600,
            auto_approve_seconds=3 * 24 * 3600,
            requirements=tuple(requirements),
        ),
        question_kind=question[0],
        question_body=question[1],
        name=title,
        places=places,
        row_count=rows,
        input_columns=["image"],
        lifetime_seconds=7 * 24 * 3600,
        now=now,
    )
    for first in range(1, rows + 1, CHUNK):
        publish_rows(
            batch_id=batch.public_id,
            first_no=first,
            rows=[
                {"image": f"https://img.example.org/{no}.png"}
                for no in range(first, min(first + CHUNK, rows + 1))
            ],
            now=now,
        )
    finish_publishing(batch_id=batch.public_id, now=now)
    return batch


def follow_growth() -> None:
    """What a job does every five seconds: the plans that processes keep follow the growth of young tables."""
    jobs.follow_growth(datetime.now(UTC))


def settle() -> None:
    """What autovacuum would have done by the time a market has this size."""
    tables = ", ".join(
        table
        for table in connection.introspection.table_names()
        if table.startswith(("work_", "people_", "ledger_", "money_", "journal_", "qualifications_"))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum analyze {tables}")
