"""Qualification types: what a requester makes, changes and takes away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Requester
from tukro.qualifications.models import QualificationRequest, QualificationType, RequestState, TypeKind
from tukro.qualifications.rules import TYPE_LIMITS
from tukro.questions.answer_key import read_answer_key, refuse_unscorable
from tukro.questions.xml import read_test

DEFAULT_VALUE = 1


class TypeNameTaken(Refused):
    """The requester has a type of this name, perhaps one that is still being deleted. ``name``"""


class BadType(Refused):
    """A property cannot be so. ``field``, ``code`` (missing, too_small, too_large, key_without_test,
    test_without_time, test_and_gift, no_way_back), ``limit``."""


class NotYours(Refused):
    """The type is somebody else's, or the house's own. ``type_id``"""


@dataclass(frozen=True, slots=True)
class TypePlan:
    """Everything that a requester decides about a type. ``name`` and ``keywords`` stay for good."""

    name: str
    description: str
    keywords: str = ""
    is_active: bool = True
    test: str = ""  # QuestionForm XML
    test_duration_seconds: int | None = None
    answer_key: str = ""  # AnswerKey XML
    retry_delay_seconds: int | None = None
    auto_granted: bool = False
    auto_granted_value: int | None = None


@dataclass(frozen=True, slots=True)
class TypeChange:
    """What is to be different; None leaves it as it is.

    A given ``test`` brings its time along, and its key or none (mturk-api 6.26).
    """

    description: str | None = None
    is_active: bool | None = None
    test: str | None = None
    test_duration_seconds: int | None = None
    answer_key: str | None = None
    retry_delay_seconds: int | None = None
    auto_granted: bool | None = None
    auto_granted_value: int | None = None


def create_type(
    *, requester: Requester, name: str, description: str = "", now: datetime
) -> QualificationType:
    """A fact about workers that this requester grants. Refuses as ``create_type_as``."""
    return create_type_as(requester=requester, plan=TypePlan(name, description or name), now=now)


@transaction.atomic
def create_type_as(*, requester: Requester, plan: TypePlan, now: datetime) -> QualificationType:
    """A type as planned. Refuses BadType, BadQuestion (the test or the key), TypeNameTaken."""
    _check(plan)
    try:
        with transaction.atomic():
            made = QualificationType.objects.create(
                public_id=new_id(), requester=requester, created_at=now, **_columns(plan)
            )
    except IntegrityError as broken:
        if "qualification_type_name_once" not in str(broken):
            raise
        raise TypeNameTaken(name=plan.name) from None
    record(name="QualificationTypeCreated", actor=requester.actor, subject=made.public_id, at=now)
    return made


@transaction.atomic
def update_type(
    *, requester: Requester, type_id: str, change: TypeChange, now: datetime
) -> QualificationType:
    """Change a type. What workers hold stays. Refuses NotFound, NotYours, BadType, BadQuestion.

    A test cannot be taken away again, only replaced; retries can be allowed or re-timed, never forbidden.
    """
    kind = locked_own_type(requester, type_id)
    plan = _changed(kind, change)
    _check(plan)
    columns = _columns(plan)
    for name, value in columns.items():
        setattr(kind, name, value)
    kind.save(update_fields=list(columns))
    record(name="QualificationTypeUpdated", actor=requester.actor, subject=type_id, at=now)
    return kind


@transaction.atomic
def delete_type(*, requester: Requester, type_id: str, now: datetime) -> QualificationType:
    """Nobody can ask for it or make new work with it; who asked is told no. What workers hold keeps opening
    the work that is out. The name stays taken until ``remove_types``. Refuses NotFound, NotYours."""
    kind = locked_own_type(requester, type_id)
    kind.deleted_at = now
    kind.save(update_fields=["deleted_at"])
    waiting = QualificationRequest.objects.filter(
        type=kind, state__in=[RequestState.TAKING, RequestState.PENDING]
    )
    waiting.update(state=RequestState.REJECTED, decided_at=now, decided_by=str(requester.actor))
    record(name="QualificationTypeDeleted", actor=requester.actor, subject=type_id, at=now)
    return kind


def remove_types(*, type_ids: Iterable[str], now: datetime) -> int:
    """The deletion of these is complete: their names are free. Returns how many."""
    gone = QualificationType.objects.filter(public_id__in=type_ids, removed_at=None)
    return gone.exclude(deleted_at=None).update(removed_at=now)


@transaction.atomic
def create_house_type(
    *, by: Actor, name: str, description: str, type_id: str = "", now: datetime
) -> QualificationType:
    """A type that staff grant: a premium qualification. ``type_id``: one that clients know already.

    Refuses BadType.
    """
    _check(TypePlan(name=name, description=description))
    if type_id and (
        not looks_like_id(type_id)
        or len(type_id) > 30
        or QualificationType.objects.filter(public_id=type_id).exists()
    ):
        raise BadType(field="type_id", code="taken")
    made = QualificationType.objects.create(
        public_id=type_id or new_id(),
        kind=TypeKind.GRANTED,
        name=name,
        description=description,
        is_requestable=False,
        created_at=now,
    )
    record(name="QualificationTypeCreated", actor=by, subject=made.public_id, at=now)
    return made


def locked_own_type(requester: Requester, type_id: str) -> QualificationType:
    """The requester's own type, locked. Refuses NotFound, NotYours (it exists, but is not theirs)."""
    if not looks_like_id(type_id):
        raise NotFound()
    kind = (
        QualificationType.objects.select_for_update(no_key=True)
        .filter(public_id=type_id, deleted_at=None)
        .exclude(kind=TypeKind.GROUP)  # hire groups have verbs of their own: nobody is put in unasked
        .first()
    )
    if kind is None:
        raise NotFound()
    if kind.requester_id != requester.pk:
        raise NotYours(type_id=type_id)
    return kind


