"""Who sends text messages and letters here: whoever the settings name."""

from __future__ import annotations

from django.conf import settings

from tukro.people.providers.gateway import Gateway
from tukro.people.providers.letters import LetterProvider
from tukro.people.providers.lob import Lob
from tukro.people.providers.texts import Text, TextProvider
from tukro.people.providers.twilio import Twilio
from tukro.people.rules.phones import TextNews

OUTBOX = "outbox"


class Outbox:
    """Where nobody is set up: messages stay on a page for staff, as mails do."""

    name = OUTBOX

    def send(self, text: Text) -> TextNews:
        del text
        return TextNews("accepted")

    def ask(self, text: Text) -> TextNews:
        del text
        return TextNews("accepted")


def text_provider() -> TextProvider:
    """The gateway of the settings, else Twilio, else the outbox."""
    if settings.SMS_URL:
        return Gateway()
    if settings.TWILIO_ACCOUNT and settings.TWILIO_TOKEN and settings.TWILIO_FROM:
        return Twilio()
    return Outbox()


def letter_provider() -> LetterProvider | None:
    """The service that prints and posts letters; None: the house does it."""
    return Lob() if settings.LOB_KEY and settings.LOB_FROM else None
