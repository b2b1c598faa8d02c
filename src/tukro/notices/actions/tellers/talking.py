"""What people hear of each other: messages, and appeals against rejections."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.notices.models import Message
from tukro.people.aliases import alias
from tukro.work.models import Appeal, AppealOutcome


def _message_sent(event: Event) -> Told | None:
    """The text goes along; the answer is written on the site."""
    found = Message.objects.select_related("conversation__worker__user", "conversation__requester__user")
    message = found.filter(public_id=event.subject).first()
    if message is None:
        return None
    talk = message.conversation
    facts: Facts = {
        "text": message.text,
        "subject": talk.subject,
        "requester": talk.requester.name,
        "worker": alias(talk.worker, talk.requester),
        "from_worker": message.side == "worker",
        "id": talk.public_id,
        "warned": message.warned,
    }
    if message.side == "worker":
        link = reverse("requester:conversation", args=[talk.public_id])
        return Told(talk.requester.user, "message_sent", facts, kind="message", link=link)
    link = reverse("worker:conversation", args=[talk.public_id])
    return Told(talk.worker.user, "message_sent", facts, kind="message", link=link)


def _appeal(event: Event) -> tuple[Appeal, Facts] | None:
    found = Appeal.objects.select_related(
        "assignment__worker__user", "assignment__task__task_type__requester__user"
    )
    appeal = found.filter(public_id=event.facts["appeal"]).first()
    if appeal is None:
        return None
    terms = appeal.assignment.task.task_type
    return appeal, {
        "title": terms.title,
        "reward": terms.reward,
        "text": appeal.text,
        "worker": alias(appeal.assignment.worker, terms.requester),
        "id": appeal.assignment.public_id,
    }


def _appeal_opened(event: Event) -> Told | None:
    if (found := _appeal(event)) is None:
        return None
    appeal, facts = found
    return _to_requester(appeal, "appeal_opened", facts)


def _appeal_closed(event: Event) -> Told | None:
    """Who did not close it themselves hears of it."""
    if (found := _appeal(event)) is None:
        return None
    appeal, facts = found
    if event.facts["outcome"] == AppealOutcome.WITHDRAWN:
        return _to_requester(appeal, "appeal_withdrawn", facts)
    link = reverse("worker:record", args=[appeal.assignment.public_id])
    return Told(appeal.assignment.worker.user, "appeal_won", facts, kind="appeal", link=link)


def _to_requester(appeal: Appeal, template: str, facts: Facts) -> Told:
    requester = appeal.assignment.task.task_type.requester
    link = reverse("requester:assignment", args=[appeal.assignment.public_id])
    return Told(requester.user, template, facts, kind="appeal", link=link)


TELLERS: dict[str, Teller] = {
    "MessageSent": _message_sent,
    "AppealOpened": _appeal_opened,
    "AppealClosed": _appeal_closed,
}
