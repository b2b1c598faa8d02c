"""Decisions of joining: what state a worker stands in, how a typed text is spelled, what keys look like."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Literal

from tukro.kernel.typed import ascii_digits

# What staff, time and the person may do to a worker account. Who was ``refused`` may ask again.
WORKER_MOVES: dict[tuple[str, str], str] = {
    ("none", "request_before_first_task"): "pending",
    ("none", "request_after"): "active",
    ("refused", "request_before_first_task"): "pending",
    ("refused", "request_after"): "pending",  # staff said no once, so staff look first
    ("pending", "approve"): "active",
    ("refused", "approve"): "active",
    ("pending", "refuse"): "refused",
    ("active", "approve"): "active",  # the look that comes after the first task
    ("active", "refuse"): "refused",
    ("active", "suspend"): "suspended",
    ("suspended", "approve"): "active",
}

# What people may say of themselves. Languages that are spoken where our workers live come first.
LANGUAGES = (
    "bn", "en", "hi", "ur", "ar", "ta", "te", "mr", "gu", "pa", "as", "or", "ne", "si", "my", "ms", "id",
    "fr", "es", "pt", "de", "it", "ru", "tr", "fa", "zh", "ja", "ko", "th", "vi",
)  # fmt: skip
SKILLS = (
    "typing", "translating", "transcribing", "writing", "research", "data_entry", "labelling", "speaking",
    "photos", "design", "programming",
)  # fmt: skip
DEVICES = ("phone", "computer", "tablet", "camera", "microphone", "headphones", "scanner")

# ISO 3166-2:US: states, the district, outlying areas. Names are their own, in every language of the house.
US_SUBDIVISIONS = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "AS": "American Samoa", "GU": "Guam",
    "MP": "Northern Mariana Islands", "PR": "Puerto Rico", "UM": "Minor Outlying Islands",
    "VI": "U.S. Virgin Islands",
}  # fmt: skip

TOKEN_PREFIX = "tukro_"  # of worker tokens, so that one that leaked is known for what it is
KEY_ID_LENGTH = 20
SECRET_LENGTH = 40
_KEY_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

Digits = Literal["native", "latin"]


def next_worker_state(state: str, move: str) -> str | None:
    """The state after ``move``, or None where the table has no such cell."""
    return WORKER_MOVES.get((state, move))


def tidy_text(text: str) -> str:
    """One spelling of what a person typed: NFC, single spaces, no control characters."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in composed)
    return " ".join(visible.split())


def typed_code(text: str, *, digits: int) -> str:
    """A code of so many digits, however it was typed: Bengali digits, spaces, hyphens. "" when it is none."""
    code = "".join(ascii_digits(text).split()).replace("-", "")
    return code if len(code) == digits and code.isascii() and code.isdigit() else ""


def new_key_id() -> str:
    """Looks like an AWS access key id, because clients check the shape."""
    return "AKIA" + "".join(secrets.choice(_KEY_ID_LETTERS) for _ in range(KEY_ID_LENGTH - 4))


def new_secret() -> str:
    """40 characters, 240 random bits."""
    return "".join(secrets.choice(_SECRET_LETTERS) for _ in range(SECRET_LENGTH))
