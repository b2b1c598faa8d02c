"""HITs: made, shown, listed, extended, ended, looked through, disposed of (mturk-api 6.1-6.10, 6.12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from tukro.api.mturk.errors import parameter_error
from tukro.api.mturk.forms import hit
from tukro.api.mturk.operations.hit_types import seconds_of, terms_of
from tukro.api.mturk.operations.registry import operation
from tukro.api.mturk.paging import Page
from tukro.campaigns.actions.projects import refuse_secrets
from tukro.campaigns.queries.layouts import filled_layout
from tukro.kernel.errors import Refused
from tukro.people.models import Requester
from tukro.quality.actions import Policies, attach_policies, read_policies
from tukro.questions.external import ExternalQuestion, OwnNames
from tukro.questions.html5 import HTMLQuestion
from tukro.questions.xml import read_question
from tukro.work.actions.publishing.task_changes import add_places, change_expiry, dispose_task, mark_reviewing
from tukro.work.actions.publishing.tasks import (
    AlreadyMade,
    Asked,
    Offer,
    create_task,
    create_task_on_terms,
    task_made_with,
)
from tukro.work.queries import TaskRow, task_row, tasks_asking, tasks_of, tasks_to_review


@operation("CreateHIT", own_transaction=True)
def create_hit(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Make a HIT and, unless there is an equal one, its type. (6.1)"""
    with _repeat_said_first("CreateHIT", caller, given, now):
        terms, offer = terms_of(given), _offer(caller, given, "CreateHIT")
        return _made(
            caller,
            lambda: create_task_on_terms(requester=caller, terms=terms, offer=offer, now=now),
            _policies(given),
            now,
        )


