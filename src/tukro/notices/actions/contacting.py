"""Requesters write to workers whom they know by their work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from tukro.journal.actions import record
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.notices.actions.keeping import Letter
from tukro.notices.actions.letters import letter
from tukro.notices.actions.relaying import relay_policy
from tukro.notices.actions.talking import keep_notified, treated
from tukro.notices.actions.telling import tell
from tukro.notices.actions.told import Told
from tukro.notices.rules.relay import Treated
from tukro.people.aliases import workers_known_as
from tukro.people.models import Requester, Worker
from tukro.work.models import Assignment, AssignmentState

LONGEST_SUBJECT, LONGEST_TEXT, MOST_WORKERS = 200, 4096, 100
_REVIEWED = (AssignmentState.APPROVED, AssignmentState.REJECTED)


class BadMessage(Refused):
    """``field`` (subject, text, workers), ``code`` (missing: of workers, too_large), ``limit``"""


@dataclass(frozen=True, slots=True)
class NotTold:
    """A worker who does not get the message. ``code``: unknown (no such worker), stranger (this requester
    never approved or rejected any work of theirs). ``worker_id``: as it was given."""

    worker_id: str
    code: Literal["unknown", "stranger"]


def notify_workers(
    *, requester: Requester, subject: str, text: str, worker_ids: Sequence[str], now: datetime
) -> list[NotTold]:
    """Tell each worker, by the ways that they chose; answers who is not told.

    ``worker_ids``: as this requester knows them (people/aliases.py). Nobody sees an address, and workers can
    answer on the site. Who has muted the requester hears nothing, and nobody is told that.

    In the caller's transaction. Refuses BadMessage.
    """
    _check(subject, text, worker_ids)
    # Silence past the time to review is approval, whether or not the house has paid yet.
    reviewed = Assignment.objects.filter(
        Q(state__in=_REVIEWED) | Q(state=AssignmentState.SUBMITTED, auto_approve_at__lte=now),
        worker=OuterRef("pk"),
        requester_id=requester.pk,
    )
    asked = list(dict.fromkeys(worker_ids))  # each worker once, in the order given
    workers = workers_known_as(asked, requester)
    pks = [worker.pk for worker in workers.values()]
    known = set(Worker.objects.filter(Exists(reviewed), pk__in=pks).values_list("pk", flat=True))
    message = new_id()
    told = [worker for worker in workers.values() if worker.pk in known]
    # What is wordless is told, but there is nothing to keep.
    said = "\n\n".join(part for part in (subject.strip(), text.strip()) if part)
    talks = keep_notified(requester=requester, workers=told, text=said, now=now) if said else {}
    policy = relay_policy()
    # Mails and pushes say no more than the conversation on the site does.
    about, body = treated(subject, policy), treated(text, policy)
    letters = [
        _letter(message, worker, requester, about.text, body, talks.get(worker.pk, ""))
        for worker in told
        if worker.pk in talks or not said
    ]
    tell(letters, now=now)
    facts = {"subject": subject, "workers": [worker.public_id for worker in told]}
    record(name="WorkersNotified", actor=requester.actor, subject=message, at=now, facts=facts)
    return [
        NotTold(worker_id, "stranger" if worker_id in workers else "unknown")
        for worker_id in asked
        if worker_id not in workers or workers[worker_id].pk not in known
    ]


def _letter(
    message: str, worker: Worker, requester: Requester, subject: str, text: Treated, talk: str
) -> Letter:
    facts: dict[str, object] = {
        # A subject of several lines would be a header of its own; a program may leave it empty.
        "subject": " ".join(subject.split()) or requester.name,
        "requester": requester.name,
        "requester_id": requester.public_id,
        "text": text.text,
        "warned": text.warned,
        "talk": talk,
    }
    link = reverse("worker:conversation", args=[talk]) if talk else reverse("account:notices")
    told = Told(worker.user, "from_requester", facts, kind="message", link=link)
    return letter(f"message:{message}:{worker.pk}", told)


def _check(subject: str, text: str, worker_ids: Sequence[str]) -> None:
    for field, said, limit in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
        if len(said) > limit:
            raise BadMessage(field=field, code="too_large", limit=limit)
    if not worker_ids:
        raise BadMessage(field="workers", code="missing", limit=MOST_WORKERS)
    if len(worker_ids) > MOST_WORKERS:
        raise BadMessage(field="workers", code="too_large", limit=MOST_WORKERS)
