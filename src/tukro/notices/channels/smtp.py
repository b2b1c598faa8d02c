"""The mail server: ``smtp://user:password@host:587`` (STARTTLS when offered), ``smtps://host:465``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.errors import MessageError
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from tukro.notices.models import Mail

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


class OddMail(Exception):
    """No server could take it: its address or its subject is none."""


@contextmanager
def mail_server(url: str) -> Iterator[Callable[[Mail], None]]:
    """A function that sends one mail over a connection that all mails of this block share.

    It raises OSError (smtplib's errors are OSErrors) when the server is away or does not take the mail, and
    OddMail when the mail cannot be written down as mails are.
    """
    parts = urlsplit(url)
    backend = EmailBackend(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp" and bool(parts.username),  # a password never travels in clear
        use_ssl=parts.scheme == "smtps",
        timeout=TIMEOUT_SECONDS,
    )

    def send(mail: Mail) -> None:
        try:
            backend.send_messages([_message(mail)])
        except OSError:
            backend.close()  # after a fault the connection may be in any state
            raise
        except (ValueError, MessageError) as fault:  # of the address or of the subject: no server was asked
            raise OddMail(str(fault)) from fault

    try:
        yield send
    finally:
        backend.close()


def _message(mail: Mail) -> EmailMessage:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        # Sent twice (a crash between sending and noting it) it has the same id, so mail programs show one.
        "Message-ID": f"<{mail.pk}.{int(mail.created_at.timestamp())}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if mail.stop:  # RFC 8058: mail programs show a button that ends mails of this kind
        headers["List-Unsubscribe"] = f"<{mail.stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [mail.to], headers=headers)
