"""The door of the MTurk wire: who calls, what, one verb, answer (mturk-api 1).

A POST at ``/mturk`` or ``/mturk/``, and at ``/`` when it says ``X-Amz-Target``. It is answered here, before
sessions, cookies and pages: a call brings its own proof of who sends it. The order of checks is transport and
signature, rate, shape, and then what the verb refuses.

A fault of our own is a ServiceFault, 500: SDKs repeat such a call by themselves, so it is said only when
nothing was changed. An operation that changes something runs in one transaction with the writing of its
answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import cast

import psycopg
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils import timezone

from tukro.api.mturk import keys, operations
from tukro.api.mturk.errors import WireError, service_fault
from tukro.api.mturk.operations import registry
from tukro.api.mturk.operations.registry import Members, Operation
from tukro.api.mturk.refused import refusal_error
from tukro.api.mturk.signature import Claim, HeaderOf, SignatureFault, check_signature, read_claim
from tukro.api.mturk.throttle import Throttle
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.refusals import InsufficientFunds
from tukro.people.actions.wire import Act, note_call
from tukro.people.models import Requester

log = logging.getLogger(__name__)

PATHS = ("/mturk", "/mturk/")
TARGET_PREFIX = "MTurkRequesterServiceV20170117."
_MEDIA_TYPE = "application/x-amz-json-1.1"
_throttle = Throttle()
# Two acts stood in each other's way and the database undid one: it may well succeed the next time.
_IN_THE_WAY = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_TRIES = 3
_UNDONE = (
    *_IN_THE_WAY,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.ProgrammingError,
    psycopg.InternalError,
)
# Codes that leave open what became of a commit: the connection broke, nobody knows, the server goes down.
_UNSURE = ("08", "40003", "57P")
_SPARE_PLAY_MONEY = Money.parse("10000.00")
assert operations.accounts  # importing the package registered the operations


class WireMiddleware:
    """Stands first in MIDDLEWARE. Answers calls on the wire by itself, passes on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self.get_response(request)
        path = request.path_info
        if path in PATHS or (path == "/" and "HTTP_X_AMZ_TARGET" in request.META):
            return answer(request, timezone.now())
        return self.get_response(request)


def answer(request: HttpRequest, now: datetime) -> HttpResponse:
    """Run the call and write its answer; never raises."""
    try:
        return _response(_run(request, now), 200)
    except WireError as error:
        return _error_response(error, now)
    except Refused as refused:
        return _error_response(refusal_error(refused), now)
    except Exception:
        log.exception("a call on the wire failed: %s", request.META.get("HTTP_X_AMZ_TARGET", "")[:100])
        return _error_response(service_fault(), now)


def _run(request: HttpRequest, now: datetime) -> bytes:
    header = _headers_of(request)
    called = _called(header)
    body = _body(request)
    caller = _authenticate(request, header, body, called, now)
    given = called.read_input(body)
    try:
        return _act(called, caller, given, now)
    except InsufficientFunds as short:
        if settings.MODE != "sandbox":
            raise
        _give_play_money(caller, short, now)
        return _act(called, caller, given, now)


def _give_play_money(caller: Requester, short: InsufficientFunds, now: datetime) -> None:
    """In the sandbox the balance never changes (mturk-api 13): what is missing comes by itself."""
    needed = cast("Money", short.facts["needed"])
    # More than what is missing: other calls of this requester spend at the same time.
    deposit_play_money(requester=caller, amount=needed + _SPARE_PLAY_MONEY, now=now)


def _act(called: Operation, caller: Requester, given: Members, now: datetime) -> bytes:
    act = _act_once if called.own_transaction else _act_whole
    for _ in range(_TRIES - 1):
        try:
            return act(called, caller, given, now)
        except OperationalError as error:
            if not isinstance(error.__cause__, _IN_THE_WAY):
                raise
    return act(called, caller, given, now)


def _act_whole(called: Operation, caller: Requester, given: Members, now: datetime) -> bytes:
    """The act and the writing of its answer, all or nothing.

    What fails before the commit is undone. A commit that gets no answer may have been carried out.
    """
    if called.reads:
        return called.write_output(called.act(caller=caller, given=given, now=now))
    committing = False
    try:
        with transaction.atomic():
            written = called.write_output(called.act(caller=caller, given=given, now=now))
            committing = True
    except Exception as error:
        if not committing or _was_refused(error):
            raise
        log.exception("%s failed while it was committed", called.name)
        raise _untold() from None
    return written


