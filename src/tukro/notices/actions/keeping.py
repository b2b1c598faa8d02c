"""Keep mails, and note what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from tukro.journal.models import Event
from tukro.kernel.typed import in_one_line
from tukro.notices.models import Mail
from tukro.notices.queries import due_mails
from tukro.notices.rules.mails import wait_after
from tukro.people.models import User, Worker

SUBJECT_LENGTH = 300


class Letter(NamedTuple):
    """Words for someone that are not kept yet. The same ``key`` is kept once, however often it is written.

    One of a ``kind`` (rules/kinds.py) is told to the user ``user_id`` by the ways that they chose
    (actions/telling.py); ``link`` is where they see more, ``stop`` the address that ends such mails.
    ``other_subject`` and ``other_text`` say the same in the house's other language.
    """

    key: str
    to: str
    subject: str
    text: str
    kind: str = ""
    user_id: int | None = None
    link: str = ""
    language: str = ""
    stop: str = ""
    mail_only: bool = False  # ``to`` is not the user's usual address
    other_subject: str = ""
    other_text: str = ""
    greeting: str = ""  # what a mail begins with; nothing else says it


def keep_mails(letters: Iterable[Letter], *, now: datetime) -> None:
    """Put letters into the outbox; those whose key is there already are dropped."""
    Mail.objects.bulk_create(
        [
            Mail(
                key=each.key,
                to=each.to,
                subject=in_one_line(each.subject)[:SUBJECT_LENGTH],
                text=f"{each.greeting}\n\n{each.text}" if each.greeting else each.text,
                stop=each.stop,
                created_at=now,
            )
            for each in letters
        ],
        ignore_conflicts=True,
    )


def forget_mails(user: User) -> None:
    """The person closed their account: what was written to them is erased, wherever it went.

    A place for payouts may be named by an address that is somebody else's as well: of mails to one, only
    those go that were written about this person's places.
    """
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    theirs = {address.lower() for address in (user.email, *verified)}
    Mail.objects.alias(address=Lower("to")).filter(address__in=theirs).delete()
    workers = Worker.objects.filter(user=user).values("public_id")
    placed = Event.objects.filter(subject__in=workers, name="PayoutMethodJoined").values_list("pk", flat=True)
    Mail.objects.filter(key__in=[key_of(event_id) for event_id in placed]).delete()


def key_of(event_id: int) -> str:
    """The key of the letter that tells of an event."""
    return f"event:{event_id}"


@transaction.atomic
def claim_next(*, now: datetime, until: datetime) -> Mail | None:
    """The next mail that is due at ``now``: nobody else sends it before ``until``."""
    mail = due_mails(now).select_for_update(skip_locked=True).first()
    if mail is not None:
        Mail.objects.filter(pk=mail.pk).update(retry_at=until)
    return mail


def note_sent(mail: Mail, *, now: datetime) -> None:
    """The mail server took it."""
    _waiting(mail).update(attempts=F("attempts") + 1, sent_at=now, retry_at=None, error="")


def note_failed(mail: Mail, *, error: str, now: datetime) -> None:
    """The mail server did not take it: try later, or give up after the last wait."""
    wait = wait_after(mail.attempts + 1)
    _waiting(mail).update(
        attempts=mail.attempts + 1, retry_at=now + wait if wait else None, error=error[:500]
    )


def _waiting(mail: Mail) -> QuerySet[Mail]:
    """The mail, unless it was erased while it was being sent, or has arrived by another sender."""
    return Mail.objects.filter(pk=mail.pk, sent_at=None)
