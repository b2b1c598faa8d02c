"""How workers come to a requester's qualification: asking for it, and the requester's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.people.models import Requester, Worker, WorkerState
from tukro.qualifications.actions.granting import give
from tukro.qualifications.actions.types import DEFAULT_VALUE
from tukro.qualifications.models import (
    QualificationRequest,
    QualificationType,
    RequestState,
    TypeKind,
)
from tukro.qualifications.queries import is_blocked, last_request
from tukro.qualifications.rules import TEST_GRACE_SECONDS
from tukro.questions.answer_key import read_answer_key, score
from tukro.questions.answering import read_posted
from tukro.questions.answers import MAX_BYTES, typed_answers_xml
from tukro.questions.xml import stored_form

Fields = Sequence[tuple[str, str]]


class NotRequestable(Refused):
    """Nobody, or not this worker, can ask for it. ``code``: house, inactive, blocked, worker."""


class AlreadyAsked(Refused):
    """The worker's request waits for the requester. ``requested_at``"""


class NoSecondTry(Refused):
    """The requester allows one request per worker."""


class TooEarly(Refused):
    """The time between two requests is not over. ``at``: when it is."""


class RequestClosed(Refused):
    """The request does not wait for this any more. ``state``"""


class FaultyTest(Refused):
    """Something is missing or not right in the answers. ``problems``: list of questions.answering.Problem."""


class OverlongTest(Refused):
    """More than an answer may hold. ``limit``, ``unit``: bytes"""


class OverdueTest(Refused):
    """The time for the test ran out. ``deadline_at``"""


@transaction.atomic
def request_qualification(*, worker: Worker, type_id: str, now: datetime) -> QualificationRequest:
    """Ask. The answer's state says what happened: ``granted`` at once, ``taking`` (the test begins now, or
    has begun), or ``pending`` (the requester decides).

    Refuses NotFound, NotRequestable, AlreadyAsked, NoSecondTry, TooEarly.
    """
    kind = _requestable(worker, type_id)
    _hold_turn(worker)
    last = last_request(worker, kind)
    if last is not None and last.state == RequestState.TAKING and not _is_over(last, now):
        return last
    _refuse_too_often(last, kind, now)
    if last is not None and last.state == RequestState.TAKING:
        _lapse(last, now)
    made = QualificationRequest(
        public_id=new_id(),
        type=kind,
        worker=worker,
        test=kind.test,
        answer_key=kind.answer_key,
        requested_at=now,
    )
    _begin(made, kind, now)
    facts = {"type": kind.public_id, "state": made.state}
    record(name="QualificationRequested", actor=worker.actor, subject=made.public_id, at=now, facts=facts)
    return made


def refusal_to_come(*, worker: Worker, type_id: str, now: datetime) -> Refused | None:
    """Why asking would be refused at this moment; None: it would not."""
    try:
        kind = _requestable(worker, type_id)
        last = last_request(worker, kind)
        if last is None or last.state != RequestState.TAKING or _is_over(last, now):
            _refuse_too_often(last, kind, now)
    except Refused as refusal:
        return refusal
    return None


@transaction.atomic
def submit_test(*, worker: Worker, request_id: str, fields: Fields, now: datetime) -> QualificationRequest:
    """Hand in a test as its form was posted. With an answer key it is scored and the score granted, whatever
    it is; without one the requester decides. The same answers twice are one submission.

    Refuses NotFound, RequestClosed, OverdueTest, FaultyTest, OverlongTest.
    """
    asked = _own_try(worker, request_id)
    posted = read_posted(stored_form(asked.test), fields) if asked.test else None
    if posted is None:
        raise RequestClosed(state=asked.state)
    answer = typed_answers_xml(posted.answers)
    if asked.state != RequestState.TAKING:
        if asked.answer == answer:
            return asked
        raise RequestClosed(state=asked.state)
    if _is_over(asked, now):
        raise OverdueTest(deadline_at=asked.deadline_at)
    if posted.problems:
        raise FaultyTest(problems=list(posted.problems))
    if len(answer) > MAX_BYTES:
        raise OverlongTest(limit=MAX_BYTES, unit="bytes")
    asked.state, asked.answer, asked.submitted_at = RequestState.PENDING, answer, now
    asked.save(update_fields=["state", "answer", "submitted_at"])
    record(name="QualificationTestSubmitted", actor=worker.actor, subject=request_id, at=now)
    if asked.answer_key:
        settle(asked, score(read_answer_key(asked.answer_key), posted.answers), now)
    return asked


@transaction.atomic
def accept_request(
    *, requester: Requester, request_id: str, value: int = DEFAULT_VALUE, now: datetime
) -> QualificationRequest:
    """The requester grants what was asked. Refuses NotFound, RequestClosed, BadValue."""
    asked = _own_pending(requester, request_id)
    give(asked.type, asked.worker, value, by=requester.actor, notify=True, now=now)
    asked.state, asked.value = RequestState.GRANTED, value
    asked.decided_at, asked.decided_by = now, str(requester.actor)
    asked.save(update_fields=["state", "value", "decided_at", "decided_by"])
    return asked


