"""Messages between a requester and a worker: their limits, and what in them would lead past the relay.

Addresses, phone numbers and links are found in Bengali and English texts. It is a fence, not a wall: who
wants to give their number away will find words for it; who does it without a thought is kept from harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["worker", "requester"]
Kind = Literal["contact", "link"]  # contact: mail address or phone number
Treatment = Literal["mask", "warn", "allow"]
TREATMENTS: tuple[Treatment, ...] = ("mask", "warn", "allow")

LONGEST_MESSAGE = 4000
MASK = "•••"
PHONE_DIGITS = 9  # fewer digits in a row are amounts, dates or row numbers

_DIGIT = "[0-9০-৯]"
# Digits with what people put between them; part of no word, id or decimal number.
_PHONE = re.compile(
    rf"(?<![\w.$/-])\+?(?:{_DIGIT}[\s().–-]{{0,2}}){{{PHONE_DIGITS - 1},18}}{_DIGIT}(?![\w/-])"
)
_MAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+", re.IGNORECASE
)
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"']+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|info|me|io|app|link|ly|co|bd|in|ru|xyz|site|online|shop)(?:/[^\s<>\"']*)?\b",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)»”।"


@dataclass(frozen=True, slots=True)
class Treated:
    """A text as it is kept: ``masked`` says that something was taken out, ``warned`` that something stays
    which the reader should be careful with."""

    text: str
    masked: bool
    warned: bool


def treat(text: str, treatments: Mapping[Kind, Treatment], *, own_host: str = "") -> Treated:
    """Take out or point at what leads past the relay. Links to ``own_host``, this very site, are harmless."""
    kept, last, masked, warned = [], 0, False, False
    for start, end, kind in _ways_out(text, own_host):
        treatment = treatments[kind]
        masked |= treatment == "mask"
        warned |= treatment == "warn"
        if treatment == "mask":
            kept += [text[last:start], MASK]
            last = end
    return Treated("".join([*kept, text[last:]]), masked, warned)


def _ways_out(text: str, own_host: str) -> Iterator[tuple[int, int, Kind]]:
    """Where they stand, in order, none inside another: a mail address is no link."""
    found: list[tuple[int, int, Kind]] = [(*one.span(), "contact") for one in _MAIL.finditer(text)]
    for one in _LINK.finditer(text):
        address = one.group().rstrip(_TRAILING)
        if not _is_own(address, own_host):
            found.append((one.start(), one.start() + len(address), "link"))
    found += [(*one.span(), "contact") for one in _PHONE.finditer(text)]
    end = 0
    for start, stop, kind in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= end:
            yield start, stop, kind
            end = stop


def _is_own(address: str, own_host: str) -> bool:
    host = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).partition("/")[0]
    return bool(own_host) and host.lower() == own_host.lower()