def _changed(kind: QualificationType, change: TypeChange) -> TypePlan:
    plan = TypePlan(
        name=kind.name,
        description=kind.description,
        keywords=kind.keywords,
        is_active=kind.is_active,
        test=kind.test,
        test_duration_seconds=kind.test_duration_seconds,
        answer_key=kind.answer_key,
        retry_delay_seconds=kind.retry_delay_seconds,
        auto_granted=kind.auto_granted,
        auto_granted_value=kind.auto_granted_value,
    )
    plain = ("description", "is_active", "retry_delay_seconds", "auto_granted", "auto_granted_value")
    given = {name: getattr(change, name) for name in plain if getattr(change, name) is not None}
    if not given.get("auto_granted", kind.auto_granted):
        given["auto_granted_value"] = None  # it counts only beside AutoGranted (mturk-api 6.25)
    if change.test is not None:
        if not change.test.strip():
            raise BadType(field="test", code="no_way_back")
        given |= {
            "test": change.test,
            "test_duration_seconds": change.test_duration_seconds,
            "answer_key": change.answer_key or "",
        }
    elif change.answer_key:
        raise BadType(field="answer_key", code="key_without_test")
    elif change.test_duration_seconds is not None:
        raise BadType(field="test_duration_seconds", code="time_without_test")
    return replace(plan, **given)


def _check(plan: TypePlan) -> None:
    """Refuses BadType and BadQuestion."""
    for field, (least, most) in TYPE_LIMITS.items():
        value = getattr(plan, field)
        size = len(value) if isinstance(value, str) else value
        if size is None:
            continue
        if size < least or (isinstance(value, str) and least and not value.strip()):
            raise BadType(field=field, code="missing" if least == 1 else "too_small", limit=least)
        if size > most:
            raise BadType(field=field, code="too_large", limit=most)
    if plan.answer_key and not plan.test:
        raise BadType(field="answer_key", code="key_without_test")
    if plan.test and plan.test_duration_seconds is None:
        raise BadType(field="test_duration_seconds", code="test_without_time")
    if plan.test_duration_seconds is not None and not plan.test:
        raise BadType(field="test_duration_seconds", code="time_without_test")
    if plan.auto_granted and plan.test:
        raise BadType(field="auto_granted", code="test_and_gift")
    if plan.auto_granted_value is not None and not plan.auto_granted:
        raise BadType(field="auto_granted_value", code="value_without_gift")
    if plan.test:
        _read_documents(plan)


def _read_documents(plan: TypePlan) -> None:
    """Refuses BadQuestion: a test that is none, a key that is none or that cannot score this test."""
    form = read_test(plan.test)
    if plan.answer_key:
        read_answer_key(plan.answer_key)
        refuse_unscorable(form)


def _columns(plan: TypePlan) -> dict[str, object]:
    given = plan.auto_granted_value
    return {
        "name": plan.name,
        "description": plan.description,
        "keywords": plan.keywords,
        "is_active": plan.is_active,
        "test": plan.test,
        "test_duration_seconds": plan.test_duration_seconds,
        "answer_key": plan.answer_key,
        "retry_delay_seconds": plan.retry_delay_seconds,
        "auto_granted": plan.auto_granted,
        "auto_granted_value": (DEFAULT_VALUE if given is None else given) if plan.auto_granted else None,
    }
