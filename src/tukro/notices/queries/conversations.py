"""Reads of what people write to each other, and of what was reported of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.notices.models import Conversation, Message, MessageReport, Mute
from tukro.notices.rules.relay import Side
from tukro.people.models import Requester, Worker


def conversations_of(side: Side, person: Worker | Requester, *, after: str = "") -> QuerySet[Conversation]:
    """One's conversations, the one with the latest message first; ``after``: past this one."""
    found = Conversation.objects.filter(**{side: person}).select_related("worker", "requester")
    if looks_like_id(after) and (last := found.filter(public_id=after).first()):
        found = found.filter(Q(last_at__lt=last.last_at) | Q(last_at=last.last_at, pk__lt=last.pk))
    return found.order_by("-last_at", "-pk")


def conversation_of(side: Side, person: Worker | Requester, conversation_id: str) -> Conversation:
    """One's own conversation. Refuses NotFound."""
    found = (
        Conversation.objects.filter(public_id=conversation_id, **{side: person})
        .select_related("worker", "requester")
        .first()
        if looks_like_id(conversation_id)
        else None
    )
    if found is None:
        raise NotFound()
    return found


def conversation_on(worker: Worker, requester: Requester, about: str) -> Conversation | None:
    """What these two have written about this thing; about nothing special when it is ''."""
    return Conversation.objects.filter(worker=worker, requester=requester, about=about).first()


def conversation_about(side: Side, person: Worker | Requester, about: str) -> Conversation | None:
    """The conversation about this assignment or group, if anybody wrote."""
    found = Conversation.objects.filter(about=about, **{side: person})
    return found.select_related("worker", "requester").first()


def messages_of(conversation: Conversation, *, before: str = "", limit: int = 50) -> list[Message]:
    """The latest messages, the oldest of them first; ``before``: those that stand before this one."""
    found = Message.objects.filter(conversation=conversation).select_related("report")
    if looks_like_id(before):
        found = found.filter(pk__lt=Message.objects.filter(public_id=before).values("pk")[:1])
    return list(found.order_by("-pk")[:limit])[::-1]


def mutes_of(conversation: Conversation) -> set[str]:
    """The sides that want no more messages from the other."""
    found = Mute.objects.filter(worker=conversation.worker, requester=conversation.requester)
    return set(found.values_list("by", flat=True))


def unread_of_workers(worker_ids: Collection[int]) -> dict[int, int]:
    """In how many conversations of each worker something is new; those with nothing new are left out."""
    found = Conversation.objects.filter(worker_id__in=worker_ids, worker_unread__gt=0).values("worker_id")
    return dict(found.annotate(count=Count("pk")).values_list("worker_id", "count"))


def open_reports(*, after: int = 0) -> QuerySet[MessageReport]:
    """Messages that were reported and not dealt with, the longest waiting first."""
    joined = ("message__conversation__worker", "message__conversation__requester", "message__author")
    found = MessageReport.objects.filter(settled_at=None, pk__gt=after).select_related(*joined)
    return found.order_by("pk")
