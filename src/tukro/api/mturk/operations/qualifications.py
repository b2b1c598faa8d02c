"""What workers hold, on the wire (mturk-api 6.30 to 6.33)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from tukro.api.mturk.errors import WireError, request_error
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.api.mturk.qualifying import (
    beyond,
    own_type_errors,
    permission_denied,
    qualification,
    worker_of,
    wrong_state,
)
from tukro.people.models import Requester
from tukro.qualifications.actions.granting import AlreadyRevoked, NeverHeld, TypeInactive, grant, revoke
from tukro.qualifications.actions.types import DEFAULT_VALUE
from tukro.qualifications.models import QualificationType
from tukro.qualifications.queries import qualification_of, qualifications_of_type, type_of


@operation("AssociateQualificationWithWorker")
def associate(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Grant, overwrite or grant again; the worker need not have worked for the caller."""
    worker = worker_of(caller, given)
    with own_type_errors(given["QualificationTypeId"]):
        try:
            grant(
                requester=caller,
                type_id=given["QualificationTypeId"],
                worker=worker,
                value=given.get("IntegerValue", DEFAULT_VALUE),
                notify=given.get("SendNotification", True),
                now=now,
            )
        except TypeInactive:
            raise wrong_state("QualificationType", "Active") from None
    return {}


@operation("DisassociateQualificationFromWorker")
def disassociate(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Take it back; the row stays and says Revoked."""
    worker = worker_of(caller, given)
    with own_type_errors(given["QualificationTypeId"]):
        try:
            revoke(
                requester=caller,
                type_id=given["QualificationTypeId"],
                worker=worker,
                reason=given.get("Reason", ""),
                now=now,
            )
        except NeverHeld:
            raise _never_held() from None
        except AlreadyRevoked:
            raise wrong_state("Qualification", "Granted") from None
    return {}


@operation("GetQualificationScore")
def get_qualification_score(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """A worker's value of the caller's own type, while it is granted."""
    del now
    kind = _readable_type(caller, given["QualificationTypeId"])
    held = qualification_of(worker_of(caller, given), kind)
    if held is None:
        raise _never_held()
    if held.revoked_at is not None:
        raise wrong_state("Qualification", "Granted")
    return {"Qualification": qualification(held, of=caller)}


@operation("ListWorkersWithQualificationType")
def list_workers(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Who holds the caller's own type, or no longer does; the latest grant first."""
    del now
    kind = _own_type(caller, given["QualificationTypeId"])
    page = Page.asked("ListWorkersWithQualificationType", caller, given)
    found = qualifications_of_type(kind, revoked=given.get("Status") == "Revoked")
    after = page.after and (datetime.fromisoformat(str(page.after[0])), page.after[1])
    return page.answer(
        "Qualifications",
        list(beyond(found, ("granted_at", "id"), after, falling=True)[: page.size]),
        key=lambda held: (held.granted_at.isoformat(), held.pk),
        form=partial(qualification, of=caller),
    )


def _own_type(caller: Requester, type_id: str) -> QualificationType:
    """Raises WireError."""
    with own_type_errors(type_id):
        kind = type_of(type_id)
    if kind.requester_id != caller.pk:
        raise permission_denied()
    return kind


def _readable_type(caller: Requester, type_id: str) -> QualificationType:
    """The caller's own; what the house knows of workers is not told. Raises WireError."""
    with own_type_errors(type_id):
        kind = type_of(type_id)
    if kind.requester_id is None:
        raise _never_held()
    return _own_type(caller, type_id)


def _never_held() -> WireError:
    return request_error("QualificationDoesNotExist", "You requested a Qualification that does not exist.")
