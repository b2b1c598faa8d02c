"""The journal grows, is never changed, and can be followed without missing anything."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import Error, connection, transaction

from tests.settling import until
from tukro.journal.actions import record
from tukro.journal.models import Event
from tukro.journal.queries import history, settled_events
from tukro.kernel.actors import HOUSE, Actor

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SHIRIN = Actor("staff", "7")


def write(name: str, subject: str = "T1", actor: Actor = HOUSE) -> None:
    record(name=name, actor=actor, subject=subject, at=NOW)


def settled(after_id: int, count: int) -> list[Event]:
    """``count`` settled events, waited for: on a shared server others' transactions hold ours back."""
    until(lambda: len(settled_events(after_id, count)) == count, f"{count} events did not settle")
    return settled_events(after_id, count)


@pytest.mark.django_db
def test_an_event_keeps_who_what_when_and_the_facts() -> None:
    facts = {"reason": "ছবি অস্পষ্ট", "amount": 5}
    record(name="AssignmentRejected", actor=SHIRIN, subject="A1", at=NOW, facts=facts)
    kept = Event.objects.values("name", "actor", "subject", "at", "facts").get()
    assert kept == {
        "name": "AssignmentRejected",
        "actor": "staff:7",
        "subject": "A1",
        "at": NOW,
        "facts": facts,
    }


@pytest.mark.django_db
def test_the_house_is_an_actor_without_an_id() -> None:
    write("TaskExpired")
    assert Event.objects.get().actor == "house"


@pytest.mark.django_db
def test_history_is_of_one_thing_oldest_first() -> None:
    for name, subject in [("Made", "T1"), ("Made", "T2"), ("Paused", "T1")]:
        write(name, subject)
    assert [event.name for event in history("T1")] == ["Made", "Paused"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["update journal_event set name = 'x'", "delete from journal_event", "truncate journal_event"],
)
def test_the_journal_only_grows(statement: str) -> None:
    write("Made")
    with (
        pytest.raises(Error, match="on journal_event is refused: the journal only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_followers_read_on_from_where_they_stand() -> None:
    for name in ("one", "two", "three"):
        write(name)
    first = settled(0, 2)
    assert [event.name for event in first] == ["one", "two"]
    rest = settled(first[-1].id, 1)
    assert [event.name for event in rest] == ["three"]
    assert settled_events(rest[-1].id, 10) == []


@pytest.mark.django_db(transaction=True)
def test_events_of_one_transaction_come_in_the_order_of_writing() -> None:
    with transaction.atomic():
        for name in ("one", "two", "three"):
            write(name)
    assert [event.name for event in settled(0, 3)] == ["one", "two", "three"]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_missed() -> None:
    """It has the smaller id, and the follower has already seen a larger one."""
    other = _another_connection()
    with other.transaction():
        # The slow transaction is the older one, so nothing after it counts as settled.
        _write_through(other, "slow")
        write("quick")
        assert settled_events(0, 10) == []
    assert [event.name for event in settled(0, 2)] == ["slow", "quick"]
    other.close()


@pytest.mark.django_db(transaction=True)
def test_an_event_with_a_smaller_id_from_a_younger_transaction_is_not_missed() -> None:
    """Ids are drawn at writing, transactions are numbered at their first write: the orders differ."""
    older, younger = _another_connection(), _another_connection()
    older.execute("begin")
    older.execute("select pg_current_xact_id()")
    younger.execute("begin")
    _write_through(younger, "smaller id")
    _write_through(older, "larger id")
    older.execute("commit")
    seen = settled(0, 1)
    assert [event.name for event in seen] == ["larger id"]
    younger.execute("commit")
    assert [event.name for event in settled(seen[-1].id, 1)] == ["smaller id"]
    older.close()
    younger.close()


def _another_connection() -> psycopg.Connection:
    parameters = connection.get_connection_params()
    kept = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters
    }
    return psycopg.connect(**kept, autocommit=True)


def _write_through(other: psycopg.Connection, name: str) -> None:
    other.execute("select journal_record(%s, 'house', 'T1', now())", [name])
