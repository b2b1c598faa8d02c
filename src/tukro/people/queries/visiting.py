"""Who is at the door: read on every request of somebody who is signed in, in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from select import POLLIN, poll
from typing import Any, ClassVar, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.models import Model
from django.db.models.base import ModelState
from psycopg import Cursor

from tukro.people.models import (
    Requester,
    User,
    Worker,
)

M = TypeVar("M", bound=Model)
_CURSOR = "tukro_cursor"  # where run() keeps its cursor, beside the connection that it belongs to


@dataclass(frozen=True, slots=True)
class Visit:
    """What a session holds and whose it is, with the rows that say what the person may be."""

    data: dict[str, Any]
    user: User | None
    seen_at: datetime | None = None  # when this visit was last noted


# The columns of people_visit(), each table's in the order of its model, as from_db() wants them. Other fields
# (dates, reasons) load when someone reads them.
_USER = (
    "id",
    "password",
    "is_superuser",
    "email",
    "is_active",
    "is_staff",
    "language",
    "digits",
    "time_zone",
)
_WORKER = ("id", "user_id", "public_id", "state", "country")
REQUESTER_COLUMNS = ("id", "user_id", "public_id", "name", "alias_key")
_WORKER_AT = 1 + len(_USER)
_REQUESTER_AT = _WORKER_AT + len(_WORKER)
_UNREAD_AT = _REQUESTER_AT + len(REQUESTER_COLUMNS) - 1  # the alias key came later, and stands last
_SEEN_AT, _ALIAS_KEY_AT = _UNREAD_AT + 1, _UNREAD_AT + 2
for _model, _columns in ((User, _USER), (Worker, _WORKER), (Requester, REQUESTER_COLUMNS)):
    assert _columns == tuple(f.attname for f in _model._meta.concrete_fields if f.attname in _columns)


def visit(key: str, now: datetime) -> Visit | None:
    """The live session with its user, worker and requester, in one round trip and without the ORM's costs."""
    row = first_row("select * from people_visit(%s, %s)", [key, now])
    if row is None:
        return None
    # Django's connection hands jsonb over as text.
    user = _person(row) if row[1] is not None else None
    return Visit(data=json.loads(row[0]), user=user, seen_at=row[_SEEN_AT])


@dataclass(frozen=True, slots=True)
class Column:
    """What a statement takes from the row of its caller, in place of a value that is sent."""

    sql: str


# Key, seal, now, and since when the session must have been seen: one that was not noted for an hour is looked
# up, and noted. What stands beside it in a statement and takes its columns runs for its row alone.
_OWNER = """(
select s.{kind}_id as id, s.{kind}_public_id as public_id from people_session s
 where s.key = %s and s.seal = %s and s.expires_at > %s and s.seen_at > %s and s.{kind}_id is not null) c"""


@dataclass(slots=True)
class BySession:
    """Whoever a session is of. Nobody has looked yet: the statement of a verb does it itself.

    Its row says it, if it was proven under ``seal`` (people/migrations/session_owner.sql). ``owner`` is the
    part of a statement that finds it: no row unless everything holds that the usual look-up asks for.
    """

    owner: ClassVar[str]
    pk: ClassVar = Column("c.id")

    key: str
    seal: str
    now: datetime
    seen_since: datetime
    found: bool = False  # whether a statement has found somebody


class WorkerBySession(BySession):
    owner = _OWNER.format(kind="worker")
    public_id: ClassVar = Column("c.public_id")


class RequesterBySession(BySession):
    owner = _OWNER.format(kind="requester")
    actor: ClassVar = Column("'requester:' || c.public_id")


class CallerUnknown(Exception):
    """The session is not proven, or a verb must know more about its person: look them up and call again.
    Nothing was written."""


def known(person: M | BySession) -> M:
    """The person, who was looked up. Raises CallerUnknown."""
    if isinstance(person, BySession):
        raise CallerUnknown
    return person


def is_quiet() -> bool:
    """Whether there is a connection on which the server has said nothing since the last statement.

    One that it closed (a restart, a failover) is not: then there is something to read. So a statement that
    must not run twice can be the first of a request, without a health check of its own.
    """
    db = connections[DEFAULT_DB_ALIAS]
    if db.connection is None or db.connection.closed:
        return False
    heard = poll()
    heard.register(db.connection.pgconn.socket, POLLIN)
    quiet = not heard.poll(0)
    if quiet:
        db.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    return quiet


