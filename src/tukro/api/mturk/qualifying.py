"""What the operations about qualifications and workers share: members, look-ups, errors, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from tukro.api.mturk.errors import WireError, does_not_exist, invalid_value, request_error
from tukro.kernel.errors import NotFound
from tukro.people.aliases import alias, worker_known_as
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.types import NotYours
from tukro.qualifications.models import Qualification, QualificationRequest, QualificationType

Row = TypeVar("Row", bound=Model)


def qualification_type(kind: QualificationType, *, of: Requester) -> dict[str, Any]:
    """A type as its owner, or anybody else, sees it: what answers are worth is the owner's secret."""
    own = kind.requester_id == of.pk
    return {
        "QualificationTypeId": kind.public_id,
        "CreationTime": kind.created_at,
        "Name": kind.name,
        "Description": kind.description,
        "Keywords": kind.keywords or None,
        "QualificationTypeStatus": "Active" if kind.is_active else "Inactive",
        "Test": kind.test or None,
        "TestDurationInSeconds": kind.test_duration_seconds,
        "AnswerKey": (kind.answer_key or None) if own else None,
        "RetryDelayInSeconds": kind.retry_delay_seconds,
        "IsRequestable": kind.is_requestable,
        "AutoGranted": kind.auto_granted,
        "AutoGrantedValue": kind.auto_granted_value,
    }


def qualification(held: Qualification, *, of: Requester) -> dict[str, Any]:
    return {
        "QualificationTypeId": held.type.public_id,
        "WorkerId": alias(held.worker, of),
        "GrantTime": held.granted_at,
        "IntegerValue": held.value,
        "Status": "Granted" if held.revoked_at is None else "Revoked",
    }


def qualification_request(asked: QualificationRequest, *, of: Requester) -> dict[str, Any]:
    return {
        "QualificationRequestId": asked.public_id,
        "QualificationTypeId": asked.type.public_id,
        "WorkerId": alias(asked.worker, of),
        "Test": asked.test or None,
        "Answer": asked.answer or None,
        "SubmitTime": asked.submitted_at,
    }


def worker_of(caller: Requester, given: Mapping[str, Any]) -> Worker:
    """The worker whom the caller means by WorkerId. Raises WireError."""
    worker = worker_known_as(given["WorkerId"], caller)
    if worker is None:
        raise invalid_value("WorkerId", given["WorkerId"])
    return worker


@contextmanager
def own_type_errors(type_id: str) -> Iterator[None]:
    """Turns "not there" and "not yours" into the wire's words: types are public, so the two differ."""
    try:
        yield
    except NotFound:
        raise does_not_exist("QualificationType", type_id) from None
    except NotYours:
        raise permission_denied() from None


def permission_denied() -> WireError:
    return request_error(
        "PermissionDenied", "This user is not authorized to perform the requested operation."
    )


def wrong_state(what: str, status: str) -> WireError:
    """``what`` stands where this cannot be done; ``status`` is where it can."""
    return request_error(f"Invalid{what}State", f"This operation can be called with a status of: {status}")


def beyond(
    rows: QuerySet[Row], columns: tuple[str, str], after: tuple[Any, ...] | None, *, falling: bool = False
) -> QuerySet[Row]:
    """The rows after the one with these two values, in the order of the two columns."""
    if after is None:
        return rows
    first, second = columns
    value, last = after
    sign = "lt" if falling else "gt"
    return rows.filter(Q(**{f"{first}__{sign}": value}) | Q(**{first: value, f"{second}__{sign}": last}))
