"""The requester's verbs for one task at a time: MTurk's HITs, as the wire makes and changes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.balances.spending import lack_of_funds
from tukro.money.actions.refusals import HoldExhausted, money_refusals
from tukro.money.queries import requester_can_spend
from tukro.people.models import Requester
from tukro.qualifications.actions.requirements import InactiveRequiredType
from tukro.work.actions.calls import call
from tukro.work.actions.funds import refuse_lack_of_funds
from tukro.work.actions.publishing import (
    BadTerms,
    BatchHeld,
    CategoryRefused,
    ModerationNeeded,
    Terms,
    check_limits,
    ensure_task_type,
    identity_of,
)
from tukro.work.models import CategoryPolicy, RequestToken, TaskType
from tukro.work.rules import TASK_LIMITS, TOKEN_HOURS

MAX_ANNOTATION = 255


class AlreadyMade(Refused):
    """This token has made a task already. ``token``, ``task_id``"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a task asks. ``source``: the XML as the wire gave it; the other fields: models.Question."""

    kind: str
    body: str
    source: str
    frame_height: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said of one task beside the terms of its type.

    ``token`` makes repeats of ``operation`` harmless for a day: they are refused.
    """

    asked: Asked
    places: int
    lifetime_seconds: int
    annotation: str = ""
    layout_id: str = ""
    token: str = ""
    operation: str = "CreateHITWithHITType"


def create_task(*, requester: Requester, type_id: str, offer: Offer, now: datetime) -> str:
    """Make one task of a type (by its public id) and set its price aside; returns the task's public id.

    Records HITCreated. Refuses BadTerms, NotFound (the type), AlreadyMade, CategoryRefused,
    ModerationNeeded, BatchHeld, InactiveRequiredType, InsufficientFunds; nothing is written then.
    (mturk-api 6.3)
    """
    return _create(requester, offer, now, type_id=type_id)


def create_task_on_terms(*, requester: Requester, terms: Terms, offer: Offer, now: datetime) -> str:
    """The same with the type found by its terms, or made. Refuses also what ensure_task_type refuses.

    When the task is refused, no type stays behind. (mturk-api 6.1)
    """
    identity = identity_of(terms, places=offer.places)
    if identity is not None:
        try:
            return _create(requester, offer, now, identity=identity)
        except (NotFound, InactiveRequiredType):
            pass  # no such type yet, or one that died: say which, or make it
    with transaction.atomic():
        task_type = ensure_task_type(requester=requester, terms=terms, places=offer.places, now=now)
        return _create(requester, offer, now, type_id=task_type.public_id)


def _create(
    requester: Requester, offer: Offer, now: datetime, *, type_id: str | None = None, identity: str = ""
) -> str:
    """Of the type with this id or, without one, with this identity."""
    _check_offer(offer)
    asked = offer.asked
    task_id = new_id()
    try:
        # Alone it is one statement and needs no transaction of its own.
        with money_refusals(), transaction.atomic() if connection.in_atomic_block else nullcontext():
            row = call(
                "work_create_task",
                offer.operation,
                offer.token,
                requester.pk,
                requester.public_id,
                type_id,
                identity,
                task_id,
                new_id(),
                asked.kind,
                asked.body,
                asked.source,
                asked.frame_height,
                _digest(requester, asked),
                offer.places,
                now + timedelta(seconds=offer.lifetime_seconds),
                offer.annotation,
                offer.layout_id,
                now,
            )
    except HoldExhausted:  # spent by others since we looked
        raise lack_of_funds(
            requester.public_id,
            needed=_price(requester, type_id, identity) * offer.places,
            available=requester_can_spend(requester),
        ) from None
    refuse_unusable_type(row, type_id or "")
    if row["code"] == "duplicate":
        raise AlreadyMade(token=offer.token, task_id=row["fact"])
    refuse_lack_of_funds(row, requester)
    return task_id


def refuse_unusable_type(row: Mapping[str, Any], type_id: str) -> None:
    """What SQL says of a type.

    Refuses NotFound, InactiveRequiredType, CategoryRefused, ModerationNeeded, BatchHeld.
    """
    match row["code"]:
        case "not_found":
            raise NotFound(task_type_id=type_id)
        case "inactive_type":
            raise InactiveRequiredType(codes=["inactive_type"], type_id=row["fact"])
        case "category":
            moderated = row["fact"] == CategoryPolicy.MODERATED
            raise (ModerationNeeded if moderated else CategoryRefused)(category="")
        case "held":
            raise BatchHeld(name=row["fact"])


def task_made_with(requester: Requester, operation: str, token: str, now: datetime) -> str | None:
    """The task that this token of the last day made, if it made one."""
    made = RequestToken.objects.filter(
        requester=requester, operation=operation, token=token, made_at__gt=now - timedelta(hours=TOKEN_HOURS)
    )
    return made.values_list("subject", flat=True).first()


def _price(requester: Requester, type_id: str | None, identity: str) -> Money:
    named = {"digest": identity} if type_id is None else {"public_id": type_id}
    return TaskType.objects.get(requester=requester, **named).price


def _check_offer(offer: Offer) -> None:
    values = {"places": offer.places, "lifetime_seconds": offer.lifetime_seconds}
    check_limits(values, TASK_LIMITS)
    if len(offer.annotation) > MAX_ANNOTATION:
        raise BadTerms(field="annotation", code="too_large", limit=MAX_ANNOTATION)


def _digest(requester: Requester, asked: Asked) -> str:
    """Equal questions of one requester are one row; another requester's never is, whatever it says."""
    parts = [requester.pk, asked.kind, asked.frame_height, asked.body, asked.source]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
