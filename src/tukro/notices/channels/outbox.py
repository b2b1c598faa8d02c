"""Django's mail door: whatever is mailed becomes a row first, in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from tukro.notices.actions.keeping import Letter, keep_mails


class OutboxBackend(BaseEmailBackend):
    """Keeps mails; the job ``send_due`` sends them when a mail server is configured."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = [
            Letter(f"mail:{uuid4().hex}", to, str(message.subject), str(message.body))
            for message in email_messages
            for to in message.recipients()
        ]
        keep_mails(letters, now=timezone.now())
        return len(email_messages)