@operation("CreateHITWithHITType", own_transaction=True)
def create_hit_with_hit_type(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Make a HIT of a type that is there: one SQL call, unless review policies come with it. (6.3)"""
    with _repeat_said_first("CreateHITWithHITType", caller, given, now):
        type_id, offer = given["HITTypeId"], _offer(caller, given, "CreateHITWithHITType")
        return _made(
            caller,
            lambda: create_task(requester=caller, type_id=type_id, offer=offer, now=now),
            _policies(given),
            now,
        )


@operation("GetHIT")
def get_hit(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """One HIT in whatever status, the disposed ones too. (6.4)"""
    return {"HIT": hit(task_row(caller, given["HITId"], now=now))}


@operation("ListHITs")
def list_hits(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """All but the disposed ones, the newest first. (6.5)"""
    page = Page.asked("ListHITs", caller, given)
    return _hits(page, tasks_of(caller, after=_after(page), limit=page.size, now=now))


@operation("ListHITsForQualificationType")
def list_hits_for_qualification_type(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """The caller's HITs whose requirements name the type, system types included, the newest first. (6.7)"""
    page = Page.asked("ListHITsForQualificationType", caller, given)
    type_id = given["QualificationTypeId"]
    return _hits(page, tasks_asking(caller, type_id, after=_after(page), limit=page.size, now=now))


@operation("ListReviewableHITs")
def list_reviewable_hits(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """HITs that are Reviewable, or Reviewing; those that end last first; whole ones, not only ids. (6.6)"""
    page = Page.asked("ListReviewableHITs", caller, given)
    rows = tasks_to_review(
        caller,
        status=given.get("Status", "Reviewable"),
        type_id=given.get("HITTypeId", ""),
        after=None if page.after is None else (_moment(int(page.after[0])), int(page.after[1])),
        limit=page.size,
        now=now,
    )
    return page.answer("HITs", rows, key=lambda row: (_microseconds(row.expires_at), row.pk), form=hit)


@operation("CreateAdditionalAssignmentsForHIT")
def create_additional_assignments(
    *, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Offer a HIT to more workers. (6.8)"""
    add_places(
        requester=caller,
        task_id=given["HITId"],
        places=given["NumberOfAdditionalAssignments"],
        token=given.get("UniqueRequestToken", ""),
        now=now,
    )
    return {}


@operation("UpdateExpirationForHIT")
def update_expiration(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Move a HIT's end; 0 or any moment that has passed ends it now. The same end again is no error. (6.9)"""
    change_expiry(requester=caller, task_id=given["HITId"], expires_at=given["ExpireAt"], now=now)
    return {}


@operation("UpdateHITReviewStatus")
def update_review_status(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Reviewable becomes Reviewing; with Revert, the other way round. (6.10)"""
    reviewing = not given.get("Revert", False)
    mark_reviewing(requester=caller, task_id=given["HITId"], reviewing=reviewing, now=now)
    return {}


@operation("DeleteHIT")
def delete_hit(*, caller: Requester, given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Dispose of a HIT that is over and reviewed. (6.12)"""
    dispose_task(requester=caller, task_id=given["HITId"], now=now)
    return {}


@contextmanager
def _repeat_said_first(
    operation: str, caller: Requester, given: Mapping[str, Any], now: datetime
) -> Iterator[None]:
    """A token that made a HIT says so, whatever else has come to be wrong with the request since."""
    try:
        yield
    except Refused as refused:
        token = given.get("UniqueRequestToken", "")
        made = task_made_with(caller, operation, token, now) if token else None
        if made is None or isinstance(refused, AlreadyMade):
            raise
        raise AlreadyMade(token=token, task_id=made) from None


def _made(
    caller: Requester, create: Callable[[], str], policies: Policies, now: datetime
) -> Mapping[str, Any]:
    """The new HIT; with its policies in one transaction, without them by one call that commits by itself."""
    if policies:
        with transaction.atomic():
            task_id = create()
            attach_policies(task_id=task_id, policies=policies, now=now)
    else:
        task_id = create()
    return {"HIT": hit(task_row(caller, task_id, now=now))}


def _offer(caller: Requester, given: Mapping[str, Any], operation: str) -> Offer:
    """What is said of this HIT beside its type. Raises WireError and what bad questions are refused with."""
    asked = _asked(caller, given)
    refuse_secrets(words={}, kind=asked.kind, body=asked.body)
    return Offer(
        asked=asked,
        places=given.get("MaxAssignments", 1),
        lifetime_seconds=seconds_of(given, "LifetimeInSeconds"),
        annotation=given.get("RequesterAnnotation", ""),
        layout_id=given.get("HITLayoutId", ""),
        token=given.get("UniqueRequestToken", ""),
        operation=operation,
    )


def _asked(caller: Requester, given: Mapping[str, Any]) -> Asked:
    """The question: given as XML, or a layout and its parameters; exactly one of the two."""
    source, layout_id = given.get("Question"), given.get("HITLayoutId")
    if (source is None) == (layout_id is None):
        raise parameter_error("Exactly one of the parameters Question and HITLayoutId must be given.")
    if layout_id is not None:
        parameters = [(one["Name"], one["Value"]) for one in given.get("HITLayoutParameters") or ()]
        filled = filled_layout(requester=caller, layout_id=layout_id, parameters=parameters)
        return Asked("html", filled.question.content, filled.source, filled.question.frame_height)
    assert isinstance(source, str)
    match read_question(source, open_hosts=settings.OPEN_FRAME_HOSTS):
        case HTMLQuestion(content=content, frame_height=height):
            return Asked("html", content, source, height)
        case ExternalQuestion(url=url, frame_height=height):
            _refuse_own_page(url)
            return Asked("external", url, source, height)
        case _:
            return Asked("form", source, source)


def _refuse_own_page(url: str) -> None:
    """No worker would be shown a page under a name of this house. Raises WireError."""
    own = OwnNames.of(
        site_url=settings.SITE_URL,
        allowed_hosts=settings.ALLOWED_HOSTS,
        task_url=settings.TASK_URL,
    )
    if own.has(url):
        # Whoever tries things out at home has both on one machine.
        hint = " On this machine 127.0.0.1 is one." if urlsplit(url).hostname == "localhost" else ""
        raise parameter_error(
            f'The value "{url[:300]}" is not valid for the parameter ExternalURL. A page under a name of '
            f"this marketplace itself is not shown to workers: it needs another host.{hint}"
        )


def _policies(given: Mapping[str, Any]) -> Policies:
    return read_policies(
        assignment_level=given.get("AssignmentReviewPolicy"), hit_level=given.get("HITReviewPolicy")
    )


def _hits(page: Page, rows: list[TaskRow]) -> Mapping[str, Any]:
    return page.answer("HITs", rows, key=lambda row: (row.pk,), form=hit)


def _after(page: Page) -> int | None:
    return None if page.after is None else int(page.after[0])


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _moment(microseconds: int) -> datetime:
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
