"""What staff do with a mail that no server took: have it tried again, or delete it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.notices.models import Mail


class MailSent(Refused):
    """A mail that has gone out is left as it is. ``mail``"""


@transaction.atomic
def try_mail_again(*, by: Actor, mail_id: int, now: datetime) -> None:
    """It goes with the next ones, as if it had never been tried. Writes MailTriedAgain. Refuses NotFound,
    MailSent."""
    mail = _unsent(mail_id)
    mail.attempts, mail.retry_at, mail.error = 0, None, ""
    mail.save(update_fields=["attempts", "retry_at", "error"])
    record(name="MailTriedAgain", actor=by, subject=f"mail:{mail_id}", at=now)


@transaction.atomic
def delete_mail(*, by: Actor, mail_id: int, now: datetime) -> None:
    """Nobody gets it. Writes MailDeleted. Refuses NotFound, MailSent."""
    _unsent(mail_id).delete()
    record(name="MailDeleted", actor=by, subject=f"mail:{mail_id}", at=now)


def _unsent(mail_id: int) -> Mail:
    mail = Mail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None:
        raise NotFound(mail=mail_id)
    if mail.sent_at is not None:
        raise MailSent(mail=mail_id)
    return mail
