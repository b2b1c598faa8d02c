"""Twilio's Programmable Messaging: POST Messages.json, and the list of messages to a number.

Twilio knows no idempotency keys: a message whose answer was lost is looked for by its number and its words,
which hold the code, and is never sent again.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from tukro.outside.http import Answered, Door, NotSent, Refused, Unknown, document
from tukro.people.providers.texts import Text
from tukro.people.rules.phones import TextNews

_NEVER_LEFT = frozenset({"failed", "undelivered", "canceled"})
# Errors of our account, not of the number: another attempt may work when the operator has mended it.
_HOUSES_FAULT = frozenset({20003, 20429, 30001, 30002})


class Twilio:
    name = "twilio"

    def send(self, text: Text) -> TextNews:
        form = {"To": text.number, "Body": text.body}
        sender = "MessagingServiceSid" if settings.TWILIO_FROM.startswith("MG") else "From"
        outcome = _door().ask("POST", _messages(), form={**form, sender: settings.TWILIO_FROM})
        match outcome:
            case Answered():
                return _message_news(document(outcome))
            case Refused():
                answer = document(outcome)
                words = f"Twilio {answer.get('code', outcome.status)}: {answer.get('message', '')}"
                return TextNews("absent" if answer.get("code") in _HOUSES_FAULT else "refused", reason=words)
            case NotSent(reason=reason):
                return TextNews("absent", reason=reason)
            case Unknown(reason=reason):
                return TextNews("unclear", reason=reason)

    def ask(self, text: Text) -> TextNews:
        found = _door().ask("GET", _messages(), query={"To": text.number, "PageSize": "50"})
        messages = document(found).get("messages") if isinstance(found, Answered) else None
        if not isinstance(messages, list):
            return TextNews("unclear", reason="no list of messages")
        ours = [one for one in messages if one.get("body") == text.body]
        # A message may be made a moment after we look, so that one is missing proves nothing.
        return _message_news(ours[0]) if ours else TextNews("unclear", reason="not found at Twilio")


def _door() -> Door:
    credentials = (settings.TWILIO_ACCOUNT, settings.TWILIO_TOKEN)
    return Door(settings.TWILIO_URL, key_header="", basic=credentials)


def _messages() -> str:
    return f"/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT}/Messages.json"


def _message_news(message: dict[str, Any]) -> TextNews:
    handle, status = str(message.get("sid", "")), str(message.get("status", ""))
    if not handle:
        return TextNews("unclear", reason="an answer without sid")
    if status in _NEVER_LEFT:
        return TextNews("refused", handle=handle, reason=f"Twilio {message.get('error_code')}: {status}")
    return TextNews("accepted", handle=handle)
