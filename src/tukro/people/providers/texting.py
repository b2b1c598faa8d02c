"""Send the codes that wait, and ask about lost answers: claim, speak to the provider, write down.

No step holds a lock or a transaction while the provider is spoken to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from tukro.people.actions.phones import claim_code, claim_unknown, end_stale_codes, record_text
from tukro.people.models import PhoneCode
from tukro.people.providers.registry import text_provider
from tukro.people.providers.texts import Text
from tukro.people.rules.phones import TextNews

log = logging.getLogger(__name__)
_AT_MOST = 30.0  # seconds that one run takes up new ones

Words = Callable[[PhoneCode, str], str]  # what a message says: its row and its code


def send_texts(now: datetime, words: Words) -> int:
    """Send what is due, ask about what is unknown, end what is over. Returns how many it looked at."""
    provider = text_provider()
    start, done = monotonic(), end_stale_codes(now=now)
    for claim, speak in ((claim_code, provider.send), (claim_unknown, provider.ask)):
        while monotonic() - start < _AT_MOST:
            at = now + timedelta(seconds=monotonic() - start)
            code = claim(provider=provider.name, now=at)
            if code is None:
                break
            news = _spoken(code, words, speak)
            at = now + timedelta(seconds=monotonic() - start)
            record_text(code_id=code.public_id, attempt=code.attempts, news=news, now=at)
            done += 1
    return done


def _spoken(code: PhoneCode, words: Words, speak: Callable[[Text], TextNews]) -> TextNews:
    """What the provider said. Whatever goes wrong here, the message may have gone."""
    content = code.content()
    if content is None:
        return TextNews("refused", reason="the number cannot be read: the site has another secret")
    number, secret = content
    try:
        return speak(Text(key=code.public_id[-20:], number=number, body=words(code, secret)))
    except Exception as fault:
        log.exception("text %s", code.public_id)
        return TextNews("unclear", reason=type(fault).__name__)
