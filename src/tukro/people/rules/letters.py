"""Decisions of the letter that proves an address (S1-28 to S1-30).

Its PIN, its states, and when one may be asked for.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

PIN_DIGITS = 8  # 26 bits; ASVS 6.5.4 asks for 20
TRIES = 5
GOOD_FOR = timedelta(days=60)  # after the letter was posted
ANNOUNCED = timedelta(days=21)  # how long the post may take; earlier nobody is sent a second one
POSTED_BY_THEN = timedelta(days=5)  # a service has posted what it took, even if it says nothing of it
MOST_LETTERS = 3  # within LETTERS_COUNTED, so that guessing has 15 tries in 10^8 a year
LETTERS_COUNTED = timedelta(days=365)

LetterVerb = Literal[
    "print", "post", "return", "enter", "replace", "cancel",
    "hand", "take_back", "accepted", "absent", "unclear", "fail",
]  # fmt: skip

# What staff, the post, a letter service and the person do to a letter.
LETTER_MOVES: dict[tuple[str, LetterVerb], str] = {
    ("asked", "hand"): "sending",
    ("sending", "take_back"): "asked",
    ("sending", "accepted"): "handed",
    ("sending", "return"): "returned",  # the service cannot send to this address
    ("sending", "unclear"): "unknown",
    ("sending", "fail"): "asked",
    ("unknown", "accepted"): "handed",
    ("unknown", "return"): "returned",
    ("unknown", "absent"): "sending",
    ("unknown", "fail"): "asked",
    ("unknown", "enter"): "entered",  # a letter may be quicker than the news of it
    ("handed", "post"): "posted",
    ("handed", "fail"): "asked",  # the service could not make it: the house prints it
    ("handed", "enter"): "entered",
    ("asked", "print"): "printed",
    ("asked", "cancel"): "cancelled",
    ("printed", "post"): "posted",
    ("printed", "cancel"): "cancelled",
    ("printed", "enter"): "entered",  # staff posted it and have not said so yet
    ("posted", "return"): "returned",
    ("posted", "enter"): "entered",
    ("posted", "replace"): "replaced",
}


@dataclass(frozen=True, slots=True)
class LetterNews:
    """What a letter service said: ``accepted`` (it makes the letter), ``refused`` (the address will not do),
    ``absent`` (nothing was done, ask again), ``unclear`` (it may have taken it), ``failed`` (it could not
    make it), ``posted``, ``delivered``, ``returned``."""

    said: Literal["accepted", "refused", "absent", "unclear", "failed", "posted", "delivered", "returned"]
    handle: str = ""
    reason: str = ""


def is_latin(text: str) -> bool:
    """Whether every letter is of the Latin script, as letter services print addresses."""
    return all("LATIN" in unicodedata.name(one, "") for one in text if one.isalpha())


def next_question(state: str, *, since: datetime | None, attempts: int, now: datetime) -> datetime | None:
    """When a letter at a service is sent or asked about next; None: no more.

    ``since``: when it was posted; ``attempts``: how often the service was spoken to about it.
    """
    if state in ("sending", "unknown"):
        return now + min(timedelta(minutes=2**attempts), timedelta(hours=1))
    if state == "handed":
        return now + timedelta(hours=6)
    if state == "posted" and since is not None and since + GOOD_FOR > now:
        return now + timedelta(days=1)
    return None


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
