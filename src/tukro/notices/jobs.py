"""What time does in notices: send the outbox, and turn what happened into letters and notifications."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import transaction

from tukro.journal.queries import settled_events
from tukro.notices.actions.delivering import give_up_old
from tukro.notices.actions.keeping import claim_next, note_failed, note_sent
from tukro.notices.actions.letters import letters_of
from tukro.notices.actions.queueing import queue_next
from tukro.notices.actions.telling import forget_notices, tell
from tukro.notices.channels.push import send_pushes
from tukro.notices.channels.sender import Clock, send_waiting
from tukro.notices.channels.smtp import OddMail, mail_server
from tukro.notices.models import Cursor, Delivery, Mail
from tukro.notices.rules.mails import CLAIM

MAILS_PER_RUN = 500
EVENTS_PER_STEP = 1000
STEPS_PER_RUN = 50
KEPT_DELIVERIES = timedelta(days=30)
DELIVERIES_PER_STEP = 5000
FAULTS_PER_RUN = 3  # a server that is away is not asked for every waiting mail
Fate = Literal["sent", "refused", "odd"]  # what became of a mail
_log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Send waiting mails when a mail server is configured; answers how many it took.

    One that no server could take waits and is given up like one that was refused, and holds up no other.
    Each is claimed while it is being sent, and no transaction is open while a server is waited for. When a
    process dies between sending and noting it, the mail is sent again with the same Message-ID.
    """
    if not settings.SMTP_URL:
        return 0
    clock = Clock(now)
    fates: Counter[Fate] = Counter()
    with mail_server(settings.SMTP_URL) as send:
        while fates.total() < MAILS_PER_RUN and fates["refused"] < FAULTS_PER_RUN:
            fate = _send_next(send, clock)
            if fate is None:
                break
            fates[fate] += 1
    return fates["sent"]


def tell_people(now: datetime) -> int:
    """Tell people of each event that they should hear of; answers how many events were read.

    The place in the journal moves in the transaction that keeps the letters, and the letters' keys come from
    the events: nobody is told twice, nobody is left out.
    """
    return _read_on(lambda: _tell_next(now))


def send_due_pushes(now: datetime) -> int:
    """Send waiting pushes to people's devices; answers how many arrived."""
    return send_pushes(now)


def forget_old_notices(now: datetime) -> int:
    """Delete what stood behind the bell for months."""
    return forget_notices(now=now)


def queue_notifications(now: datetime) -> int:
    """Queue a delivery for each event that a requester's program asked for; answers how many were read."""
    return _read_on(lambda: queue_next(limit=EVENTS_PER_STEP, now=now))


def send_notifications(now: datetime) -> int:
    """Send queued deliveries that are due; answers how many arrived."""
    return send_waiting(now)


def give_up_notifications(now: datetime) -> int:
    """Give up deliveries that have waited for days, whatever their destination does."""
    given_up = 0
    while some := give_up_old(now=now):
        given_up += some
    return given_up


def forget_notifications(now: datetime) -> int:
    """Delete deliveries that arrived or were given up long ago; the journal remembers what happened."""
    old = Delivery.objects.filter(settled_at__lt=now - KEPT_DELIVERIES).order_by("settled_at").values("pk")
    deleted = 0
    while some := Delivery.objects.filter(pk__in=old[:DELIVERIES_PER_STEP]).delete()[0]:
        deleted += some
    return deleted


def _read_on(step: Callable[[], int]) -> int:
    read = 0
    for _ in range(STEPS_PER_RUN):
        count = step()
        read += count
        if count < EVENTS_PER_STEP:
            break
    return read


def _send_next(send: Callable[[Mail], None], clock: Clock) -> Fate | None:
    """Send one mail. None: nothing is waiting."""
    mail = claim_next(now=clock.started, until=clock.now + CLAIM)
    if mail is None:
        return None
    try:
        send(mail)
    except (OSError, OddMail) as fault:
        _log.warning("mail %s was not taken: %s", mail.pk, fault)
        note_failed(mail, error=str(fault), now=clock.started)
        return "odd" if isinstance(fault, OddMail) else "refused"
    note_sent(mail, now=clock.started)
    return "sent"


def _tell_next(now: datetime) -> int:
    Cursor.objects.get_or_create(reader="people")
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(reader="people").first()
        if cursor is None:
            return 0  # another process is telling
        events = settled_events(cursor.event_id, EVENTS_PER_STEP)
        if not events:
            return 0
        tell(list(letters_of(events)), now=now)
        cursor.event_id = events[-1].id
        cursor.save(update_fields=["event_id"])
        return len(events)
