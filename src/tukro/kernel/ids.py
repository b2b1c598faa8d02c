"""Public ids: unguessable, 30 characters of A-Z and 0-9, as on the MTurk wire (mturk-api 3.1)."""

from __future__ import annotations

import re
import secrets

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Bytes of 252 and more are dropped, so that all 36 characters are equally likely.
_LETTERS = bytes(_ALPHABET[byte % 36] for byte in range(256))
_DROPPED = bytes(range(252, 256))
_PATTERN = re.compile(r"[A-Z0-9]{1,64}")


def new_id() -> str:
    """An id for a task, task type, assignment or anything else that is not a person. 150 random bits."""
    return "3" + _random_text(29)


def new_person_id() -> str:
    """An id for a worker or a requester: ``A`` and 13 more characters."""
    return "A" + _random_text(13)


def looks_like_id(text: str) -> bool:
    """Whether ``text`` could be a public id at all; saves a look into the database for rubbish."""
    return _PATTERN.fullmatch(text) is not None


def _random_text(length: int) -> str:
    text = b""
    while len(text) < length:
        text += secrets.token_bytes(length + 4).translate(_LETTERS, _DROPPED)
    return text[:length].decode()