def _act_once(called: Operation, caller: Requester, given: Members, now: datetime) -> bytes:
    """The act of an operation that commits by itself: what fails after that may not look like nothing done.

    A statement that the database refused did nothing. Where the connection was lost, nobody knows.
    """
    try:
        return called.write_output(called.act(caller=caller, given=given, now=now))
    except (Refused, WireError):
        raise
    except Exception as error:
        if isinstance(error, DatabaseError) and isinstance(error.__cause__, _UNDONE):
            raise
        log.exception("%s failed, perhaps after it was done", called.name)
        raise _untold() from None


def _was_refused(error: Exception) -> bool:
    """Whether the database itself said no to a commit; a code for a lost connection is no such answer."""
    cause = error.__cause__
    code = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return code is not None and not code.startswith(_UNSURE)


def _untold() -> WireError:
    # Not a ServiceFault: a client would send the call again by itself, and pay twice.
    return WireError(
        "RequestError",
        "AWS.ServiceUnavailable",
        "The request may have been carried out, but the answer could not be written. "
        "Look before you repeat it.",
        stamped=True,
    )


def _called(header: HeaderOf) -> Operation:
    target = header("x-amz-target") or ""
    found = registry.find(target.removeprefix(TARGET_PREFIX)) if target.startswith(TARGET_PREFIX) else None
    if found is None:
        raise WireError("UnknownOperationException", "", "The operation that was named is not known here.")
    return found


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise WireError("SerializationException", "", "The request body is too large.", status=413) from None
    except UnreadablePostError:
        raise WireError("SerializationException", "", "The request body ended early.") from None


def _authenticate(
    request: HttpRequest, header: HeaderOf, body: bytes, called: Operation, now: datetime
) -> Requester:
    """The requester who signed this. Raises WireError."""
    if header("x-amz-security-token") is not None:
        raise _unrecognized(
            "The security token included in the request is invalid: there are no temporary credentials here. "
            "Sign with an access key of your requester account and without X-Amz-Security-Token."
        )
    try:
        claim = read_claim(header, now)
        key = keys.signing_key_of(claim)
        if key is None:
            raise _unrecognized()
        check_signature(
            claim,
            key,
            method="POST",
            path=request.path_info,
            query=request.META.get("QUERY_STRING", ""),
            header=header,
            body=body,
        )
    except SignatureFault as fault:
        raise WireError(fault.kind, "", fault.message) from None
    return _admit(claim, None if called.reads else _told_apart(claim, header), now)


def _admit(claim: Claim, act: Act | None, now: datetime) -> Requester:
    """Count the call, look whether the key still works and whether the same was sent before."""
    use = _throttle.admit(claim.key_id, now)
    call = note_call(key_id=claim.key_id, act=act, use=use, now=now)
    if call is None:
        keys.forget(claim.key_id)
        raise _unrecognized()
    if call.elsewhere is not None:
        _throttle.learn(claim.key_id, call.elsewhere)
    if call.repeated:
        raise WireError(
            "InvalidSignatureException", "", "This signature was used before. Sign each request anew."
        )
    return call.requester


def _told_apart(claim: Claim, header: HeaderOf) -> Act:
    """What tells this call from an equal one of the same second: SDKs number their calls."""
    number, attempt = header("amz-sdk-invocation-id"), header("amz-sdk-request")
    told = f"{number} {attempt}".encode("latin-1", "replace") if number else b""
    return Act(bytes.fromhex(claim.signature), hashlib.sha256(told).digest() if told else b"")


def _headers_of(request: HttpRequest) -> HeaderOf:
    meta = request.META

    def header(name: str) -> str | None:
        if name in ("content-type", "content-length"):
            value = meta.get(name.upper().replace("-", "_"))
        else:
            value = meta.get("HTTP_" + name.upper().replace("-", "_"))
        return value if value is None else str(value)

    return header


def _unrecognized(message: str = "The security token included in the request is invalid.") -> WireError:
    return WireError("UnrecognizedClientException", "", message)


def _response(body: bytes, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=_MEDIA_TYPE)
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    response.headers["Content-Length"] = str(len(body))
    # Or Django would log each refusal as a bad request; its stubs do not declare the attribute.
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    return response


def _error_response(error: WireError, now: datetime) -> HttpResponse:
    return _response(json.dumps(error.body(now)).encode(), error.status)
