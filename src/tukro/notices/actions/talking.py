"""Messages between a worker and a requester, relayed: neither ever sees the other's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import looks_like_id, new_id
from tukro.notices.actions.relaying import relay_policy
from tukro.notices.models import Conversation, Message, MessageReport, Mute, RelayPolicy
from tukro.notices.queries.conversations import conversation_of
from tukro.notices.rules.relay import LONGEST_MESSAGE, Kind, Side, Treated, Treatment, treat
from tukro.people.aliases import worker_known_as
from tukro.people.models import Requester, User, Worker, WorkerState
from tukro.work.models import Assignment, TaskType

DAY = timedelta(days=1)


class EmptyMessage(Refused):
    """Nothing is written."""


class LongMessage(Refused):
    """``limit``: characters."""


class TooManyMessages(Refused):
    """As many as one person may send within a day. ``limit``"""


class NotWanted(Refused):
    """One side wants no messages from the other. ``by``: me (who writes), them"""


class NoStrangers(Refused):
    """Requesters write to workers who have worked for them, or who wrote first."""


class MayNotWrite(Refused):
    """Only an active worker begins a conversation; answering is open to all."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Who would talk with whom about what: an assignment or a group by its public id, or nothing special."""

    worker: Worker
    requester: Requester
    about: str = ""
    subject: str = ""


def topic_for_worker(worker: Worker, about: str) -> Topic:
    """``about``: one's own assignment, any group, or a requester; all by public id. Refuses NotFound."""
    if looks_like_id(about):
        own = Assignment.objects.filter(public_id=about, worker=worker).select_related(
            "task__task_type__requester"
        )
        if (assignment := own.first()) is not None:
            terms = assignment.task.task_type
            return Topic(worker, terms.requester, about, terms.title)
        terms_of_group = TaskType.objects.filter(group_id=about).select_related("requester").first()
        if terms_of_group is not None:
            return Topic(worker, terms_of_group.requester, about, terms_of_group.title)
        requester = Requester.objects.filter(public_id=about).first()
        if requester is not None:
            return Topic(worker, requester)
    raise NotFound()


def topic_for_requester(requester: Requester, about: str) -> Topic:
    """``about``: an assignment of the requester's work, or a worker as this requester knows them. Refuses
    NotFound."""
    if looks_like_id(about):
        theirs = Assignment.objects.filter(
            public_id=about, requester_id=requester.pk, submitted_at__isnull=False
        )
        if (assignment := theirs.select_related("worker", "task__task_type").first()) is not None:
            return Topic(assignment.worker, requester, about, assignment.task.task_type.title)
        worker = worker_known_as(about, requester)
        if worker is not None:
            return Topic(worker, requester)
    raise NotFound()


@transaction.atomic
def begin_as_worker(*, worker: Worker, about: str, text: str, now: datetime) -> Message:
    """Write to the requester of an assignment, of a group, or simply to one; into the conversation that there
    is, or a new one. Refuses NotFound, MayNotWrite, EmptyMessage, LongMessage, NotWanted, TooManyMessages."""
    topic = topic_for_worker(worker, about)
    if worker.state != WorkerState.ACTIVE and not _conversations(topic).exists():
        raise MayNotWrite()
    return _send(topic, "worker", text, now)


@transaction.atomic
def begin_as_requester(*, requester: Requester, about: str, text: str, now: datetime) -> Message:
    """Write to the worker of an assignment, or to a worker who has worked for this requester or wrote first.

    Refuses NotFound, NoStrangers, EmptyMessage, LongMessage, NotWanted, TooManyMessages.
    """
    topic = topic_for_requester(requester, about)
    if not topic.about and not _knows(topic):
        raise NoStrangers()
    return _send(topic, "requester", text, now)


@transaction.atomic
def reply(
    *, side: Side, person: Worker | Requester, conversation_id: str, text: str, now: datetime
) -> Message:
    """Go on with a conversation of one's own. Refuses NotFound, EmptyMessage, LongMessage, NotWanted,
    TooManyMessages."""
    one = conversation_of(side, person, conversation_id)
    return _send(Topic(one.worker, one.requester, one.about, one.subject), side, text, now)


@transaction.atomic
def mark_read(*, side: Side, conversation: Conversation) -> None:
    """This side has seen all of it."""
    Conversation.objects.filter(pk=conversation.pk).update(**{f"{side}_unread": 0})


@transaction.atomic
def mute(*, side: Side, person: Worker | Requester, conversation_id: str, now: datetime) -> None:
    """No more messages from the other side, in any conversation. Twice is once. Refuses NotFound."""
    one = conversation_of(side, person, conversation_id)
    _, is_new = Mute.objects.get_or_create(
        worker=one.worker, requester=one.requester, by=side, defaults={"muted_at": now}
    )
    if is_new:
        record(name="SenderMuted", actor=person.actor, subject=one.public_id, at=now)


@transaction.atomic
def unmute(*, side: Side, person: Worker | Requester, conversation_id: str, now: datetime) -> None:
    """Let the other side write again. Refuses NotFound."""
    one = conversation_of(side, person, conversation_id)
    gone, _ = Mute.objects.filter(worker=one.worker, requester=one.requester, by=side).delete()
    if gone:
        record(name="SenderUnmuted", actor=person.actor, subject=one.public_id, at=now)


