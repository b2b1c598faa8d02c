"""Reads of people. The first one runs on every request of someone who is signed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet

from tukro.people.models import AccessKey, ContactDetails, Requester, User, Worker, WorkerState


@dataclass(frozen=True, slots=True)
class Visit:
    """What a session holds and whose it is, with the rows that say what the person may be."""

    data: dict[str, Any]
    user: User | None


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
REQUESTER_COLUMNS = ("id", "user_id", "public_id", "name")
_WORKER_AT = 1 + len(_USER)
_REQUESTER_AT = _WORKER_AT + len(_WORKER)
_UNREAD_AT = _REQUESTER_AT + len(REQUESTER_COLUMNS)
for _model, _columns in ((User, _USER), (Worker, _WORKER), (Requester, REQUESTER_COLUMNS)):
    assert _columns == tuple(f.attname for f in _model._meta.concrete_fields if f.attname in _columns)


def visit(key: str, now: datetime) -> Visit | None:
    """The live session with its user, worker and requester, in one round trip and without the ORM's costs."""
    row = first_row("select * from people_visit(%s, %s)", [key, now])
    if row is None:
        return None
    # Django's connection hands jsonb over as text.
    return Visit(data=json.loads(row[0]), user=_person(row) if row[1] is not None else None)


def first_row(sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run what is mostly the first statement of a request, and the health check of its connection in one.

    Django would ask ``select 1`` first, a round trip more, to notice a connection that the server dropped (a
    restart, a failover). Here the statement itself notices, and runs again on a new one: twice does no harm.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        return _row(sql, parameters)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _row(sql, parameters)


def _row(sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _person(row: tuple[Any, ...]) -> User:
    """The user, with worker and requester filled in so that reading them asks the database nothing."""
    user = User.from_db("default", _USER, row[1:_WORKER_AT])
    user.unread_notices = row[_UNREAD_AT]
    known = user._state.fields_cache
    known["worker"] = known["requester"] = None
    if row[_WORKER_AT] is not None:
        worker = Worker.from_db("default", _WORKER, row[_WORKER_AT:_REQUESTER_AT])
        known["worker"], worker._state.fields_cache["user"] = worker, user
    if row[_REQUESTER_AT] is not None:
        requester = Requester.from_db("default", REQUESTER_COLUMNS, row[_REQUESTER_AT:_UNREAD_AT])
        known["requester"], requester._state.fields_cache["user"] = requester, user
    return user


def contact_of(user: User) -> ContactDetails | None:
    """Where the person lives, if told."""
    return ContactDetails.objects.filter(user=user).first()


def access_keys_of(requester: Requester) -> QuerySet[AccessKey]:
    """The keys that work, newest first."""
    return requester.access_keys.filter(revoked_at=None).order_by("-created_at", "-id")


def workers_to_review(limit: int = 100) -> QuerySet[Worker]:
    """Worker accounts that no member of staff has looked at: pending ones first, oldest first."""
    return (
        Worker.objects.filter(state__in=[WorkerState.PENDING, WorkerState.ACTIVE], reviewed_at=None)
        .select_related("user", "user__contact")
        .order_by("-state", "requested_at", "id")[:limit]
    )


def find_people(text: str, limit: int = 30) -> list[User]:
    """Users whose e-mail address or name contains ``text``, or whose worker or requester id it is."""
    found = User.objects.filter(
        Q(email__icontains=text)
        | Q(contact__full_name__icontains=text)
        | Q(requester__name__icontains=text)
        | Q(worker__public_id=text.upper())
        | Q(requester__public_id=text.upper())
    )
    return list(found.select_related("contact", "worker", "requester").order_by("email")[:limit])
