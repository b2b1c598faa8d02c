"""Decisions of proving a phone by a code in a text message: numbers, limits, states.

The only file that knows phonenumbers.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

CODE_DIGITS = 6
TRIES = 5
GOOD_FOR = timedelta(minutes=15)  # after it was asked for
COUNTED = timedelta(days=1)  # so guessing has 25 tries in 10^6 a day
MOST_OF_WORKER = 5
MOST_OF_NUMBER = 5
MOST_OF_ADDRESS = 200  # whole districts share one address behind a phone company
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
CLAIM_LASTS = timedelta(minutes=2)  # longer than any call; then whoever claimed it is dead
_MAY_READ_TEXTS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)

CodeVerb = Literal["claim", "accepted", "refused", "absent", "unclear", "enter", "taken", "replace", "lapse"]

# What the sender, its provider and the person do to a code. ``absent``: nothing was sent, surely.
CODE_MOVES: dict[tuple[str, CodeVerb], str] = {
    ("asked", "claim"): "sending",
    ("asked", "replace"): "replaced",
    ("asked", "lapse"): "failed",
    ("sending", "accepted"): "sent",
    ("sending", "refused"): "failed",
    ("sending", "absent"): "asked",
    ("sending", "unclear"): "unknown",
    ("unknown", "accepted"): "sent",
    ("unknown", "refused"): "failed",
    ("unknown", "absent"): "failed",  # never sent again by itself: its person sees it and asks anew
    # A message may be quicker than the answer about it.
    **{(state, "enter"): "entered" for state in ("sending", "sent", "unknown")},
    **{(state, "taken"): "taken" for state in ("sending", "sent", "unknown")},
    **{(state, "replace"): "replaced" for state in ("sending", "sent", "unknown")},
}


@dataclass(frozen=True, slots=True)
class TextNews:
    """What a provider of text messages said: ``accepted`` (it sends), ``refused`` (it never will), ``absent``
    (nothing was done, ask again), ``unclear`` (it may have been sent)."""

    said: Literal["accepted", "refused", "absent", "unclear"]
    handle: str = ""
    reason: str = ""


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def read_number(text: str, country: str) -> str | None:
    """A mobile number as E.164 (``+8801712345678``); None when it is none that text messages reach.

    Digits of any script; ``country`` (two letters) is meant where no country code is given.
    """
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MAY_READ_TEXTS:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def country_of(number: str) -> str:
    """Two letters; '' for numbers of no country."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def spelled(number: str) -> str:
    """As people write it: ``+880 1712-345678``."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def national(number: str) -> str:
    """Without the country's code, as dialled at home: ``01712345678``."""
    at_home = phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)
    return "".join(one for one in at_home if one.isdigit())


def masked_number(number: str) -> str:
    """Enough to know one's own number again: ``+880 ••••••• 678``."""
    parsed = phonenumbers.parse(number)
    hidden = len(phonenumbers.national_significant_number(parsed)) - 3
    return f"+{parsed.country_code} {'•' * hidden} {number[-3:]}"


def network_of(address: str) -> str:
    """Whose line an IP address is: itself, or the /64 of IPv6, of which every line has a whole one."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def next_code_at(
    of_worker: Sequence[datetime], of_number: Sequence[datetime], of_address: Sequence[datetime]
) -> datetime | None:
    """From when on one more code may be asked for; None: at any time.

    Each is when codes were asked within COUNTED, the newest first: by the person, to the number, from the
    line.
    """
    waits = []
    if of_worker:
        waits.append(of_worker[0] + WAITS[min(len(of_worker), len(WAITS)) - 1])
    for asked, most in (
        (of_worker, MOST_OF_WORKER),
        (of_number, MOST_OF_NUMBER),
        (of_address, MOST_OF_ADDRESS),
    ):
        if len(asked) >= most:
            waits.append(asked[most - 1] + COUNTED)
    return max(waits, default=None)
