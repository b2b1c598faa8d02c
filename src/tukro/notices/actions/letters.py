"""What people are told, in their own language: which event makes which letter to whom.

The words are templates under ``mail/``: the first line is the subject. Amounts and moments are formatted for
the receiver before they reach the template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from tukro.journal.models import Event
from tukro.kernel import formats
from tukro.kernel.formats import Reader
from tukro.kernel.money import Money
from tukro.money.models import Payout
from tukro.notices.actions.keeping import Letter
from tukro.people.models import Requester, User, Worker
from tukro.qualifications.models import QualificationRequest, QualificationType
from tukro.work.models import Assignment, Batch, Bonus

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """One letter to be: who hears of it, which template says it, with which facts."""

    user: User
    template: str
    facts: Facts


def letters_of(events: Sequence[Event]) -> Iterator[Letter]:
    """The letters that these events ask for. An event that no one must hear of makes none.

    Rejections come many at a time: a worker gets one letter for all that stand in one reading.
    """
    for event in events:
        tell = TELLERS.get(event.name)
        told = tell(event) if tell else None
        if told is not None:
            yield _letter(event, told)
    yield from _rejections([event for event in events if event.name == "AssignmentRejected"])


def _rejections(events: Sequence[Event]) -> Iterator[Letter]:
    first = {event.subject: event for event in reversed(events)}
    rejected = (
        Assignment.objects.filter(public_id__in=first)
        .select_related("worker__user", "task__task_type")
        .order_by("worker_id", "id")
    )
    for _, group in groupby(rejected, key=lambda assignment: assignment.worker_id):
        theirs = list(group)
        event = min((first[each.public_id] for each in theirs), key=lambda event: event.id)
        facts = {"count": len(theirs), "works": [_about_work(each) for each in theirs]}
        yield _letter(event, Told(theirs[0].worker.user, "assignment_rejected", facts))


def _letter(event: Event, told: Told) -> Letter:
    reader = _reader(told.user)
    facts = {name: _shown(value, reader) for name, value in told.facts.items()}
    with translation.override(reader.language):
        text = render_to_string(f"mail/{told.template}.txt", {**facts, "site": settings.SITE_URL.rstrip("/")})
    subject, _, body = text.strip().partition("\n")
    return Letter(f"event:{event.id}", told.user.email, subject.strip(), body.strip() + "\n")


def _reader(user: User) -> Reader:
    return Reader(
        language="bn" if user.language == "bn" else "en",
        digits="latin" if user.digits == "latin" else "native",
        time_zone=ZoneInfo(user.time_zone),
    )


def _shown(value: object, reader: Reader) -> object:
    """A fact as the receiver reads it: money, numbers and moments formatted, words as they are."""
    match value:
        case Money():
            return formats.money(value, reader)
        case datetime():
            return formats.moment(value, reader)
        case bool() | str() | None:
            return value
        case int():
            return formats.number(value, reader)
        case dict():
            return {name: _shown(one, reader) for name, one in value.items()}
        case list():
            return [_shown(one, reader) for one in value]
        case _:
            raise TypeError(f"a letter cannot say {value!r}")


def _worker_approved(event: Event) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.subject).first()
    if worker is None:
        return None
    again = event.facts.get("from") == "suspended"
    return Told(worker.user, "worker_approved", {"again": again})


def _worker_refused(event: Event) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.subject).first()
    return Told(worker.user, "worker_refused", {"reason": event.facts["reason"]}) if worker else None


def _worker_suspended(event: Event) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.subject).first()
    return Told(worker.user, "worker_suspended", {"reason": event.facts["reason"]}) if worker else None


def _about_work(assignment: Assignment) -> Facts:
    terms = assignment.task.task_type
    return {"title": terms.title, "reward": terms.reward, "feedback": assignment.feedback}


def _sent_back(event: Event) -> Told | None:
    assignment = (
        Assignment.objects.select_related("worker__user", "task__task_type")
        .filter(public_id=event.subject)
        .first()
    )
    if assignment is None:
        return None
    facts = {**_about_work(assignment), "deadline": assignment.deadline_at}
    return Told(assignment.worker.user, "revision_asked", facts)


def _bonus_paid(event: Event) -> Told | None:
    bonus = (
        Bonus.objects.select_related("worker__user", "assignment__task__task_type")
        .filter(public_id=event.facts["bonus"])
        .first()
    )
    if bonus is None:
        return None
    facts: Facts = {
        "amount": bonus.amount,
        "reason": bonus.reason,
        "title": bonus.assignment.task.task_type.title,
    }
    return Told(bonus.worker.user, "bonus_paid", facts)


def _payout(event: Event, template: str) -> Told | None:
    payout = Payout.objects.select_related("worker__user").filter(public_id=event.subject).first()
    if payout is None:
        return None
    facts: Facts = {
        "amount": payout.amount,
        "paid_out": payout.paid_out,
        "reference": event.facts.get("reference", ""),
        "reason": event.facts.get("reason", ""),
    }
    return Told(payout.worker.user, template, facts)


def _payout_sent(event: Event) -> Told | None:
    return _payout(event, "payout_sent")


def _payout_returned(event: Event) -> Told | None:
    return _payout(event, "payout_returned")


def _batch_published(event: Event) -> Told | None:
    batch = Batch.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if batch is None:
        return None
    facts: Facts = {"name": batch.name, "tasks": batch.published_count, "expires": batch.expires_at}
    return Told(batch.requester.user, "batch_published", facts)


def _project(event: Event, template: str) -> Told | None:
    requester = Requester.objects.select_related("user").filter(public_id=event.facts["requester"]).first()
    if requester is None:
        return None
    facts: Facts = {"id": event.subject, "name": event.facts["name"], "reason": event.facts["reason"]}
    return Told(requester.user, template, facts)


def _project_approved(event: Event) -> Told | None:
    return _project(event, "project_approved")


def _project_refused(event: Event) -> Told | None:
    return _project(event, "project_refused")


def _qualification(event: Event, template: str) -> Told | None:
    worker = Worker.objects.select_related("user").filter(public_id=event.facts["worker"]).first()
    kind = QualificationType.objects.filter(public_id=event.subject).first()
    if worker is None or kind is None:
        return None
    facts: Facts = {
        "name": kind.name,
        "value": event.facts.get("value"),
        "reason": event.facts.get("reason", ""),
    }
    return Told(worker.user, template, facts)


def _qualification_granted(event: Event) -> Told | None:
    return _qualification(event, "qualification_granted") if event.facts.get("notify") else None


def _qualification_revoked(event: Event) -> Told | None:
    return _qualification(event, "qualification_revoked")


def _qualification_request_rejected(event: Event) -> Told | None:
    asked = (
        QualificationRequest.objects.select_related("worker__user", "type")
        .filter(public_id=event.subject)
        .first()
    )
    if asked is None:
        return None
    facts: Facts = {"name": asked.type.name, "reason": asked.reason}
    return Told(asked.worker.user, "qualification_request_rejected", facts)


TELLERS: dict[str, Callable[[Event], Told | None]] = {
    "WorkerApproved": _worker_approved,
    "WorkerRefused": _worker_refused,
    "WorkerSuspended": _worker_suspended,
    "AssignmentSentBack": _sent_back,
    "BonusPaid": _bonus_paid,
    "QualificationGranted": _qualification_granted,
    "QualificationRevoked": _qualification_revoked,
    "QualificationRequestRejected": _qualification_request_rejected,
    "PayoutSent": _payout_sent,
    "PayoutReturned": _payout_returned,
    "BatchPublished": _batch_published,
    "ProjectApproved": _project_approved,
    "ProjectRefused": _project_refused,
}
