"""Workers' requests for qualifications, on the wire (mturk-api 6.34 to 6.36)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from tukro.api.mturk.errors import request_error
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.api.mturk.qualifying import (
    beyond,
    own_type_errors,
    permission_denied,
    qualification_request,
    wrong_state,
)
from tukro.kernel.errors import NotFound
from tukro.people.models import Requester
from tukro.qualifications.actions.requesting import RequestClosed, accept_request, reject_request
from tukro.qualifications.actions.types import DEFAULT_VALUE
from tukro.qualifications.models import QualificationRequest
from tukro.qualifications.queries import requests_to_decide, type_of


@operation("ListQualificationRequests")
def list_qualification_requests(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Requests that wait for the caller's decision, the oldest first; of one type or of all."""
    del now
    found = requests_to_decide(caller)
    if type_id := given.get("QualificationTypeId"):
        with own_type_errors(type_id):
            kind = type_of(type_id)
        if kind.requester_id != caller.pk:
            raise permission_denied()
        found = found.filter(type=kind)
    page = Page.asked("ListQualificationRequests", caller, given)
    after = page.after and (datetime.fromisoformat(str(page.after[0])), page.after[1])
    return page.answer(
        "QualificationRequests",
        list(beyond(found, ("submitted_at", "id"), after)[: page.size]),
        key=_place,
        form=partial(qualification_request, of=caller),
    )


@operation("AcceptQualificationRequest")
def accept_qualification_request(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Grant what was asked, with the given value or 1."""
    with _request_errors(given["QualificationRequestId"]):
        accept_request(
            requester=caller,
            request_id=given["QualificationRequestId"],
            value=given.get("IntegerValue", DEFAULT_VALUE),
            now=now,
        )
    return {}


@operation("RejectQualificationRequest")
def reject_qualification_request(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Decline it; the worker reads the reason."""
    with _request_errors(given["QualificationRequestId"]):
        reject_request(
            requester=caller,
            request_id=given["QualificationRequestId"],
            reason=given.get("Reason", ""),
            now=now,
        )
    return {}


def _place(asked: QualificationRequest) -> tuple[str, int]:
    """Where a request stands in the list."""
    assert asked.submitted_at is not None, "what waits for a decision was handed in"
    return asked.submitted_at.isoformat(), asked.pk


@contextmanager
def _request_errors(request_id: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise request_error(
            "QualificationRequestDoesNotExist", f"QualificationRequest {request_id} does not exist."
        ) from None
    except RequestClosed:
        raise wrong_state("QualificationRequest", "Submitted") from None
