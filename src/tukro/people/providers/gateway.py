"""Any gateway that takes a message in one HTTP call, as the settings describe it.

``SMS_FIELDS`` is a query string with places to fill: ``{number}`` (+8801712345678), ``{digits}`` (without the
plus), ``{local}`` (01712345678), ``{text}`` and ``{key}``, by which a gateway may tell repetitions apart
(SSL Wireless: csms_id). They do not say afterwards what they sent, so a lost answer stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.conf import settings

from tukro.outside.http import Answered, Door, NotSent, Outcome, Refused, Unknown
from tukro.people.providers.texts import Text
from tukro.people.rules.phones import TextNews, national

_SHOWN = 120  # characters of an answer that staff see
_PLACE = re.compile(r"\{(number|digits|local|text|key)\}")


class Gateway:
    name = "gateway"

    def send(self, text: Text) -> TextNews:
        fields = _filled(settings.SMS_FIELDS, text)
        headers = dict(parse_qsl(settings.SMS_HEADERS, keep_blank_values=True))
        door = Door(settings.SMS_URL, headers=headers, key_header="")
        match settings.SMS_METHOD, settings.SMS_SENDS:
            case "POST", "json":
                outcome = door.ask("POST", "", json=fields)
            case "POST", "form":
                outcome = door.ask("POST", "", form=fields)
            case "GET", _:
                outcome = door.ask("GET", "", query=fields)
            case _:
                outcome = door.ask("POST", "", query=fields)
        return _news(outcome)

    def ask(self, text: Text) -> TextNews:
        del text
        return TextNews("unclear", reason="the gateway cannot be asked")


def _filled(pattern: str, text: Text) -> Mapping[str, str]:
    """The fields of one call. Places are filled once: what stands in a message is never a place."""
    values = {
        "number": text.number,
        "digits": text.number.removeprefix("+"),
        "local": national(text.number),
        "text": text.body,
        "key": text.key,
    }
    fields = parse_qsl(pattern, keep_blank_values=True)
    return {name: _PLACE.sub(lambda found: values[found[1]], value) for name, value in fields}


def _news(outcome: Outcome) -> TextNews:
    match outcome:
        case Answered(status=status, body=body):
            said = body.decode("utf-8", "replace")
            if re.search(settings.SMS_SUCCESS, said):
                return TextNews("accepted")
            return TextNews("refused", reason=f"{status} {said}"[:_SHOWN])
        case Refused(status=status, body=body):
            return TextNews("refused", reason=f"{status} {body.decode('utf-8', 'replace')}"[:_SHOWN])
        case NotSent(reason=reason):
            return TextNews("absent", reason=reason)
        case Unknown(reason=reason):
            return TextNews("unclear", reason=reason)
