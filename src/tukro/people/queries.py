"""Reads of people. The first one runs on every request of someone who is signed in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from tukro.people.models import AccessKey, ContactDetails, Requester, User, Worker, WorkerState


@dataclass(frozen=True, slots=True)
class Visit:
    """What a session holds and whose it is, with the rows that say what the person may be."""

    data: dict[str, Any]
    user: User | None


def _columns(model: type[User] | type[Worker] | type[Requester]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_USER, _WORKER, _REQUESTER = _columns(User), _columns(Worker), _columns(Requester)
_WORKER_AT = 1 + len(_USER)
_REQUESTER_AT = _WORKER_AT + len(_WORKER)


def _listed(alias: str, columns: list[str]) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)


_VISIT = f"""
    select s.data, {_listed("u", _USER)}, {_listed("w", _WORKER)}, {_listed("r", _REQUESTER)}
    from people_session s
    left join people_user u on u.id = s.user_id
    left join people_worker w on w.user_id = s.user_id
    left join people_requester r on r.user_id = s.user_id
    where s.key = %s and s.expires_at > %s
"""  # names come from our own models, values are parameters


def visit(key: str, now: datetime) -> Visit | None:
    """The live session with its user, worker and requester, in one round trip and without the ORM's costs."""
    with connection.cursor() as cursor:
        cursor.execute(_VISIT, [key, now])
        row = cursor.fetchone()
    if row is None:
        return None
    # Django's connection hands jsonb over as text.
    return Visit(data=json.loads(row[0]), user=_person(row) if row[1] is not None else None)


def _person(row: tuple[Any, ...]) -> User:
    """The user, with worker and requester filled in so that reading them asks the database nothing."""
    user = User.from_db("default", _USER, row[1:_WORKER_AT])
    known = user._state.fields_cache
    known["worker"] = known["requester"] = None
    if row[_WORKER_AT] is not None:
        worker = known["worker"] = Worker.from_db("default", _WORKER, row[_WORKER_AT:_REQUESTER_AT])
        worker._state.fields_cache["user"] = user
    if row[_REQUESTER_AT] is not None:
        requester = known["requester"] = Requester.from_db("default", _REQUESTER, row[_REQUESTER_AT:])
        requester._state.fields_cache["user"] = user
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
