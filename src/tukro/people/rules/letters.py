"""Decisions of the letter that proves an address (S1-28 to S1-30).

Its PIN, its states, and when one may be asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

PIN_DIGITS = 8  # 26 bits; ASVS 6.5.4 asks for 20
TRIES = 5
GOOD_FOR = timedelta(days=60)  # after the letter was posted
ANNOUNCED = timedelta(days=21)  # how long the post may take; earlier nobody is sent a second one
MOST_LETTERS = 3  # within LETTERS_COUNTED, so that guessing has 15 tries in 10^8 a year
LETTERS_COUNTED = timedelta(days=365)

LetterVerb = Literal["print", "post", "return", "enter", "replace", "cancel"]

# What staff, the post and the person do to a letter.
LETTER_MOVES: dict[tuple[str, LetterVerb], str] = {
    ("asked", "print"): "printed",
    ("asked", "cancel"): "cancelled",
    ("printed", "post"): "posted",
    ("printed", "cancel"): "cancelled",
    ("printed", "enter"): "entered",  # staff posted it and have not said so yet
    ("posted", "return"): "returned",
    ("posted", "enter"): "entered",
    ("posted", "replace"): "replaced",
}


def new_pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


def next_letter_at(asked_at: Sequence[datetime], *, came_back: bool) -> datetime | None:
    """From when on one more letter may be asked for; None: at any time.

    ``asked_at``: the person's letters, the newest first. A letter that ``came_back`` is not waited for.
    """
    waits = []
    if asked_at and not came_back:
        waits.append(asked_at[0] + ANNOUNCED)
    if len(asked_at) >= MOST_LETTERS:
        waits.append(asked_at[MOST_LETTERS - 1] + LETTERS_COUNTED)
    return max(waits, default=None)
