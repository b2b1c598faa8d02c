"""Handing one document to a destination, by whatever channel: for the sender, and at once for a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import translation

from tukro.kernel.errors import Refused
from tukro.notices.actions.keeping import Letter, keep_mails
from tukro.notices.actions.settings import Specification, checked_channel, destination_at, secret_of
from tukro.notices.channels.aws import publish, send_to_queue
from tukro.notices.channels.faults import NotDelivered, NotTaken
from tukro.notices.channels.hook import post
from tukro.notices.models import Destination
from tukro.notices.rules.destinations import Channel
from tukro.notices.rules.notifications import (
    ASSIGNMENT_EVENTS,
    MAIL_KEY,
    PING,
    Happening,
    document,
    dummy_id,
    envelope,
    new_document_id,
    signature,
    topic_of,
)
from tukro.people.models import Requester

_TEST_SECONDS = 60  # longer than any call; after a crash the next test may come then
CONFIRMING = "notices.confirm"  # the salt of confirmation addresses


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event with what makes it a document. The same parcel is the same document, however often sent."""

    happening: Happening
    document_id: str
    version: str


class TestNotDelivered(Refused):
    """The test could not be handed over. ``reason`` says what the destination answered."""

    __test__ = False  # for pytest, which takes classes of this name for its own


class TestUnderWay(Refused):
    """Another test of this requester waits for its destination: one at a time, because each keeps a caller
    waiting for as long as a stranger's server likes."""

    __test__ = False


def send_test(*, requester: Requester, specification: Specification, event_type: str, now: datetime) -> None:
    """Send one document with dummy ids at once (mturk-api 6.39), whatever EventTypes say.

    Writes nothing but the destination's row (a hook needs its secret). Refuses BadSpecification,
    BadDestination, TestUnderWay, TestNotDelivered.
    """
    channel = checked_channel(requester, specification, also=(PING,))
    me = requester.public_id
    happening = Happening(
        event_type=event_type,
        at=now,
        task_type_id=dummy_id(me, "HITType"),
        task_id=dummy_id(me, "HIT"),
        assignment_id=dummy_id(me, "Assignment") if event_type in ASSIGNMENT_EVENTS else "",
    )
    parcel = Parcel(happening, new_document_id(), specification.version)
    destination = destination_at(requester, channel, specification.address)
    turn = f"notification-test:{requester.pk}"
    if not cache.add(turn, "", timeout=_TEST_SECONDS):
        raise TestUnderWay()
    try:
        deliver(parcel, to=destination, now=now)
    except NotDelivered as fault:
        raise TestNotDelivered(reason=str(fault)) from fault
    finally:
        cache.delete(turn)


def deliver(parcel: Parcel, *, to: Destination, now: datetime) -> None:
    """Hand a document over. Raises Unreachable and NotTaken."""
    happening, document_id = parcel.happening, parcel.document_id
    customer = to.requester.public_id
    text = document(happening, document_id=document_id, customer_id=customer, version=parcel.version)
    match Channel(to.channel):
        case Channel.SQS:
            send_to_queue(to.address, text, task_id=happening.task_id, document_id=document_id)
        case Channel.SNS:
            subject = str(int(now.timestamp() * 1000))
            publish(to.address, text, subject=subject, task_id=happening.task_id, document_id=document_id)
        case Channel.EMAIL:
            keep_mails([_letter(parcel, text, to)], now=now)
        case Channel.HOOK:
            body = envelope(
                text,
                document_id=document_id,
                topic=topic_of(customer, happening.task_type_id),
                at=now,
                settings_url=f"{_site()}/requester/notifications",
            )
            _post(to, body, kind="Notification", message_id=document_id, now=now)


def ask_hook(hook: Destination, *, now: datetime) -> None:
    """Ask a hook whether it listens, as SNS asks a new subscriber. An answer of 2xx says yes, and so does a
    visit of SubscribeURL. Raises Unreachable and NotTaken."""
    document_id = new_document_id()
    token = signing.dumps(hook.pk, salt=CONFIRMING)
    body = envelope(
        "You have been chosen to be told about tasks. To confirm, answer 200 or visit SubscribeURL.",
        document_id=document_id,
        topic=topic_of(hook.requester.public_id, ""),
        at=now,
        settings_url="",
        confirm_url=f"{_site()}/hooks/confirm/{token}",
    )
    _post(hook, body, kind="SubscriptionConfirmation", message_id=document_id, now=now)


def _post(hook: Destination, body: str, *, kind: str, message_id: str, now: datetime) -> None:
    secret = secret_of(hook)
    if secret is None:
        raise NotTaken("this hook's secret is lost: set the notification anew, then it has another")
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",  # as SNS says it, though it is JSON
        "User-Agent": "Tukro",
        "x-amz-sns-message-type": kind,
        **signature(body, secret=secret, message_id=message_id, at=now),
    }
    post(hook.address, body.encode(), headers, private=settings.PRIVATE_HOOKS)


def _letter(parcel: Parcel, text: str, to: Destination) -> Letter:
    """The same document by mail: what happened in words, then the document for programs that read mail."""
    user = to.requester.user
    facts = {"happening": parcel.happening, "document": text, "site": _site()}
    with translation.override("bn" if user.mail_language == "bn" else "en"):
        mail = render_to_string("mail/notification.txt", facts)
    subject, _, body = mail.strip().partition("\n")
    return Letter(f"{MAIL_KEY}{parcel.document_id}", to.address, subject.strip(), body.strip() + "\n")


def _site() -> str:
    return settings.SITE_URL.rstrip("/")
