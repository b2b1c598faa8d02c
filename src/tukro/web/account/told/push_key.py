"""The public half of the key that signs pushes, as pages hand it to browsers."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from tukro.notices.rules.pushes import public_text, sender_key


def public_key() -> str:
    return _public_key(settings.PUSH_KEY)


@lru_cache(2)
def _public_key(secret: str) -> str:
    return public_text(sender_key(secret))
