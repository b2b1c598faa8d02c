"""Sending pushes to people's devices, through the push service that the browser named."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from tukro.notices.actions.devices import note_gone, note_push_failed, note_pushed
from tukro.notices.channels.faults import NotDelivered, NotTaken
from tukro.notices.channels.hook import post
from tukro.notices.models import Push
from tukro.notices.rules.pushes import LIFETIME, authorization, encrypted, payload_of, sender_key

_PER_RUN = 200
_THREADS = 4
_GONE = (404, 410)  # RFC 8030 7.3: the subscription is no more
_log = logging.getLogger(__name__)


def send_pushes(now: datetime) -> int:
    """Send waiting pushes; answers how many arrived. Each is locked while it is sent."""
    Push.objects.filter(created_at__lt=now - LIFETIME).delete()
    due = list(Push.objects.filter(due_at__lte=now).order_by("id").values_list("pk", flat=True)[:_PER_RUN])
    if len(due) <= 1 or connection.in_atomic_block:
        return sum(_send(push_id, now) for push_id in due)
    with ThreadPoolExecutor(_THREADS) as pool:
        return sum(pool.map(lambda push_id: _send_alone(push_id, now), due))


def _send_alone(push_id: int, now: datetime) -> bool:
    try:
        return _send(push_id, now)
    finally:
        connection.close()  # this thread's own


def _send(push_id: int, now: datetime) -> bool:
    with transaction.atomic():
        push = (
            Push.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("device")
            .filter(pk=push_id, due_at__lte=now)
            .first()
        )
        if push is None:
            return False
        try:
            _post(push, now)
        except NotTaken as refusal:
            if refusal.status in _GONE:
                note_gone(push)
            else:
                note_push_failed(push, error=str(refusal), now=now)
            return False
        except (NotDelivered, ValueError) as fault:
            _log.warning("push %s was not delivered: %s", push.pk, fault)
            note_push_failed(push, error=str(fault), now=now)
            return False
        note_pushed(push, now=now)
        return True


def _post(push: Push, now: datetime) -> None:
    device = push.device
    tag = f"n{push.key}"
    payload = payload_of(title=push.title, text=push.text, url=push.url, tag=tag, language=push.language)
    headers = {
        "Authorization": authorization(
            device.endpoint, key=sender_key(settings.PUSH_KEY), contact=settings.SITE_URL, now=now
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LIFETIME.total_seconds())),
        "Urgency": "normal",
    }
    body = encrypted(payload, public_key=device.public_key, secret=device.secret)
    post(device.endpoint, body, headers, private=settings.PRIVATE_HOOKS)
