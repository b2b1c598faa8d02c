"""How amounts, numbers and moments look to a reader: one formatter for pages, mails and messages.

Babel knows grouping, months and times of day; it does not turn digits into Bengali ones, spells some words
the old way and has no Bengali units. Those are here, once. Identifiers, phone numbers and the value of an
input stay ASCII: they do not pass through this module.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from tukro.kernel.money import Money

_BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
# The Bangla Academy's spelling, where CLDR keeps the older one.
_BANGLA_ACADEMY = {"জানুয়ারী": "জানুয়ারি", "ফেব্রুয়ারী": "ফেব্রুয়ারি", "রাত্রি": "রাত"}
_SIGNS = {"en": {"USD": "$", "BDT": "৳", "INR": "₹", "EUR": "€"}}
_SIGNS["bn"] = {**_SIGNS["en"], "USD": "US$\N{NO-BREAK SPACE}"}
_DHAKA = ZoneInfo("Asia/Dhaka")
_MINUS = "\N{MINUS SIGN}"
_RELATIVE_UNTIL = timedelta(days=7)
# Seconds in the unit, one of it, many of it; Bengali nouns do not change after a number.
_UNITS = {
    "en": ((86_400, "day", "days"), (3_600, "hour", "hours"), (60, "min", "min"), (1, "sec", "sec")),
    "bn": ((86_400, "দিন", "দিন"), (3_600, "ঘণ্টা", "ঘণ্টা"), (60, "মিনিট", "মিনিট"), (1, "সেকেন্ড", "সেকেন্ড")),
}
_RELATIVE = {
    "en": {"past": "{} ago", "future": "in {}", "now": "just now"},
    "bn": {"past": "{} আগে", "future": "{} পরে", "now": "এইমাত্র"},
}
_SIZES = {
    "en": ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"), (1, "bytes")),
    "bn": ((1_000_000_000, "জিবি"), (1_000_000, "এমবি"), (1_000, "কেবি"), (1, "বাইট")),
}


class Reader(NamedTuple):
    """For whom something is written. A tuple: what was written is remembered by it."""

    language: Literal["bn", "en"] = "en"
    digits: Literal["native", "latin"] = "native"
    time_zone: ZoneInfo = _DHAKA

    @property
    def locale(self) -> str:
        return "bn_BD" if self.language == "bn" else "en_GB"


def digits(text: str, reader: Reader) -> str:
    """``text`` in the reader's digits."""
    native = reader.language == "bn" and reader.digits == "native"
    return text.translate(_BENGALI_DIGITS) if native else text


@lru_cache(4096)  # Babel is slow, and rewards and counts repeat
def number(value: int | Decimal, reader: Reader, *, decimals: int = 0) -> str:
    """``1,234,567`` or ``১২,৩৪,৫৬৭``; exactly ``decimals`` decimals."""
    grouping = "#,##,##0" if reader.language == "bn" else "#,##0"
    pattern = grouping + ("." + "0" * decimals if decimals else "")
    return digits(format_decimal(value, format=pattern, locale=reader.locale), reader).replace("-", _MINUS)


def money(amount: Money, reader: Reader) -> str:
    """``$1.25`` or ``US$ ১.২৫``: two decimals, and all of them where an amount has parts of a cent."""
    _, _, decimals = str(amount).partition(".")
    figure = number(abs(amount.amount), reader, decimals=len(decimals))
    return f"{_MINUS if amount.units < 0 else ''}{_SIGNS[reader.language][amount.currency]}{figure}"


def percent(share: float | Decimal, reader: Reader, *, decimals: int = 0) -> str:
    """A share of one as ``97%``. Rounded down: 99.96 % approved is not ``100%``."""
    scaled = Decimal(str(share)) * 100
    floored = scaled.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_FLOOR")
    return number(floored, reader, decimals=decimals) + "%"


def day(when: date | datetime, reader: Reader) -> str:
    """``5 March 2026`` or ``৫ মার্চ ২০২৬``, in the reader's time zone."""
    local = when.astimezone(reader.time_zone).date() if isinstance(when, datetime) else when
    return _written(format_date(local, "d MMMM y", locale=reader.locale), reader)


@lru_cache(4096)  # every reader of a list sees the same moments
def moment(when: datetime, reader: Reader) -> str:
    """Date and time in the reader's time zone: ``5 March 2026, 15:07`` or ``৫ মার্চ ২০২৬, বিকাল ৩:০৭``."""
    pattern = "d MMMM y, B h:mm" if reader.language == "bn" else "d MMMM y, HH:mm"
    local = when.astimezone(reader.time_zone)
    return _written(format_datetime(local, pattern, locale=reader.locale), reader)


def time_of_day(when: datetime, reader: Reader) -> str:
    """``15:07`` or ``বিকাল ৩:০৭`` in the reader's time zone."""
    pattern = "B h:mm" if reader.language == "bn" else "HH:mm"
    return _written(format_datetime(when.astimezone(reader.time_zone), pattern, locale=reader.locale), reader)


def ago(when: datetime, reader: Reader, *, now: datetime) -> str:
    """``5 min ago``, ``in 2 hours``; beyond a week the day itself.

    What lies ahead is rounded: what ends in five days is not four days away a second later.
    """
    distance = when - now
    if abs(distance) >= _RELATIVE_UNTIL:
        return day(when, reader)
    words = _RELATIVE[reader.language]
    seconds = int(abs(distance).total_seconds())
    if seconds < 1:
        return words["now"]
    if when < now:
        return words["past"].format(_counted(seconds, reader, parts=1))
    return words["future"].format(_counted(_nearest(seconds), reader, parts=1))


def duration(length: int | timedelta, reader: Reader) -> str:
    """A length of time in its two largest units: ``1 hour 30 min``, ``১ ঘণ্টা ৩০ মিনিট``."""
    seconds = int(length.total_seconds()) if isinstance(length, timedelta) else length
    return _counted(seconds, reader, parts=2)


def filesize(count: int, reader: Reader) -> str:
    """``1.2 MB``, in thousands as phones count."""
    size, unit = next(((s, u) for s, u in _SIZES[reader.language] if count >= s), _SIZES[reader.language][-1])
    whole, tenth = divmod(count * 10 // size, 10)
    figure = number(whole, reader) if tenth == 0 else number(Decimal(f"{whole}.{tenth}"), reader, decimals=1)
    return f"{figure}\N{NO-BREAK SPACE}{unit}"


def iso(when: datetime) -> str:
    """For machines: the ``datetime`` attribute and JSON, in UTC to the second. Lists are full of them."""
    return when.astimezone(UTC).isoformat()[:19] + "Z"


def _written(text: str, reader: Reader) -> str:
    if reader.language == "bn":
        for old, new in _BANGLA_ACADEMY.items():
            text = text.replace(old, new)
    return digits(text, reader)


def _nearest(seconds: int) -> int:
    """Whole days, hours or minutes, whichever is the largest unit in it."""
    size = next(size for size, _one, _many in _UNITS["en"] if seconds >= size)
    return (seconds + size // 2) // size * size


def _counted(seconds: int, reader: Reader, *, parts: int) -> str:
    words: list[str] = []
    for size, one, many in _UNITS[reader.language]:
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{digits(str(count), reader)} {one if count == 1 else many}")
        elif words:
            break  # 1 day 5 seconds is 1 day
        if len(words) == parts:
            break
    return " ".join(words) or f"{digits('0', reader)} {_UNITS[reader.language][-1][2]}"
