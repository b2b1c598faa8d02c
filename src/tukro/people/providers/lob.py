"""Lob prints and posts letters: POST /v1/letters with our PDF, GET what became of it, signed web hooks.

An ``Idempotency-Key`` works for 24 hours; the letter also carries our id as metadata, by which it is found at
any later time. Lob follows letters within the US; abroad it says nothing after it made them.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from tukro.outside.http import Answered, Door, NotSent, Outcome, Refused, Unknown, document
from tukro.people.models import Place
from tukro.people.providers.letters import LetterHookForged, LetterOrder
from tukro.people.rules.letters import LetterNews

_NAME, _LINE = 40, 64  # characters that Lob takes
# Faults of the address, which its worker can mend; all else is between the operator and Lob.
_ADDRESS_FAULTS = frozenset({"failed_deliverability_strictness", "address_length_exceeds_limit"})
_POSTED = frozenset({"Mailed", "In Transit", "In Local Area", "Processed for Delivery", "Re-Routed"})
_FAILED = frozenset({"failed", "rejected"})


class Lob:
    name = "lob"

    def send(self, order: LetterOrder) -> LetterNews:
        assert order.place is not None, "only asking needs no place"
        form = _address(order.place, order.state) | {
            "from": settings.LOB_FROM,
            "color": "false",
            "double_sided": "false",
            "address_placement": "top_first_page",
            "use_type": "operational",
            "metadata[letter]": order.key,
        }
        files = {"file": ("letter.pdf", order.pdf, "application/pdf")}
        outcome = _door().ask("POST", "/v1/letters", key=order.key, form=form, files=files)
        match outcome:
            case Answered():
                return _letter_news(document(outcome))
            case Refused():
                return _refused(outcome)
            case NotSent(reason=reason):
                return LetterNews("absent", reason=reason)
            case Unknown(reason=reason):
                return LetterNews("unclear", reason=reason)

    def ask(self, order: LetterOrder) -> LetterNews:
        if order.handle:
            found = _door().ask("GET", f"/v1/letters/{order.handle}")
            if isinstance(found, Answered):
                return _letter_news(document(found))
            return LetterNews("unclear", reason=_words(found))
        listed = _door().ask("GET", "/v1/letters", query={"metadata[letter]": order.key})
        letters = document(listed).get("data") if isinstance(listed, Answered) else None
        if not isinstance(letters, list):
            return LetterNews("unclear", reason=_words(listed))
        return _letter_news(letters[0]) if letters else LetterNews("absent", reason="Lob has no such letter")

    def hook(self, headers: Mapping[str, str], body: bytes) -> str:
        secret, at = settings.LOB_HOOK_SECRET, headers.get("lob-signature-timestamp", "")
        signed = hmac.digest(secret.encode(), at.encode() + b"." + body, "sha256").hex()
        if not secret or not hmac.compare_digest(signed, headers.get("lob-signature", "")):
            raise LetterHookForged
        try:
            event = json.loads(body)
        except ValueError:
            return ""
        # A repeated or late one does no harm: it only makes us ask.
        return str(event.get("reference_id") or "") if isinstance(event, dict) else ""


def _door() -> Door:
    return Door(settings.LOB_URL, basic=(settings.LOB_KEY, ""))


def _address(place: Place, state: str) -> dict[str, str]:
    first, *more = [line.strip() for line in place.address.splitlines() if line.strip()] or [""]
    if not more and len(first) > _LINE and ", " in first[:_LINE]:
        cut = first.rindex(", ", 0, _LINE)
        first, more = first[:cut], [first[cut + 2 :]]
    lines = {
        "to[name]": place.full_name[:_NAME],
        "to[address_line1]": first,
        "to[address_line2]": ", ".join(more),
        "to[address_city]": place.city,
        "to[address_state]": state,
        "to[address_zip]": place.postal_code,
        "to[address_country]": place.country,
    }
    return {name: value for name, value in lines.items() if value}


def _letter_news(letter: dict[str, Any]) -> LetterNews:
    """How far Lob says that it is: by its newest tracking event, else by its state."""
    handle = str(letter.get("id", ""))
    if not handle:
        return LetterNews("unclear", reason="an answer without id")
    names = {str(event.get("name")) for event in letter.get("tracking_events") or []}
    if letter.get("deleted") or letter.get("status") in _FAILED:
        return LetterNews("failed", handle=handle, reason="Lob did not make this letter")
    if "Returned to Sender" in names:
        return LetterNews("returned", handle=handle, reason="Returned to sender")
    if "Delivered" in names:
        return LetterNews("delivered", handle=handle)
    if names & _POSTED or letter.get("status") == "mailed":
        return LetterNews("posted", handle=handle)
    return LetterNews("accepted", handle=handle)


def _refused(outcome: Refused) -> LetterNews:
    error = document(outcome).get("error")
    told = error if isinstance(error, dict) else {}
    code, message = told.get("code"), str(told.get("message", ""))
    words = f"Lob: {message or outcome.status}"
    of_address = code in _ADDRESS_FAULTS or (outcome.status == 422 and message.startswith("to."))
    return LetterNews("refused" if of_address else "absent", reason=words)


def _words(outcome: Outcome) -> str:
    return f"Lob: {getattr(outcome, 'reason', '') or getattr(outcome, 'status', '')}"