@transaction.atomic
def reject_request(
    *, requester: Requester, request_id: str, reason: str = "", now: datetime
) -> QualificationRequest:
    """The requester says no; what the worker holds already stays. Refuses NotFound, RequestClosed."""
    asked = _own_pending(requester, request_id)
    asked.state, asked.reason = RequestState.REJECTED, reason
    asked.decided_at, asked.decided_by = now, str(requester.actor)
    asked.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    record(
        name="QualificationRequestRejected",
        actor=requester.actor,
        subject=request_id,
        at=now,
        facts={"worker": asked.worker.public_id, "reason": reason},
    )
    return asked


@transaction.atomic
def lapse_late(*, now: datetime, limit: int = 1000) -> int:
    """End up to ``limit`` tests whose time ran out. Returns how many."""
    late = QualificationRequest.objects.filter(
        state=RequestState.TAKING, deadline_at__lt=now - timedelta(seconds=TEST_GRACE_SECONDS)
    ).order_by("deadline_at")
    rows = list(late.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    for one in rows:
        _lapse(one, now)
    return len(rows)


def _begin(made: QualificationRequest, kind: QualificationType, now: datetime) -> None:
    """Keep the new request in the state that its type asks for."""
    if kind.test:
        assert kind.test_duration_seconds is not None, "a test has its time: the table says so"
        made.state = RequestState.TAKING
        made.deadline_at = now + timedelta(seconds=kind.test_duration_seconds)
    else:
        made.state, made.submitted_at = RequestState.PENDING, now
    made.save()
    if kind.auto_granted:
        value = DEFAULT_VALUE if kind.auto_granted_value is None else kind.auto_granted_value
        settle(made, value, now)


def settle(asked: QualificationRequest, value: int, now: datetime) -> None:
    """The house grants by the requester's standing order: a gift, or a test that was scored."""
    give(asked.type, asked.worker, value, by=HOUSE, notify=False, now=now)
    asked.state, asked.value, asked.decided_at, asked.decided_by = (
        RequestState.GRANTED,
        value,
        now,
        str(HOUSE),
    )
    asked.save(update_fields=["state", "value", "decided_at", "decided_by"])


def _requestable(worker: Worker, type_id: str) -> QualificationType:
    kind = (
        QualificationType.objects.select_related("requester")
        .filter(public_id=type_id, deleted_at=None)
        .first()
        if looks_like_id(type_id)
        else None
    )
    if kind is None:
        raise NotFound()
    if kind.kind != TypeKind.OWN or not kind.is_requestable or kind.requester is None:
        raise NotRequestable(code="house")
    if not kind.is_active:
        raise NotRequestable(code="inactive")
    if worker.state != WorkerState.ACTIVE:
        raise NotRequestable(code="worker")
    if is_blocked(worker=worker, requester=kind.requester):
        raise NotRequestable(code="blocked")
    return kind


def _hold_turn(worker: Worker) -> None:
    """Two requests of one worker go one after the other."""
    Worker.objects.select_for_update(no_key=True).only("pk").get(pk=worker.pk)


def earliest_again(kind: QualificationType, last: QualificationRequest | None) -> datetime | None:
    """When the type may be asked for again after the ``last`` time; None: never, or not before a verdict."""
    if last is None:
        return datetime.min.replace(tzinfo=UTC)
    if last.state == RequestState.PENDING or kind.retry_delay_seconds is None:
        return None
    return last.requested_at + timedelta(seconds=kind.retry_delay_seconds)


def _refuse_too_often(last: QualificationRequest | None, kind: QualificationType, now: datetime) -> None:
    if last is None:
        return
    if last.state == RequestState.PENDING:
        raise AlreadyAsked(requested_at=last.requested_at)
    at = earliest_again(kind, last)
    if at is None:
        raise NoSecondTry()
    if at > now:
        raise TooEarly(at=at)


def _is_over(asked: QualificationRequest, now: datetime) -> bool:
    assert asked.deadline_at is not None
    return asked.deadline_at + timedelta(seconds=TEST_GRACE_SECONDS) < now


def _lapse(asked: QualificationRequest, now: datetime) -> None:
    asked.state, asked.decided_at, asked.decided_by = RequestState.LAPSED, now, str(HOUSE)
    asked.save(update_fields=["state", "decided_at", "decided_by"])


def _own_try(worker: Worker, request_id: str) -> QualificationRequest:
    asked = (
        QualificationRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("type", "worker")
        .filter(public_id=request_id, worker=worker)
        .first()
        if looks_like_id(request_id)
        else None
    )
    if asked is None:
        raise NotFound()
    return asked


def _own_pending(requester: Requester, request_id: str) -> QualificationRequest:
    """Locked. A try at a test that is under way is not visible yet."""
    asked = (
        QualificationRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("type", "worker")
        .filter(public_id=request_id, type__requester=requester)
        .exclude(state=RequestState.TAKING)
        .first()
        if looks_like_id(request_id)
        else None
    )
    if asked is None:
        raise NotFound()
    if asked.state != RequestState.PENDING:
        raise RequestClosed(state=asked.state)
    return asked
