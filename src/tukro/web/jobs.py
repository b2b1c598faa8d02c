"""What time does to the pages' own keepings."""

from __future__ import annotations

from datetime import datetime

from tukro.people.providers import texting
from tukro.web import resumable
from tukro.web.text_words import code_words


def send_texts(now: datetime) -> int:
    """Codes go to their phones, each in its reader's language. Returns how many were looked at."""
    return texting.send_texts(now, code_words)


def forget_partial_files(now: datetime) -> int:
    """Uploads that stood still for a day go, rows and bytes."""
    return resumable.forget_old_files(now)