@transaction.atomic
def report_message(
    *, side: Side, person: Worker | Requester, message_id: str, note: str, now: datetime
) -> MessageReport:
    """Tell staff about a message of the other side; once per message. Refuses NotFound, LongMessage."""
    if len(note) > LONGEST_MESSAGE:
        raise LongMessage(limit=LONGEST_MESSAGE)
    found = Message.objects.filter(public_id=message_id, **{f"conversation__{side}": person}).exclude(
        side=side
    )
    message = found.first() if looks_like_id(message_id) else None
    if message is None:
        raise NotFound()
    made, is_new = MessageReport.objects.get_or_create(
        message=message, defaults={"note": note.strip(), "reported_at": now}
    )
    if is_new:
        record(name="MessageReported", actor=person.actor, subject=message_id, at=now)
    return made


@transaction.atomic
def settle_report(*, by: Actor, report_id: int, now: datetime) -> None:
    """Staff have dealt with it. Twice is once. Refuses NotFound."""
    found = (
        MessageReport.objects.select_for_update(of=("self",))
        .select_related("message")
        .filter(pk=report_id)
        .first()
    )
    if found is None:
        raise NotFound()
    if found.settled_at is None:
        found.settled_at, found.settled_by = now, str(by)
        found.save(update_fields=["settled_at", "settled_by"])
        record(name="MessageReportSettled", actor=by, subject=found.message.public_id, at=now)


def keep_notified(
    *, requester: Requester, workers: Sequence[Worker], text: str, now: datetime
) -> dict[int, str]:
    """Put what a requester's program told these workers into their conversations, so that they can answer.

    Who has muted the requester is left out. The day's limit does not count here: the wire has its own.
    In the caller's transaction. Returns the public id of the conversation by the worker's key.
    """
    muted = Mute.objects.filter(requester=requester, worker__in=workers, by="worker")
    deaf = set(muted.values_list("worker", flat=True))
    told = [worker for worker in workers if worker.pk not in deaf]
    fresh = {"subject": "", "created_at": now, "started_by": "requester", "last_at": now}
    Conversation.objects.bulk_create(
        [
            Conversation(public_id=new_id(), worker=worker, requester=requester, last_by="requester", **fresh)
            for worker in told
        ],
        ignore_conflicts=True,
    )
    talks = Conversation.objects.filter(requester=requester, worker__in=told, about="")
    talks.update(last_at=now, last_by="requester", worker_unread=F("worker_unread") + 1)
    said = treated(text, relay_policy())
    found = {talk.worker_id: talk for talk in talks}
    Message.objects.bulk_create(
        Message(
            public_id=new_id(),
            conversation=talk,
            author_id=requester.user_id,
            side="requester",
            text=said.text,
            masked=said.masked,
            warned=said.warned,
            sent_at=now,
        )
        for talk in found.values()
    )
    return {worker: talk.public_id for worker, talk in found.items()}


def treated(text: str, policy: RelayPolicy) -> Treated:
    """A text as the other side gets it, by the operator's rules."""
    treatments: dict[Kind, Treatment] = {
        "contact": cast("Treatment", policy.contacts),  # the column has these choices alone
        "link": cast("Treatment", policy.links),
    }
    return treat(text, treatments, own_host=urlsplit(settings.SITE_URL).netloc)


def _send(topic: Topic, side: Side, text: str, now: datetime) -> Message:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise EmptyMessage()
    if len(said) > LONGEST_MESSAGE:
        raise LongMessage(limit=LONGEST_MESSAGE)
    author = topic.worker.user_id if side == "worker" else topic.requester.user_id
    # One person's messages go one after the other, so that the day's limit holds.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=author)
    _refuse_muted(topic, side)
    policy = relay_policy()
    _refuse_too_many(author, policy.worker_per_day if side == "worker" else policy.requester_per_day, now)
    conversation, kept = _conversation_to_write_in(topic, side, now), treated(said, policy)
    message = Message.objects.create(
        public_id=new_id(),
        conversation=conversation,
        author_id=author,
        side=side,
        text=kept.text,
        masked=kept.masked,
        warned=kept.warned,
        sent_at=now,
    )
    actor = topic.worker.actor if side == "worker" else topic.requester.actor
    facts = {
        "conversation": conversation.public_id,
        "requester": topic.requester.public_id,
        "masked": kept.masked,
    }
    record(name="MessageSent", actor=actor, subject=message.public_id, at=now, facts=facts)
    return message


def _refuse_too_many(author: int, limit: int, now: datetime) -> None:
    if Message.objects.filter(author=author, sent_at__gt=now - DAY).count() >= limit:
        raise TooManyMessages(limit=limit)


def _conversation_to_write_in(topic: Topic, side: Side, now: datetime) -> Conversation:
    """The one there is, or a new one; the other side has one message more to read."""
    other: Side = "requester" if side == "worker" else "worker"
    conversation, is_new = Conversation.objects.get_or_create(
        worker=topic.worker,
        requester=topic.requester,
        about=topic.about,
        defaults={
            "public_id": new_id(),
            "subject": topic.subject[:200],
            "created_at": now,
            "started_by": side,
            "last_at": now,
            "last_by": side,
            f"{other}_unread": 1,
        },
    )
    if not is_new:
        Conversation.objects.filter(pk=conversation.pk).update(
            last_at=now, last_by=side, **{f"{other}_unread": F(f"{other}_unread") + 1, f"{side}_unread": 0}
        )
    return conversation


def _refuse_muted(topic: Topic, side: Side) -> None:
    muted = set(
        Mute.objects.filter(worker=topic.worker, requester=topic.requester).values_list("by", flat=True)
    )
    if muted:
        raise NotWanted(by="me" if side in muted else "them")


def _conversations(topic: Topic) -> QuerySet[Conversation]:
    return Conversation.objects.filter(worker=topic.worker, requester=topic.requester)


def _knows(topic: Topic) -> bool:
    worked = Assignment.objects.filter(
        worker=topic.worker, requester_id=topic.requester.pk, submitted_at__isnull=False
    )
    return worked.exists() or _conversations(topic).exists()