@dataclass(frozen=True, slots=True)
class Listener:
    """A worker who listens to the news, by a session or a token."""

    worker_id: int
    public_id: str
    unread: int  # notices


def listeners(
    keys: Sequence[str], digests: Sequence[str], *, seal: str, now: datetime
) -> dict[str, Listener]:
    """Whose these session keys and token digests are; what does not hold any more is not in the answer."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTENERS, {"keys": list(keys), "digests": list(digests), "seal": seal, "now": now})
        return {key: Listener(*columns) for key, *columns in cursor.fetchall()}


_LISTENERS = """
select s.key, w.id, w.public_id, u.unread_notices
  from people_session s join people_user u on u.id = s.user_id join people_worker w on w.user_id = u.id
 where s.key = any(%(keys)s) and s.expires_at > %(now)s and u.is_active and w.state <> 'closed'
   and s.seal = %(seal)s
union all
select t.digest, w.id, w.public_id, u.unread_notices
  from people_workertoken t join people_worker w on w.id = t.worker_id join people_user u on u.id = w.user_id
 where t.digest = any(%(digests)s) and t.revoked_at is null and u.is_active and w.state <> 'closed'
"""


def password_of(user_id: int) -> str | None:
    """The password of a person, hashed; None when there is nobody."""
    return User.objects.filter(pk=user_id).values_list("password", flat=True).first()


def first_row(sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run what is mostly the first statement of a request, and the health check of its connection in one.

    Django would ask ``select 1`` first, a round trip more, to notice a connection that the server dropped (a
    restart, a failover). Here the statement itself notices, and runs again on a new one: twice does no harm.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        return run(sql, parameters).fetchone()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return run(sql, parameters).fetchone()


def run(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> Cursor[tuple[Any, ...]]:
    """Run one statement of a hot path, with as little as possible around it; its cursor has the rows.

    On a connection that is known to work this is psycopg's own cursor: what Django puts around each new
    cursor costs as much as the statement's way to the server and back. It is the same one every time, as
    making one costs half of that again: fetch its rows before the next statement. A connection that is not
    open or not yet looked at, one whose statements are counted, and one whose transaction is broken go the
    usual way.
    """
    db = connections[DEFAULT_DB_ALIAS]
    usual = (
        db.connection is None
        or not db.health_check_done  # type: ignore[attr-defined]  # the stubs do not know it
        or db.queries_logged
        or db.needs_rollback
        or db.execute_wrappers
    )
    if usual:
        counted = db.cursor()
        counted.execute(sql, parameters)
        return cast("Cursor[tuple[Any, ...]]", counted)
    kept = vars(db).get(_CURSOR)
    if kept is None or kept.connection is not db.connection:
        kept = vars(db)[_CURSOR] = db.connection.cursor()
    with db.wrap_database_errors:
        return cast("Cursor[tuple[Any, ...]]", kept.execute(sql, parameters))


def _person(row: tuple[Any, ...]) -> User:
    """The user, with worker and requester filled in so that reading them asks the database nothing."""
    user = _from_row(User, _USER, row[1:_WORKER_AT])
    user.unread_notices = row[_UNREAD_AT]
    known = user._state.fields_cache
    known["worker"] = known["requester"] = None
    if row[_WORKER_AT] is not None:
        worker = _from_row(Worker, _WORKER, row[_WORKER_AT:_REQUESTER_AT])
        known["worker"], worker._state.fields_cache["user"] = worker, user
    if row[_REQUESTER_AT] is not None:
        values = (*row[_REQUESTER_AT:_UNREAD_AT], row[_ALIAS_KEY_AT])
        requester = _from_row(Requester, REQUESTER_COLUMNS, values)
        known["requester"], requester._state.fields_cache["user"] = requester, user
    return user


def _from_row(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """What ``model.from_db`` makes, without its walk over all fields: this is done on every request.

    Columns that are not named are deferred, as there.
    """
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(zip(names, values, strict=True))
    return made
