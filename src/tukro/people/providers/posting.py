"""Give letters to the letter service and follow them: claim, speak to the service, write down.

No step holds a lock or a transaction while the service is spoken to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from tukro.people.actions.letter_service import claim_letter, record_letter_news
from tukro.people.models import AddressLetter
from tukro.people.providers.letters import LetterOrder, LetterProvider
from tukro.people.providers.registry import letter_provider
from tukro.people.rules.letters import LetterNews

log = logging.getLogger(__name__)
_AT_MOST = 60.0  # seconds that one run takes up new ones

Render = Callable[[AddressLetter], bytes]  # the PDF of one letter, without its address


def send_letters(now: datetime, render: Render) -> int:
    """Send what waits, ask about what is due. Returns how many letters it spoke about."""
    provider = letter_provider()
    if provider is None:
        return 0
    start, done = monotonic(), 0
    while monotonic() - start < _AT_MOST:
        letter = claim_letter(provider=provider.name, now=now + timedelta(seconds=monotonic() - start))
        if letter is None:
            break
        news = _spoken(provider, letter, render)
        at = now + timedelta(seconds=monotonic() - start)
        record_letter_news(letter_id=letter.public_id, attempt=letter.attempts, news=news, now=at)
        done += 1
    return done


def _spoken(provider: LetterProvider, letter: AddressLetter, render: Render) -> LetterNews:
    """What the service said. Whatever goes wrong here, the letter may have been taken."""
    try:
        if letter.state != "sending":
            return provider.ask(LetterOrder(key=letter.public_id, handle=letter.handle))
        content = letter.content()
        if content is None:
            return LetterNews("failed", reason="the address cannot be read: the site has another secret")
        place, _pin = content
        state = letter.worker.subdivision if place.country == "US" else ""
        order = LetterOrder(letter.public_id, place=place, state=state, pdf=render(letter))
        return provider.send(order)
    except Exception as fault:
        log.exception("letter %s", letter.public_id)
        return LetterNews("unclear", reason=type(fault).__name__)
