"""The house's formatter (``kernel.formats``) bound to the person who reads the current page.

The reader is made the first time that something is formatted, so that a request that answers without
words (the hot JSON endpoints) asks nothing about its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone, translation

from tukro.kernel import formats
from tukro.kernel.formats import Reader
from tukro.kernel.money import Money

_find_user: ContextVar[Callable[[], object] | None] = ContextVar("reading_user", default=None)
_readers: ContextVar[dict[str, Reader] | None] = ContextVar("readers", default=None)  # by language


@contextmanager
def read_by(find_user: Callable[[], object]) -> Iterator[None]:
    """Inside, everything is formatted for the user whom ``find_user`` gives (called when first needed)."""
    user, readers = _find_user.set(find_user), _readers.set({})
    try:
        yield
    finally:
        _find_user.reset(user)
        _readers.reset(readers)


def current_reader() -> Reader:
    """Language of the page; digits and time zone of the signed-in user, or the defaults."""
    language = translation.get_language() or ""
    made = _readers.get()
    if made is None:
        return _reader(language)
    if language not in made:
        made[language] = _reader(language)
    return made[language]


def _reader(language: str) -> Reader:
    find_user = _find_user.get()
    user = find_user() if find_user else None
    return Reader(
        language="bn" if language.startswith("bn") else "en",
        digits="latin" if getattr(user, "digits", "native") == "latin" else "native",
        time_zone=known_zone(getattr(user, "time_zone", "")),
    )


def money(amount: Money) -> str:
    return formats.money(amount, current_reader())


def number(value: int | Decimal, *, decimals: int = 0) -> str:
    return formats.number(value, current_reader(), decimals=decimals)


def percent(share: float | Decimal, *, decimals: int = 0) -> str:
    return formats.percent(share, current_reader(), decimals=decimals)


def day(when: date | datetime) -> str:
    return formats.day(when, current_reader())


def moment(when: datetime, reader: Reader | None = None) -> str:
    return formats.moment(when, reader or current_reader())


def time_of_day(when: datetime) -> str:
    return formats.time_of_day(when, current_reader())


def ago(when: datetime, reader: Reader | None = None) -> str:
    return formats.ago(when, reader or current_reader(), now=timezone.now())


def duration(length: int | timedelta) -> str:
    return formats.duration(length, current_reader())


def filesize(count: int) -> str:
    return formats.filesize(count, current_reader())


def digits(text: str) -> str:
    return formats.digits(text, current_reader())


def fact(value: object) -> str:
    """Any fact of a refusal as words for the reader."""
    match value:
        case Money():
            return money(value)
        case bool():
            return str(value)
        case int() | Decimal():
            return number(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case timedelta():
            return duration(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(fact(item) for item in value)
        case _:
            return str(value)


@lru_cache(maxsize=700)
def known_zone(name: str) -> ZoneInfo:
    """The zone of this name; Dhaka's when the name is empty or no zone (any more)."""
    try:
        return ZoneInfo(name or "Asia/Dhaka")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Asia/Dhaka")
