"""What machines are told: events, documents, envelopes, signatures, waits (mturk-api 11)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from tukro.kernel.formats import iso

ASSIGNMENT_EVENTS = (
    "AssignmentAccepted",
    "AssignmentAbandoned",
    "AssignmentReturned",
    "AssignmentSubmitted",
    "AssignmentApproved",
    "AssignmentRejected",
)
TASK_EVENTS = ("HITCreated", "HITExtended", "HITReviewable", "HITExpired", "HITDisposed")
EVENT_TYPES = ASSIGNMENT_EVENTS + TASK_EVENTS
MAIL_KEY = "notification:"  # what the keys of mails begin with that tell a program
# What programs hear under another name: work sent back is gone for them, and here it is again.
_TOLD_AS = {"AssignmentStands": "AssignmentSubmitted"}
PING = "Ping"  # in tests only
VERSIONS = ("2014-08-15", "2006-05-05")

ATTEMPTS = 20
OLDEST = timedelta(days=3)  # what could not be told for so long is no news any more
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=6)
_LONGEST_SILENCE = timedelta(minutes=5)
_SECRET_BYTES = 32
_SECRET_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the wire tells it; ``assignment_id`` is '' where the event is about the whole task."""

    event_type: str
    at: datetime
    task_type_id: str
    task_id: str
    assignment_id: str = ""


def event_type_of(name: str) -> str:
    """As what the wire tells of an event of the journal; '' when it does not."""
    told = _TOLD_AS.get(name, name)
    return told if told in EVENT_TYPES else ""


def document(happening: Happening, *, document_id: str, customer_id: str, version: str) -> str:
    """The JSON text that every channel carries. The same delivery gives the same bytes each time."""
    event = {
        "EventType": happening.event_type,
        "EventTimestamp": iso(happening.at),
        "HITId": happening.task_id,
        **({"AssignmentId": happening.assignment_id} if happening.assignment_id else {}),
        "HITTypeId": happening.task_type_id,
    }
    return json.dumps(
        {
            "Events": [event],
            "EventDocId": document_id,
            "SourceAccount": source_account(customer_id),
            "CustomerId": customer_id,
            "EventDocVersion": version,
        }
    )


def new_document_id() -> str:
    """40 lower-case hexadecimal digits: receivers know by it what they have had before."""
    return secrets.token_hex(20)


def source_account(customer_id: str) -> str:
    """Twelve digits in the place of an AWS account: always the same for the same requester."""
    return f"{int(hashlib.sha256(customer_id.encode()).hexdigest(), 16) % 10**12:012d}"


def topic_of(customer_id: str, task_type_id: str) -> str:
    """The name of a hook's envelope where SNS names its topic."""
    return f"arn:tukro:sns:tukro:{source_account(customer_id)}:{task_type_id or 'notifications'}"


def envelope(
    message: str,
    *,
    document_id: str,
    topic: str,
    at: datetime,
    settings_url: str,
    confirm_url: str = "",
) -> str:
    """``message`` as SNS would post it, so that receivers written for SNS understand.

    With ``confirm_url`` it asks whether anyone listens (SubscriptionConfirmation), else it tells
    (Notification). It is not signed with a certificate, as SNS does, but by headers (``signature``).
    """
    posted: dict[str, str] = {
        "Type": "SubscriptionConfirmation" if confirm_url else "Notification",
        "MessageId": str(uuid5(NAMESPACE_URL, document_id)),
        "TopicArn": topic,
        "Message": message,
        "Timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "webhook",
        "Signature": "",
        "SigningCertURL": "",
    }
    if confirm_url:
        posted |= {"Token": document_id, "SubscribeURL": confirm_url}
    else:
        posted |= {"Subject": str(int(at.timestamp() * 1000)), "UnsubscribeURL": settings_url}
    return json.dumps(posted)


def new_secret() -> str:
    """A secret of a web hook, in the form of Standard Webhooks."""
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(body: str, *, secret: str, message_id: str, at: datetime) -> Mapping[str, str]:
    """The headers by which a receiver knows that a post is ours, whole, and of this moment.

    The scheme is that of Standard Webhooks: HMAC-SHA256 of ``id.timestamp.body``. A receiver refuses
    timestamps older than five minutes and ids that it has had, so a post that was overheard is worth nothing.
    """
    key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    timestamp = str(int(at.timestamp()))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def wait_after(attempts: int, chance: random.Random) -> timedelta | None:
    """How long a delivery waits after so many failures: twice as long each time, with a quarter of jitter so
    that what failed together does not come back together. None: it is given up."""
    if attempts >= ATTEMPTS:
        return None
    return _doubled(attempts, _LONGEST_WAIT) * chance.uniform(1.0, 1.25)


def silence_after(faults: int, chance: random.Random) -> timedelta:
    """How long a destination that could not be reached is left alone, whatever waits for it."""
    return _doubled(faults, _LONGEST_SILENCE) * chance.uniform(1.0, 1.25)


def _doubled(times: int, longest: timedelta) -> timedelta:
    # Beyond 2**20 the product could leave the range of timedelta, and the longest wait won long before.
    doubled: int = 2 ** min(times - 1, 20)
    return min(_FIRST_WAIT * doubled, longest)


def unknown_events(event_types: Sequence[str], *, also: Sequence[str] = ()) -> list[str]:
    """Those among ``event_types`` that cannot be asked for."""
    return [each for each in event_types if each not in (*EVENT_TYPES, *also)]


def dummy_id(customer_id: str, kind: str) -> str:
    """An id for a test's document: well-formed, always the same, and of nothing that exists."""
    digest = hashlib.sha256(f"{customer_id} {kind}".encode()).hexdigest().upper()
    return "3TEST" + digest[:25]
